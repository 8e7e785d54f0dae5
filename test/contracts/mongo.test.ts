// The contracts over MongoDB, and what only a database can get wrong: crashes between two writes, and rivals in two processes.

import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../models/connection';
import { ledgerModel } from '../../models/ledger';
import { flushOutboxes } from '../../models/outbox';
import { createStores, ensureIndexes } from '../../models/stores';
import { databaseUri } from '../support/servers';
import { describeStoresContract } from './all';
import { aDeferral, aPass, aProfile, given, hoursAfter, read } from './builders';

const sent = (hours: number) => ({ settled: 'sent', at: hoursAfter(hours) }) as const;

let connection: Connection;

beforeAll(async () => {
  connection = await connectMongo(databaseUri(`contracts-${randomUUID()}`));
  await ensureIndexes(connection);
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

async function emptyStores() {
  for (const model of Object.values(connection.models)) await model.deleteMany({});
  return createStores(connection);
}

/** Lets the next insert into the ledger fail as when the process ends before it. */
function crashBeforeLedger(): void {
  const insert = jest.spyOn(ledgerModel(connection).collection, 'insertMany');
  insert.mockRejectedValueOnce(new Error('crashed before the ledger'));
}

describeStoresContract('over MongoDB', emptyStores);

describe('a crash between the contact and the ledger', () => {
  afterEach(() => jest.restoreAllMocks());

  async function crashedReservation() {
    const stores = await emptyStores();
    const contact = await given(stores);
    crashBeforeLedger();
    await expect(stores.touches.reserve(contact, aPass(contact))).rejects.toThrow('crashed before the ledger');
    expect(await ledgerModel(connection).countDocuments({})).toBe(0);
    expect((await read(stores)).touches).toHaveLength(1);
    return { contact, stores: createStores(connection) };
  }

  it('leaves a row that the next question for the decision finds and writes once', async () => {
    const { stores } = await crashedReservation();
    expect(await stores.touches.decision('t-1', 1, 'c-1')).toMatchObject({ verdict: 'pass', revision: 1 });
    expect(await stores.touches.decision('t-1', 1, 'c-1')).toMatchObject({ verdict: 'pass', revision: 1 });
    expect(await stores.touches.story('c-1')).toHaveLength(1);
  });

  it('leaves a row that the next story tells', async () => {
    const { stores } = await crashedReservation();
    expect(await stores.touches.story('c-1')).toHaveLength(1);
    expect(await ledgerModel(connection).countDocuments({})).toBe(1);
  });

  it('leaves a row that the next write of the contact does not lose', async () => {
    const { stores } = await crashedReservation();
    expect(await stores.touches.settle('c-1', 't-1', sent(1))).toBe(true);
    expect((await stores.touches.story('c-1')).map(({ revision }) => revision)).toEqual([1, 2]);
  });

  it('leaves a settlement that its repeat writes, although it changes nothing', async () => {
    const stores = await emptyStores();
    const contact = await given(stores);
    await stores.touches.reserve(contact, aPass(contact));
    crashBeforeLedger();
    await expect(stores.touches.settle('c-1', 't-1', sent(1))).rejects.toThrow('crashed before the ledger');
    expect(await ledgerModel(connection).countDocuments({})).toBe(1);
    expect(await createStores(connection).touches.settle('c-1', 't-1', sent(2))).toBe(false);
    expect(await ledgerModel(connection).countDocuments({})).toBe(2);
  });

  it('leaves rows that the sweep at start and an export put into the ledger, once', async () => {
    const { stores } = await crashedReservation();
    expect(await flushOutboxes(connection)).toBe(1);
    expect(await flushOutboxes(connection)).toBe(0);
    await ledgerModel(connection).deleteMany({});
    const rows = [];
    for await (const row of stores.touches.export()) rows.push(row);
    expect(rows).toHaveLength(1);
  });

  it('lets the reservation stand when a rival had recorded something else for the same attempt', async () => {
    const { contact, stores } = await crashedReservation();
    await ledgerModel(connection).collection.insertOne({ _id: 't-1#1', ...aDeferral(contact) } as object);
    expect(await stores.touches.decision('t-1', 1, 'c-1')).toMatchObject({ verdict: 'pass' });
    expect(await stores.touches.story('c-1')).toEqual([expect.objectContaining({ verdict: 'pass' })]);
  });

  it('tells whoever records for the same attempt that it is reserved', async () => {
    const { contact, stores } = await crashedReservation();
    expect(await stores.touches.record(aDeferral(contact))).toMatchObject({ verdict: 'pass' });
    expect(await ledgerModel(connection).countDocuments({})).toBe(1);
  });
});

describe('several processes on one database', () => {
  it('never overwrite each other: every revision has one row', async () => {
    const stores = await emptyStores();
    await given(stores);
    const processes = Array.from({ length: 4 }, () => createStores(connection));
    await Promise.all(
      processes.flatMap((process, p) =>
        Array.from({ length: 6 }, async (_, i) => {
          const touchId = `t-${p}-${i}`;
          for (;;) {
            const contact = await read(process);
            if (await process.touches.reserve(contact, aPass(contact, { touchId }))) break;
          }
          await process.touches.settle('c-1', touchId, sent(1));
        }),
      ),
    );
    const revisions = (await stores.touches.story('c-1')).map(({ revision }) => revision);
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1));
  });

  it('keep evidence of every consent, also of one that changed nothing', async () => {
    const stores = await emptyStores();
    await stores.contacts.upsertMany([aProfile({ consents: { sms: { marketing: 'granted' } } })]);
    const change = {
      channel: 'sms',
      class: 'marketing',
      state: 'refused',
      source: 'sms-reply',
      at: hoursAfter(1),
    } as const;
    await stores.contacts.consent('c-1', [change]);
    await stores.contacts.consent('c-1', [{ ...change, state: 'granted', textVersion: 'v2', at: hoursAfter(0) }]);
    const document = await connection.collection('contacts').findOne({}, { projection: { consentLog: 1 } });
    expect(document?.consentLog).toEqual([
      { channel: 'sms', class: 'marketing', state: 'granted', source: 'import' },
      change,
      { ...change, state: 'granted', textVersion: 'v2', at: hoursAfter(0) },
    ]);
  });
});
