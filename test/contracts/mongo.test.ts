// The contracts over MongoDB, and what only a database can get wrong: crashes between two writes, and rivals in two processes.

import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { aliasModel } from '../../models/mongo/aliases';
import { connectMongo } from '../../models/mongo/connection';
import { contactModel } from '../../models/mongo/contactDocument';
import { inboxModels } from '../../models/mongo/inboxDocument';
import { upgradeInbox } from '../../models/mongo/inboxUpgrade';
import { ledgerModel } from '../../models/mongo/ledger';
import { flushOutboxes } from '../../models/mongo/outbox';
import { upgradePhones } from '../../models/mongo/phoneUpgrade';
import { quotaModels } from '../../models/mongo/quotaDocuments';
import { createStores, ensureIndexes } from '../../models/mongo/stores';
import type { QuotaStore } from '../../ports/quotas';
import { partitionOf } from '../../rules/base/partition';
import { describeExecutions } from '../support/executions';
import { databaseUri } from '../support/servers';
import { decisionOf, recordOne, reserveOne } from '../support/singles';
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
describeExecutions('MongoDB', emptyStores, 12);

describe('a crash between the contact and the ledger', () => {
  afterEach(() => jest.restoreAllMocks());

  async function crashedReservation() {
    const stores = await emptyStores();
    const contact = await given(stores);
    crashBeforeLedger();
    await expect(reserveOne(stores.touches, contact, aPass(contact))).rejects.toThrow(
      'crashed before the ledger',
    );
    expect(await ledgerModel(connection).countDocuments({})).toBe(0);
    expect((await read(stores)).touches).toHaveLength(1);
    return { contact, stores: createStores(connection) };
  }

  it('leaves a row that the next question for the decision finds and writes once', async () => {
    const { stores } = await crashedReservation();
    expect(await decisionOf(stores.touches, 't-1', 1, 'c-1')).toMatchObject({
      verdict: 'pass',
      revision: 1,
    });
    expect(await decisionOf(stores.touches, 't-1', 1, 'c-1')).toMatchObject({
      verdict: 'pass',
      revision: 1,
    });
    expect(await stores.touches.timeline('c-1')).toHaveLength(1);
  });

  it('leaves a row that the next timeline shows', async () => {
    const { stores } = await crashedReservation();
    expect(await stores.touches.timeline('c-1')).toHaveLength(1);
    expect(await ledgerModel(connection).countDocuments({})).toBe(1);
  });

  it('leaves a row that the next write of the contact does not lose', async () => {
    const { stores } = await crashedReservation();
    expect(await stores.touches.settle('c-1', 't-1', sent(1))).toBe(true);
    expect((await stores.touches.timeline('c-1')).map(({ revision }) => revision)).toEqual([1, 2]);
  });

  it('leaves a settlement that its repeat writes, although it changes nothing', async () => {
    const stores = await emptyStores();
    const contact = await given(stores);
    await reserveOne(stores.touches, contact, aPass(contact));
    crashBeforeLedger();
    await expect(stores.touches.settle('c-1', 't-1', sent(1))).rejects.toThrow(
      'crashed before the ledger',
    );
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
    await ledgerModel(connection).collection.insertOne({
      _id: 't-1#1',
      ...aDeferral(contact),
    } as object);
    expect(await decisionOf(stores.touches, 't-1', 1, 'c-1')).toMatchObject({ verdict: 'pass' });
    expect(await stores.touches.timeline('c-1')).toEqual([
      expect.objectContaining({ verdict: 'pass' }),
    ]);
  });

  it('tells whoever records for the same attempt that it is reserved', async () => {
    const { contact, stores } = await crashedReservation();
    expect(await recordOne(stores.touches, aDeferral(contact))).toMatchObject({ verdict: 'pass' });
    expect(await ledgerModel(connection).countDocuments({})).toBe(1);
  });
});

describe('a quota whose process dies', () => {
  const DAY = 'city/guangzhou/2026-03-02';
  const TOTAL = 'campaign/k-1/total';
  const WRITES = ['insertMany', 'updateOne', 'updateMany', 'bulkWrite', 'deleteMany'] as const;
  const ask = (key: string) => ({
    key,
    takes: [
      { scope: TOTAL, limit: 2 },
      { scope: DAY, limit: 3 },
    ],
  });
  afterEach(() => jest.restoreAllMocks());

  /** Lets the n-th write to the quotas' collections fail, before it is made or after; answers how many there were. */
  function crashAtWrite(nth: number, moment: 'before' | 'after'): { readonly writes: number } {
    const count = { writes: 0 };
    for (const { collection } of Object.values(quotaModels(connection)))
      for (const name of WRITES) {
        const original = collection[name].bind(collection) as (
          ...given: unknown[]
        ) => Promise<unknown>;
        jest.spyOn(collection, name).mockImplementation((async (...given: unknown[]) => {
          count.writes += 1;
          const now = count.writes === nth;
          if (now && moment === 'before') throw new Error('crashed');
          const result = await original(...given);
          if (now) throw new Error('crashed');
          return result;
        }) as never);
      }
    return count;
  }

  /** Takes, is refused, gives back and takes again. */
  async function steps(book: QuotaStore): Promise<void> {
    expect(await book.take([ask('a#1'), ask('b#1')])).toEqual([null, TOTAL]);
    await book.giveBack(['a#1']);
    expect(await book.take([ask('b#1')])).toEqual([null]);
  }

  async function play(nth: number, moment: 'before' | 'after'): Promise<number> {
    const { quotaUnits } = await emptyStores();
    await quotaUnits.take([ask('first#1')]);
    const crash = crashAtWrite(nth, moment);
    await steps(quotaUnits).catch((error: Error) => expect(error.message).toBe('crashed'));
    jest.restoreAllMocks();
    return crash.writes;
  }

  it('holds each unit once after a crash at any write and a retry by another process', async () => {
    const writes = await play(0, 'before');
    expect(writes).toBeGreaterThan(10);
    for (let nth = 1; nth <= writes; nth++)
      for (const moment of ['before', 'after'] as const) {
        await play(nth, moment);
        const other = createStores(connection).quotaUnits;
        await other.giveBack(['a#1']);
        expect({ nth, moment, full: await other.take([ask('b#1')]) }).toEqual({
          nth,
          moment,
          full: [null],
        });
        expect(await other.used([TOTAL, DAY])).toEqual([2, 2]);
        await other.giveBack(['first#1', 'b#1']);
        expect({ nth, moment, used: await other.used([TOTAL, DAY]) }).toEqual({
          nth,
          moment,
          used: [0, 0],
        });
      }
  }, 60_000);

  it('leaves counters small, however much goes through them', async () => {
    const { quotaUnits } = await emptyStores();
    for (let page = 0; page < 4; page++) {
      const keys = Array.from({ length: 300 }, (_, i) => `t-${page}-${i}#1`);
      await quotaUnits.take(keys.map((key) => ({ key, takes: [{ scope: DAY, limit: 10_000 }] })));
    }
    const counter = await quotaModels(connection).counters.findOne({ _id: DAY }).lean();
    expect(counter?.used).toBe(1200);
    expect(counter?.taken.length).toBeLessThanOrEqual(700);
  }, 30_000);
});

describe('an inbox that an earlier version wrote', () => {
  it('gives what waited there in its order, before all that comes now, and shows what was refused', async () => {
    const { inbox } = await emptyStores();
    const old = { kind: 'event', lane: 'contact/c-1', payload: '{}', receivedAt: 1, attempts: 0 };
    const seq = Date.now() * 1000;
    const { collection } = inboxModels(connection).inbox;
    await collection.insertMany([
      { _id: 'old-2', ...old, state: 'pending', seq: seq + 1 },
      { _id: 'old-1', ...old, state: 'pending', seq },
      { _id: 'old-0', ...old, state: 'refused', seq: seq - 1 },
    ] as never[]);
    await upgradeInbox(connection);
    await upgradeInbox(connection);

    const partition = partitionOf('contact/c-1');
    const item = { key: 'new', kind: 'event', lane: 'contact/c-1', urgency: 'prompt' } as const;
    await inbox.put([{ ...item, partition, payload: {}, receivedAt: 1 }]);
    expect((await inbox.waiting([partition], 10)).map(({ key }) => key)).toEqual([
      'old-1',
      'old-2',
      'new',
    ]);
    expect(await inbox.claim('old-1', 1)).toMatchObject({ key: 'old-1', payload: {} });
    const again = { ...item, key: 'old-2', partition, payload: {}, receivedAt: 2 };
    expect((await inbox.put([again])).outcomes).toEqual(['duplicate']);
    expect(await inbox.list({ state: 'parked', limit: 10 })).toMatchObject([{ key: 'old-0' }]);
  });
});

describe('names of contacts', () => {
  it('that an earlier version wrote are found, shared and given up like today’s', async () => {
    const { contacts } = await emptyStores();
    await contacts.upsertMany([aProfile({ unionId: 'u-1' })]);
    const names = aliasModel(connection).collection;
    await names.replaceOne({ _id: 'unionId:u-1' as never }, { contactId: 'c-1' });
    const unionId = { kind: 'unionId', value: 'u-1' } as const;
    expect(await contacts.idsByAlias(unionId)).toEqual(['c-1']);

    await contacts.upsertMany([aProfile({ contactId: 'c-2', unionId: 'u-1' })]);
    expect(await contacts.idsByAlias(unionId)).toEqual(['c-1', 'c-2']);
    await contacts.patch('c-1', { unionId: null });
    expect(await contacts.idsByAlias(unionId)).toEqual(['c-2']);
    await contacts.patch('c-2', { unionId: null });
    expect(await names.countDocuments({})).toBe(0);
  });
});

describe('numbers of an earlier version', () => {
  const phone = { kind: 'phone', value: '+8613800000000' } as const;

  it('are found in today’s form, by everyone who has them, also after a crash on the way', async () => {
    const stores = await emptyStores();
    const { contacts } = stores;
    await contacts.upsertMany([aProfile(), aProfile({ contactId: 'c-2' })]);
    const documents = contactModel(connection).collection;
    await documents.updateMany({}, { $set: { phone: '13800000000' } });
    const names = aliasModel(connection).collection;
    await names.insertMany([
      { _id: 'phone:13800000000', contactId: 'c-2' },
      { _id: 'phone:12345', contactId: 'c-9' },
    ] as never[]);
    expect((await read(stores)).phone).toBe(phone.value);

    jest.spyOn(names, 'deleteMany').mockRejectedValueOnce(new Error('crash'));
    await expect(upgradePhones(connection)).rejects.toThrow('crash');
    await upgradePhones(connection);
    await upgradePhones(connection);

    expect(await contacts.idsByAlias(phone)).toEqual(['c-1', 'c-2']);
    expect(await documents.distinct('phone')).toEqual([phone.value]);
    expect((await names.find().toArray()).map(({ _id }) => String(_id))).toEqual([
      `phone:${phone.value}`,
      'phone:12345',
    ]);
  });
});

describe('a timeline', () => {
  afterEach(() => jest.restoreAllMocks());

  /** How the server would run a read of the ledger; null: it cannot say, as stand-ins of MongoDB cannot. */
  async function planOf(filter: object): Promise<string | null> {
    try {
      const plan = await ledgerModel(connection).collection.find(filter).explain('executionStats');
      return 'queryPlanner' in plan ? JSON.stringify(plan) : null;
    } catch {
      return null;
    }
  }

  it('is one read of the ledger by one index, whatever the size of the ledger', async () => {
    const stores = await emptyStores();
    for (const contactId of ['c-1', 'c-2', 'c-3']) {
      const contact = await given(stores, { contactId });
      for (const hours of [1, 2, 3])
        await recordOne(
          stores.touches,
          aDeferral(contact, { touchId: `${contactId}/${hours}`, at: hoursAfter(hours) }),
        );
    }
    const find = jest.spyOn(ledgerModel(connection), 'find');
    const others = (['aggregate', 'findOne', 'countDocuments'] as const).map((name) =>
      jest.spyOn(ledgerModel(connection), name),
    );
    expect(await stores.touches.timeline('c-2', hoursAfter(2), hoursAfter(4))).toHaveLength(2);
    const filter = { contactId: 'c-2', at: { $gte: hoursAfter(2), $lt: hoursAfter(4) } };
    expect(find.mock.calls).toEqual([[filter]]);
    for (const other of others) expect(other).not.toHaveBeenCalled();
    expect(ledgerModel(connection).schema.indexes()).toContainEqual([
      { contactId: 1, at: 1 },
      expect.anything(),
    ]);
    const plan = await planOf(filter);
    if (plan === null) return;
    expect(plan).toContain('"indexName":"contactId_1_at_1"');
    expect(plan).not.toContain('COLLSCAN');
    expect(plan).toContain('"totalDocsExamined":2');
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
            if (await reserveOne(process.touches, contact, aPass(contact, { touchId }))) break;
          }
          await process.touches.settle('c-1', touchId, sent(1));
        }),
      ),
    );
    const revisions = (await stores.touches.timeline('c-1')).map(({ revision }) => revision);
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1));
  });

  it('of an earlier version are read the stricter way, and lifted by a later act of the customer', async () => {
    const stores = await emptyStores();
    await given(stores, { phone: '+8613900000009' });
    const old = { channel: 'sms', class: 'marketing' };
    await connection.collection<{ _id: string }>('contacts').updateOne(
      { _id: 'c-1' },
      {
        $set: {
          consents: { sms: { marketing: 'granted' } },
          consentTimes: { sms: { marketing: '2030-01-01T00:00:00.000Z' } },
          blocks: [{ channel: 'sms', reason: 'opt-out' }],
          consentLog: [
            { ...old, state: 'granted', source: 'shop', at: '2030-01-01T00:00:00.000Z' },
            { ...old, state: 'refused', source: 'sms-reply', at: hoursAfter(1) },
          ],
        },
      },
    );
    const before = await read(stores);
    expect(before.consents).toEqual({ sms: { marketing: 'refused' } });
    await stores.contacts.upsertMany(
      [aProfile({ consents: { sms: { marketing: 'granted' } } })],
      hoursAfter(2),
    );
    expect(await read(stores)).toMatchObject({ consents: before.consents, blocks: before.blocks });

    const yes = { ...old, state: 'granted', source: 'app', own: true } as const;
    await stores.contacts.consent('c-1', [
      { ...yes, channel: 'sms', class: 'marketing', receivedAt: hoursAfter(3) },
    ]);
    expect(await read(stores)).toMatchObject({
      consents: { sms: { marketing: 'granted' } },
      blocks: [],
    });
  });

  it('keep evidence of every consent, also of one that changed nothing', async () => {
    const stores = await emptyStores();
    await stores.contacts.upsertMany(
      [aProfile({ consents: { sms: { marketing: 'granted' } } })],
      hoursAfter(-1),
    );
    const change = {
      channel: 'sms',
      class: 'marketing',
      state: 'refused',
      source: 'sms-reply',
      at: hoursAfter(1),
      receivedAt: hoursAfter(2),
    } as const;
    await stores.contacts.consent('c-1', [change]);
    await stores.contacts.consent('c-1', [
      { ...change, state: 'granted', textVersion: 'v2', at: hoursAfter(0) },
    ]);
    const document = await connection
      .collection('contacts')
      .findOne({}, { projection: { consentLog: 1 } });
    expect(document?.consentLog).toEqual([
      {
        channel: 'sms',
        class: 'marketing',
        state: 'granted',
        source: 'import',
        receivedAt: hoursAfter(-1),
      },
      change,
      { ...change, state: 'granted', textVersion: 'v2', at: hoursAfter(0) },
    ]);
  });
});
