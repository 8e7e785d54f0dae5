import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerKey } from '../../rules/ledger/chain';
import { forgottenRows } from '../../rules/ledger/forgottenRows';
import type { Basis, DecisionRow, LedgerRow, SettlementRow } from '../../rules/ledger/rows';
import { beginSealing, type SealLine } from '../../rules/ledger/seal/seal';
import { createPseudonyms } from '../../rules/ledger/subject';
import { HOUR_MS } from '../../rules/time/durations';
import {
  aProvedLedger,
  LEDGER_KEY,
  PEOPLE,
  type ProvedLedger,
  PSEUDONYM_SECRET,
  rewritten,
  SEALED_POLICY,
} from '../../test/fakes/provedLedger';
import { runCheck } from './check';

const { busy, staffed, whole, reserved, held } = PEOPLE;
const LAST_YEARS_KEY = ledgerKey('k0', 'a key that nobody ever had');

let ledger: ProvedLedger;
let folder: string;
beforeAll(async () => {
  ledger = await aProvedLedger();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falsified-'));
  process.env.SOPFLOW_DATA = folder;
  process.env.SOPFLOW_LEDGER_KEYS = 'k1:the-key-that-signs-this-ledger';
  process.env.SOPFLOW_PSEUDONYM_KEY = PSEUDONYM_SECRET;
});
afterEach(() => {
  delete process.env.SOPFLOW_DATA;
  delete process.env.SOPFLOW_LEDGER_KEYS;
  delete process.env.SOPFLOW_PSEUDONYM_KEY;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

interface Found {
  readonly status: number;
  readonly kinds: readonly string[];
  readonly violations: readonly {
    readonly kind: string;
    readonly hour?: string;
    readonly row?: string;
  }[];
}

/** What `sopflow check` says of an exported ledger. */
async function check(rows: readonly LedgerRow[], seals?: readonly string[]): Promise<Found> {
  const write = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
    return join(folder, name);
  };
  const version = { kind: 'policies', id: 'default', version: 1, state: 'published' };
  const args = [
    ...[
      '--file',
      write(
        'ledger.jsonl',
        rows.map((row) => JSON.stringify(row)),
      ),
    ],
    ...[
      '--policies',
      write('policies.jsonl', [JSON.stringify({ ...version, body: SEALED_POLICY })]),
    ],
    ...(seals ? ['--seals', write('seals.jsonl', seals)] : []),
  ];

  const out: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const status = await runCheck(args);
  const violations = out.map((line) => JSON.parse(line) as Found['violations'][number]);
  return { status, violations, kinds: violations.map(({ kind }) => kind) };
}

// --- how rows are told, and changed ---

type Is = (row: LedgerRow) => boolean;
const decided =
  (contactId: string, step: string, attempt = 1): Is =>
  (row) =>
    row.kind === 'decision' &&
    row.contactId === contactId &&
    row.step === step &&
    row.attempt === attempt;
const settledOf =
  (contactId: string, step: string): Is =>
  (row) =>
    row.kind === 'settlement' && row.touchId === `followUp/${contactId}/e/${step}`;

const DEFERRED = decided(busy, 'second');
const CAPPED = decided(busy, 'third');
const WELCOME = decided(whole, 'welcome');
const ADDED = { act: 'added', at: '2026-03-02T04:00:00.000Z', ref: 's-1' } as const;
const SENT = settledOf(busy, 'first');
const TASK_SENT = settledOf(staffed, 'task');

type Fields = Partial<DecisionRow> & Partial<SettlementRow>;
type Falsify = (rows: readonly LedgerRow[]) => readonly LedgerRow[];

const drop =
  (is: Is): Falsify =>
  (rows) => {
    expect(rows.some(is)).toBe(true);
    return rows.filter((row) => !is(row));
  };
const change =
  (is: Is, fields: Fields | ((row: LedgerRow) => Fields)): Falsify =>
  (rows) => {
    expect(rows.filter(is)).toHaveLength(1);
    return rows.map((row) =>
      is(row)
        ? ({ ...row, ...(typeof fields === 'function' ? fields(row) : fields) } as LedgerRow)
        : row,
    );
  };
const add =
  (is: Is, fields: Fields): Falsify =>
  (rows) => {
    const model = rows.find(is);
    return model ? [...rows, { ...model, ...fields } as LedgerRow] : rows;
  };
const withBasis = (fields: Partial<Basis>) => (row: LedgerRow) =>
  row.kind === 'decision' && row.basis ? { basis: { ...row.basis, ...fields } } : {};
const bare: Fields = { chain: undefined, chainKey: undefined, sequence: undefined } as object;

/** By somebody who has the key, too: what the rules find alone. */
const signed =
  (falsify: Falsify): Falsify =>
  (rows) =>
    rewritten(falsify(rows), LEDGER_KEY);
const unsigned =
  (falsify: Falsify): Falsify =>
  (rows) =>
    rewritten(falsify(rows));
const later = (row: LedgerRow, ms: number) => new Date(Date.parse(row.at) + ms).toISOString();

type Case = readonly [name: string, kind: string, falsify: Falsify];

/** Found in the exported file alone, with the key. */
const BY_THE_CHAIN: readonly Case[] = [
  ['a deferred row is deleted', 'hole-in-sequence', drop(DEFERRED)],
  [
    'a deferred row is changed',
    'broken-chain',
    change(DEFERRED, (row) => ({ until: later(row, HOUR_MS) })),
  ],
  ['a deferred row is invented', 'unchained', add(DEFERRED, { attempt: 9, ...bare })],
  [
    'a suppressed row in the middle is deleted',
    'hole-in-sequence',
    drop(decided(reserved, 'first')),
  ],
  [
    'a suppressed row is changed',
    'broken-chain',
    change(CAPPED, { reason: 'gap', rule: 'gap-4h' }),
  ],
  ['a suppressed row is invented', 'unchained', add(CAPPED, { attempt: 9, ...bare })],
  ['the chain is made again without a send, and without the key', 'unkeyed', unsigned(drop(SENT))],
  ['the city is changed', 'broken-chain', change(decided(busy, 'first'), { city: 'maoming' })],
  ['the channel is changed', 'other-channel', change(SENT, { channel: 'wecom' })],
  ['the reference is changed', 'broken-chain', change(SENT, { channelRef: 'sms-999' })],
  [
    'a delivery comes before its pass',
    'delivered-before-pass',
    signed(change(TASK_SENT, (row) => ({ deliveredAt: later(row, -HOUR_MS) }))),
  ],
  [
    'a pass says not by when it must be settled',
    'no-settle-by',
    signed(change(decided(busy, 'first'), { settleBy: undefined } as object)),
  ],
  [
    'somebody of the holdout is touched',
    'in-holdout',
    signed(
      change(decided(held, 'service'), (row) => ({
        class: 'marketing',
        ...withBasis({ personalisation: 'allowed' })(row),
      })),
    ),
  ],
  [
    'a personal touch goes to who refused it',
    'against-personalisation',
    signed(change(decided(busy, 'first'), withBasis({ personalisation: 'refused' }))),
  ],
  ['a pass is deleted', 'hole-in-revisions', drop(decided(busy, 'first'))],
  ['a settlement is deleted', 'hole-in-revisions', drop(SENT)],
  ['a refusal becomes a pass', 'hole-in-revisions', change(CAPPED, { verdict: 'pass' })],
  ['a sending becomes a release', 'broken-chain', change(SENT, { settled: 'released' })],
  [
    'a sending is moved in time',
    'broken-chain',
    change(SENT, (row) => ({ deliveredAt: later(row, 1) })),
  ],
  [
    'a pass is moved behind what followed it',
    'times-out-of-order',
    signed(change(decided(busy, 'first'), (row) => ({ at: later(row, 2 * HOUR_MS) }))),
  ],
  ['a row is there twice', 'row-twice', (rows) => [...rows, ...rows.filter(DEFERRED)]],
  [
    'a touch is delivered twice',
    'delivered-twice',
    signed((rows) => [
      ...rows,
      ...rows.filter(SENT).map((row) => ({ ...row, sequence: 99, revision: 99 })),
    ]),
  ],
  [
    'a delivery without a pass is invented',
    'delivered-without-reservation',
    add(SENT, { touchId: 'ghost', revision: 99 }),
  ],
  [
    'the policy is one that was never published',
    'unknown-policy',
    signed(change(decided(busy, 'first'), { policy: 'default@7' })),
  ],
];

/** The last rows, and all of a contact: only the seals know that they were there. */
const BY_THE_SEALS: readonly Case[] = [
  ['the tail of a contact is cut', 'row-missing', drop(CAPPED)],
  ['a whole contact is dropped', 'contact-missing', drop(({ contactId }) => contactId === whole)],
];

/** Ten that nobody asked for. The last is mended by who signs it again. */
const MORE: readonly Case[] = [
  [
    'the chain is made again by another key of the same name',
    'broken-chain',
    (rows) => rewritten(drop(SENT)(rows), ledgerKey('k1', 'a guess at the secret')),
  ],
  [
    'the chain is made again by a key that nobody has',
    'unknown-key',
    (rows) => rewritten(drop(SENT)(rows), LAST_YEARS_KEY),
  ],
  [
    'two rows change places',
    'broken-chain',
    (rows) =>
      rows.map((row) =>
        DEFERRED(row) ? { ...row, sequence: 2 } : SENT(row) ? { ...row, sequence: 3 } : row,
      ),
  ],
  ['a row is given to another contact', 'broken-chain', change(SENT, { contactId: staffed })],
  [
    'one message stands for two touches',
    'reference-twice',
    signed(change(settledOf(busy, 'second'), { channelRef: 'sms-1' })),
  ],
  [
    'a sending has no reference',
    'no-reference',
    signed(change(SENT, { channelRef: undefined } as object)),
  ],
  [
    'somebody is left out by a holdout that has them not',
    'refused-without-reason',
    signed(change(CAPPED, { reason: 'holdout', rule: 'holdout' })),
  ],
  [
    'a refusal for personalisation that nobody refused',
    'refused-without-reason',
    signed(change(CAPPED, { reason: 'personalisation', rule: 'name' })),
  ],
  [
    'a marketing row does not say what was allowed',
    'unproved-personalisation',
    signed(change(decided(busy, 'first'), withBasis({ personalisation: undefined } as object))),
  ],
  [
    'a touch passes for a reply and names no act',
    'reply-without-act',
    signed(change(decided(busy, 'first'), { class: 'reply' })),
  ],
  [
    'an act of long before is answered',
    'reply-without-act',
    signed(change(WELCOME, { answers: { ...ADDED, at: '2026-03-02T03:00:00.000Z' } })),
  ],
  [
    'one act is answered twice',
    'answered-twice',
    signed(change(decided(whole, 'first'), { class: 'reply', answers: ADDED })),
  ],
  ['a row has lost its signature', 'unkeyed', change(CAPPED, { chainKey: undefined } as object)],
];

describe('an exported ledger as the touch path writes it', () => {
  it('is whole, with its seals and without', async () => {
    const rows = ledger.rows;
    expect(
      new Set(
        rows.map((row) => (row.kind === 'decision' ? (row.reason ?? row.verdict) : row.settled)),
      ),
    ).toEqual(new Set(['pass', 'sent', 'released', 'gap', 'cap', 'holdout', 'personalisation']));
    expect(await check(rows)).toMatchObject({ status: 0, violations: [] });
    expect(await check(rows, ledger.seals)).toMatchObject({ status: 0, violations: [] });
  });

  it('is one that 39 falsifications are tried on', () => {
    expect([BY_THE_CHAIN.length + BY_THE_SEALS.length, MORE.length]).toEqual([26, 13]);
  });
});

describe('a falsified ledger', () => {
  it.each([...BY_THE_CHAIN, ...MORE])('is found when %s: %s', async (_name, kind, falsify) => {
    const { status, kinds } = await check(falsify(ledger.rows));
    expect(kinds).toContain(kind);
    expect(status).toBe(1);
  });

  it.each(BY_THE_SEALS)('is found by its seals when %s: %s', async (_name, kind, falsify) => {
    const { violations } = await check(falsify(ledger.rows), ledger.seals);
    expect(violations).toEqual([
      expect.objectContaining({
        kind,
        hour: expect.stringMatching(/^2026-03-02T\d\d:00/),
        row: expect.stringContaining('followUp/'),
      }),
    ]);
  });

  it.each([...BY_THE_CHAIN, ...MORE.slice(0, -1)])(
    'is found by its seals even if who has the key made it whole again: %s',
    async (_name, _kind, falsify) => {
      const { kinds } = await check(rewritten(falsify(ledger.rows), LEDGER_KEY), ledger.seals);
      const bySeals = ['row-missing', 'contact-missing', 'row-changed', 'row-not-sealed'];
      expect(kinds.some((kind) => bySeals.includes(kind))).toBe(true);
    },
  );
});

const lineOf = (line: SealLine) => JSON.stringify(line);
const parsed = () => ledger.seals.map((line) => JSON.parse(line) as SealLine);
const hourOfSend = '2026-03-02T04:00:00.000Z';

/** The ledger sealed again from its first hour, as who has the database would. */
function sealedAgain(rows: readonly LedgerRow[], key = LAST_YEARS_KEY): string[] {
  const lines: string[] = [];
  let previous = '';
  for (const seal of parsed()) {
    if (seal.kind !== 'seal') continue;
    const sealing = beginSealing(seal.hour, { previous, key });
    const ofHour = rows.filter(({ at }) => at.slice(0, 13) === seal.hour.slice(0, 13));
    lines.push(...ofHour.map((row) => lineOf(sealing.add(row))));
    const closed = sealing.close(seal.sealedAt);
    lines.push(...closed.heads.map(lineOf), lineOf(closed.seal));
    previous = closed.seal.seal;
  }
  return lines;
}

describe('a ledger with a forgotten contact', () => {
  const forget: Falsify = (rows) => [
    ...rows.filter(({ contactId }) => contactId !== busy),
    ...forgottenRows(
      rows.filter(({ contactId }) => contactId === busy),
      {
        life: undefined,
        key: { ...LEDGER_KEY, subjectOf: createPseudonyms(PSEUDONYM_SECRET) },
      },
    ),
  ];

  it('names the contact nowhere, and is proved as before, with its seals and without', async () => {
    const rows = forget(ledger.rows);
    expect(rows).toHaveLength(ledger.rows.length);
    const named = rows.filter(({ contactId, touchId }) =>
      [contactId, ...touchId.split('/')].includes(busy),
    );
    expect(named).toEqual([]);
    expect(ledger.seals.filter((line) => line.includes(`/${busy}/`))).toEqual([]);

    expect(await check(rows)).toMatchObject({ status: 0, violations: [] });
    expect(await check(rows, ledger.seals)).toMatchObject({ status: 0, violations: [] });
  });

  it('is proved also where its rows and seals are of before there were pseudonyms', async () => {
    const before = ledgerKey('k1', 'the-key-that-signs-this-ledger');
    const bare = ledger.rows.map(({ subject: _, ...row }) => row as LedgerRow);
    const old = rewritten(bare, before);
    const seals = sealedAgain(old, before);
    expect(await check(old, seals)).toMatchObject({ status: 0, violations: [] });
    expect(await check(forget(old), seals)).toMatchObject({ status: 0, violations: [] });
  });

  it.each(BY_THE_SEALS.filter(([, kind]) => kind !== 'contact-missing'))(
    'is found falsified by its seals all the same when %s: %s',
    async (_name, kind, falsify) => {
      const { kinds } = await check(forget(falsify(ledger.rows)), ledger.seals);
      expect(kinds).toContain(kind);
    },
  );

  it('is found falsified when a row was moved to somebody else, and signed again', async () => {
    const moved = ledger.rows.map((row) =>
      row.contactId === busy ? { ...row, contactId: 'c-x' } : row,
    );
    const { kinds } = await check(moved);
    expect(kinds).toContain('other-subject');
  });
});

describe('falsified seals', () => {
  it.each<readonly [string, () => readonly string[]]>([
    [
      'an hour is taken out',
      () =>
        parsed()
          .filter(({ hour }) => hour !== hourOfSend)
          .map(lineOf),
    ],
    [
      'an hour in the middle is taken out',
      () =>
        parsed()
          .filter(({ hour }) => hour !== '2026-03-02T06:00:00.000Z')
          .map(lineOf),
    ],
    ['a row is taken out of an hour', () => ledger.seals.slice(1)],
    [
      'a digest is changed',
      () =>
        parsed().map((line) => lineOf(line.kind === 'row' ? { ...line, digest: 'other' } : line)),
    ],
    [
      'the head of a chain is changed',
      () =>
        parsed().map((line) => lineOf(line.kind === 'head' ? { ...line, chain: 'other' } : line)),
    ],
    [
      'a seal is changed',
      () => parsed().map((line) => lineOf(line.kind === 'seal' ? { ...line, late: 1 } : line)),
    ],
    [
      'its last hour is torn',
      () => ledger.seals.slice(0, ledger.seals.findLastIndex((line) => line.includes('"row"')) + 1),
    ],
    ['it has lines that are none', () => [...ledger.seals, 'not a line']],
    ['they were made again without the key', () => sealedAgain(ledger.rows)],
  ])('are named when %s', async (_name, seals) => {
    const { violations, status } = await check(ledger.rows, seals());
    expect(violations).toContainEqual(
      expect.objectContaining({
        kind: 'broken-seal',
        hour: expect.any(String),
        detail: expect.any(String),
      }),
    );
    expect(status).toBe(1);
  });

  it('prove a ledger by whoever has the key, and only then', async () => {
    expect(await check(ledger.rows, sealedAgain(ledger.rows, LEDGER_KEY))).toMatchObject({
      status: 0,
    });
  });
});
