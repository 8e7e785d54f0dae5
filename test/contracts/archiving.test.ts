// Archiving over MongoDB: a death at any write loses nothing, and the proof holds over the cut, also of who is forgotten after it.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { hashOf } from '../../api/secrets';
import { runArchive } from '../../bin/commands/archive';
import { runCheck } from '../../bin/commands/check';
import { runExport } from '../../bin/commands/export';
import { confirmArchive } from '../../intake/archive/confirm';
import { removeArchived } from '../../intake/archive/remove';
import { beginForgetting } from '../../intake/forget';
import { archiveModels } from '../../models/mongo/archives';
import { connectMongo } from '../../models/mongo/connection';
import { contactModel } from '../../models/mongo/contactDocument';
import { ledgerModel } from '../../models/mongo/ledger';
import { createStores, ensureIndexes } from '../../models/mongo/stores';
import type { Stores } from '../../ports/stores';
import { ledgerLines } from '../../reports/ledgerLines';
import { type CheckEvent, checkLedger } from '../../reports/proof/check';
import type { CheckSummary } from '../../reports/proof/checkSummary';
import { chainEndOf } from '../../rules/ledger/archive/beginning';
import type { LedgerRow } from '../../rules/ledger/rows';
import { DAY_MS } from '../../rules/time/durations';
import { createFakeApi } from '../fakes/api';
import { ASKED, archive, archiveDeps, hour, writtenArchive } from '../fakes/archiving';
import { createFakeEngine } from '../fakes/engine';
import {
  aProvedLedger,
  KEYS,
  LEDGER_KEY,
  PEOPLE,
  PSEUDONYM_SECRET,
  SEALED_POLICY,
} from '../fakes/provedLedger';
import { NOON } from '../fakes/touchScenario';
import { dieAtWrite } from '../support/deaths';
import { databaseUri } from '../support/servers';

let connection: Connection;
/** Every row of the ledger before anything is archived. */
let rows: readonly LedgerRow[];
let seals: readonly string[];
/** The contacts' documents at that time: each has its latest row in its outbox. */
let documents: readonly object[];

beforeAll(async () => {
  connection = await connectMongo(databaseUri(`archiving-${randomUUID()}`));
  await ensureIndexes(connection);
  ({ rows, seals } = await aProvedLedger(createStores(connection, LEDGER_KEY)));
  documents = await contactModel(connection).collection.find().toArray();
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

/** As a process finds it that has just started. */
const stores = (): Stores => createStores(connection, LEDGER_KEY);

/** The ledger as it was before it was archived. */
async function nothingArchived(): Promise<void> {
  const { archives, beginnings } = archiveModels(connection);
  await archives.deleteMany({});
  await beginnings.deleteMany({});
  const contacts = contactModel(connection).collection;
  await contacts.deleteMany({});
  await contacts.insertMany(documents as never[]);
  const ledger = ledgerModel(connection);
  await ledger.deleteMany({});
  await ledger.collection.insertMany(
    rows.map((row) => ({
      _id:
        row.kind === 'decision'
          ? `${row.touchId}#${row.attempt}`
          : `${row.touchId}!${row.revision}`,
      ...row,
    })) as never[],
  );
}

async function rowsLeft(): Promise<LedgerRow[]> {
  const left: LedgerRow[] = [];
  for await (const row of stores().touches.export()) left.push(row);
  return left;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function proof(files: readonly (readonly string[])[] = [], withSeals = false) {
  const found: CheckEvent[] = [];
  let summary: CheckSummary | undefined;
  const check = {
    rows: ledgerLines(stores()),
    versions: { policy: async () => SEALED_POLICY, holidays: async () => null },
    ledgerKeys: KEYS,
    archives: files.map((lines, i) => ({ name: `file ${i}`, lines: each(lines) })),
    ...(withSeals && { seals: each(seals) }),
  };
  for await (const event of checkLedger(check))
    if ('summary' in event) ({ summary } = event);
    else if (!('progress' in event)) found.push(event);
  return { found, summary };
}

const stays = () => rows.filter(({ at }) => at >= hour(5));

test('a ledger is archived twice, and proved with its files, with one, with none, and by its seals', async () => {
  await nothingArchived();
  const files = [
    await archive(archiveDeps(stores()), hour(2)),
    await archive(archiveDeps(stores()), hour(5)),
  ];
  expect(await rowsLeft()).toEqual(stays());
  expect(files.flat().join('\n')).not.toMatch(/王|1990000001|wm-\d/);

  for (const given of [files, files.slice(1), []])
    for (const withSeals of [false, true])
      expect((await proof(given, withSeals)).found).toEqual([]);

  expect((await proof()).summary?.archived).toMatchObject({ archives: 2, until: hour(5), rows: 0 });
  expect((await proof()).summary?.archived?.unjudged).toBeGreaterThan(0);
  expect((await proof(files)).summary?.archived).toMatchObject({
    ...{ rows: rows.length - stays().length, unjudged: 0 },
  });
});

test('a death at any write is survived: whoever comes next ends it, and nothing is gone that no file has', async () => {
  for (let n = 1; ; n++) {
    await nothingArchived();
    const deps = archiveDeps(stores());
    const { lines, written } = await writtenArchive(deps, hour(5));

    const writes = dieAtWrite(n);
    await confirmArchive(deps, written, ASKED)
      .then(() => removeArchived(deps, hour(5), 1))
      .then(() => removeArchived(deps, hour(5)))
      .catch(() => {});
    const isOver = writes() < n;
    jest.restoreAllMocks();

    const isConfirmed = (await stores().archives.latest()) !== null;
    if (!isConfirmed) expect([n, (await rowsLeft()).length]).toEqual([n, rows.length]);
    expect([n, (await proof()).found]).toEqual([n, []]);
    expect([n, (await proof(isConfirmed ? [lines] : [])).found]).toEqual([n, []]);

    await confirmArchive(archiveDeps(stores()), written, ASKED);
    await removeArchived(archiveDeps(stores()), hour(5));
    expect([n, await rowsLeft()]).toEqual([n, stays()]);
    expect((await proof([lines])).found).toEqual([]);
    if (isOver) {
      expect(n).toBeGreaterThan(4);
      return;
    }
  }
});

test('who is forgotten after rows were archived is in neither, and every proof holds', async () => {
  await nothingArchived();
  const file = await archive(archiveDeps(stores()), hour(5));
  const { contacts } = stores();
  const contact = await contacts.find(PEOPLE.staffed);
  if (!contact) throw new Error('no contact');

  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const deps = {
    ...{ stores: stores(), engine: createFakeEngine(), clock: { now: () => Date.parse(hour(99)) } },
    ...{ log: quiet, subjectOf: KEYS.subjectOf },
  };
  const { subject } = await beginForgetting(deps, contact, { by: 'admin', reason: 'asked' });

  const left = await rowsLeft();
  expect(left.some(({ contactId }) => contactId === PEOPLE.staffed)).toBe(false);
  expect(left.filter(({ contactId }) => contactId === subject).length).toBeGreaterThan(0);
  expect((await proof()).found).toEqual([]);
  expect((await proof([file], true)).found).toEqual([]);

  const own = rows.filter(({ contactId, at }) => contactId === PEOPLE.staffed && at < hour(5));
  expect(await stores().archives.beginningsOf([subject], hour(5))).toMatchObject([chainEndOf(own)]);
});

describe('the command, over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'archiving-'));
  const environment = { ...process.env };
  let server: Server;

  beforeAll(async () => {
    await nothingArchived();
    const now = NOON + 30 * DAY_MS;
    const { app } = await createFakeApi({
      ...{ stores: stores(), ledgerKeys: KEYS, clock: { now: () => now } },
    });
    const key = { keyId: 'k', name: 'auditor', role: 'admin', createdAt: hour(0) } as const;
    await stores().keys.add(key, hashOf('secret'));

    server = app.listen(0);
    Object.assign(process.env, {
      SOPFLOW_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      SOPFLOW_KEY: 'secret',
      SOPFLOW_LEDGER_KEYS: 'k1:the-key-that-signs-this-ledger',
      SOPFLOW_PSEUDONYM_KEY: PSEUDONYM_SECRET,
    });
  });
  afterAll(() => {
    process.env = environment;
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('archives, and the proof is clean with the file, without it, and by an export', async () => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const out = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const asked = ['--before', hour(5), '--to', folder, '--reason', 'old'];
    expect(await runArchive(['ledger', ...asked])).toBe(0);
    expect(await rowsLeft()).toEqual(stays());
    expect(await stores().archives.latest()).toMatchObject({ by: 'auditor', reason: 'old' });

    const file = join(folder, 'ledger-2026-03-02T09Z.jsonl');
    expect(await runCheck([])).toBe(0);
    expect(await runCheck(['--archive', file])).toBe(0);

    out.mockClear();
    expect(await runExport(['ledger'])).toBe(0);
    const exported = join(folder, 'exported.jsonl');
    writeFileSync(exported, out.mock.calls.map(([text]) => String(text)).join(''));
    expect(await runCheck(['--file', exported])).toBe(0);
    expect(await runCheck(['--file', exported, '--archive', file])).toBe(0);

    writeFileSync(file, readFileSync(file, 'utf8').replace('"city":"yunfu"', '"city":"maoming"'));
    expect(await runCheck(['--archive', file])).toBe(1);
  });
});
