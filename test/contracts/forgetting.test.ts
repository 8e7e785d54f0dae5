// Forgetting over MongoDB: nothing that names the person is left in any collection, and a death at any step leaves nothing half done.

import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { beginForgetting, type ForgetDeps, goOnWithAll } from '../../intake/forget';
import { inboundEvent } from '../../intake/inbound';
import { connectMongo } from '../../models/mongo/connection';
import { ledgerModel } from '../../models/mongo/ledger';
import { createStores, ensureIndexes } from '../../models/mongo/stores';
import type { Stores } from '../../ports/stores';
import { readKeyRing } from '../../rules/ledger/keyRing';
import { linked } from '../../rules/ledger/touchState';
import { createFakeEngine } from '../fakes/engine';
import { dieAtWrite } from '../support/deaths';
import { databaseUri } from '../support/servers';
import { openOne, reserveOne } from '../support/singles';
import { AT, aPass, given, read } from './builders';

const KEYS = readKeyRing(
  'k1:the-key-that-signs-this-ledger',
  undefined,
  undefined,
  'a-secret-of-names',
);
const PHONE = '+8613800001234';
const FRIEND = { staffId: 's-1', externalUserId: 'wm-1', state: 'friend', addedAt: AT } as const;

let connection: Connection;
beforeAll(async () => {
  connection = await connectMongo(databaseUri(`forgetting-${randomUUID()}`));
  await ensureIndexes(connection);
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

/** A customer of whom every collection knows something, and another one with the same number. */
async function aPerson() {
  for (const model of Object.values(connection.models)) await model.deleteMany({});
  const stores = createStores(connection, KEYS.current);
  const contact = await given(stores, {
    ...{ name: '王', phone: PHONE, unionId: 'u-1', relations: [FRIEND] },
    consents: { sms: { marketing: 'granted' } },
  });
  await given(stores, { contactId: 'c-2', phone: PHONE });

  const touchId = 'overage/c-1/e/offer';
  const workflowId = 'overage/c-1/e';
  await reserveOne(stores.touches, contact, aPass(contact, { touchId, workflowId }));
  await stores.touches.settle('c-1', touchId, { settled: 'sent', at: AT });
  await openOne(stores.deliveries, {
    ...{ touchId, contactId: 'c-1', text: '王您好', phone: PHONE, externalUserId: 'wm-1' },
    ...{ askedAt: 1, attempt: 1, channel: 'sms', workflowId },
  });
  const run = {
    workflowId,
    journey: 'overage',
    contactId: 'c-1',
    city: 'guangzhou',
    entry: 'e',
  } as const;
  await stores.runs.open({ ...run, startedAt: AT });
  await stores.runs.close(workflowId, 'done', AT);

  await stores.sequenceSteps.keep({
    ...{ stepId: 'sequence/c-1/s/e/hello', workflowId: 'sequence/c-1/s', contactId: 'c-1' },
    ...{ city: 'guangzhou', sequenceId: 's', version: 1, step: 'hello' },
    ...{ dueAt: AT, at: AT, state: 'done' },
  });
  await stores.waves.enrol([
    {
      ...{ waveId: 'wave/month/bill/2026-03-02', contactId: 'c-1', city: 'guangzhou' },
      ...{ state: 'sent', plannedAt: AT, channel: 'sms', attempt: 1, at: AT, revision: 1 },
    },
  ]);
  await stores.sequenceEntries.add({
    ...{ entryId: 'new-friend/c-1/1', sequenceId: 'new-friend', version: 1, contactId: 'c-1' },
    ...{ city: 'guangzhou', ordinal: 1, occasion: 'e', entry: 'new-friend/e', at: AT },
    ...{ askedAt: AT, workflowId: 'sequence/c-1/new-friend', state: 'ended', outcome: 'replied' },
  });
  await stores.staffTasks.open([
    {
      ...{ taskId: 'sequence/c-1/e/day-1', contactId: 'c-1', city: 'guangzhou', kind: 'task' },
      origin: { sequence: 'new-friend@1', workflowId: 'sequence/c-1/e', step: 'day-1' },
      ...{ openedAt: AT, dueAt: AT, expiresAt: AT },
    },
  ]);
  await stores.staffTasks.act('sequence/c-1/e/day-1', {
    ...{ did: 'postponed', by: 's-1', at: AT, until: AT, note: '王 is away' },
  });

  const sums = { rows: 0, taken: 0, unchanged: 0, refused: 0, skipped: 0, repeated: 0 };
  await stores.imports.create({
    ...{ id: 'imp-1', state: 'running', fileName: 'a.csv', format: 'csv', bytes: 1, digest: 'd' },
    asked: { timezone: 'Asia/Shanghai', replace: false, dryRun: false },
    ...{ owner: 'key-1', author: 'crm', createdAt: AT, sums },
  });
  const left = [{ row: 0, line: 2, contactId: 'c-1', cells: ['c-1', '王'] }];
  await stores.imports.advance('imp-1', { from: 0, sums: { ...sums, rows: 1, refused: 1 }, left });
  await stores.orders.save({
    ...{ orderKey: `order/c-1/pack/${touchId}`, contactId: 'c-1', product: 'pack', orderId: 'o-1' },
    ...{ state: 'accepted', workflowId, at: AT },
  });
  await stores.leads.add([
    {
      ...{ leadId: 'l-1', contactId: 'c-1', product: 'pack', outcome: 'busy', createdAt: AT },
      ...{ state: 'open', attempts: 0, city: 'guangzhou', workflowId: 'leadRetry/c-1/l-1' },
    },
  ]);
  const fired = { triggerId: 'overage', eventId: 'e-1', occurredAt: AT };
  await stores.firings.add('c-1', [fired], { revision: 0 }, AT);
  await stores.opportunities.keep([
    {
      ...{ ...fired, version: 1, contactId: 'c-1', city: 'guangzhou', receivedAt: AT, at: AT },
      ...{ date: '2026-03-02', answer: { outcome: 'fired' } },
    },
  ]);
  const event = {
    eventId: 'e-1',
    type: 'bill-paid',
    contactId: 'c-1',
    occurredAt: AT,
    data: {},
  } as const;
  await stores.inbox.put([{ ...inboundEvent(event, 1), partition: 0 }]);
  await stores.contactActs.record({
    actId: 'a-1',
    contactId: 'c-1',
    kind: 'complaint',
    by: 'x',
    at: AT,
  });

  await answered(stores);
  const engine = createFakeEngine();
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const deps: ForgetDeps = {
    ...{ stores, engine, clock: { now: () => Date.parse(AT) }, log: quiet },
    subjectOf: KEYS.subjectOf,
  };
  return { stores, contact, deps };
}

/** From the number that another one has, too, and from WeCom. */
async function answered({ addresses, replies }: Stores): Promise<void> {
  const phone = { kind: 'phone', value: PHONE } as const;
  const chat = { kind: 'externalUserId', value: 'wm-1' } as const;
  const said = { class: 'marketing', state: 'refused', own: true, receivedAt: AT } as const;
  await addresses.tell(phone, { channel: 'sms', source: 'sms-reply', ...said });
  await addresses.tell(chat, { channel: 'wecom', source: 'wecom-chat', ...said });

  const open = { cities: ['guangzhou'], at: AT, receivedAt: AT, state: 'open' } as const;
  await replies.open({
    ...{ replyId: 'r-1', channel: 'sms', source: 'sms-reply', address: phone, item: 'sms/r-1' },
    ...{ contactIds: ['c-1', 'c-2'], ...open },
  });
  await replies.open({
    ...{ replyId: 'r-2', channel: 'wecom', source: 'wecom-chat', address: chat, item: 'event/r-2' },
    ...{ contactIds: ['c-1'], ...open },
  });
}

const ASKED = { by: 'admin', reason: 'asked' };

/** Every document of every collection. */
async function everything(): Promise<string> {
  const all = await Promise.all(
    Object.values(connection.models).map((model) => model.collection.find().toArray()),
  );
  return JSON.stringify(all);
}

test('nothing that names the person is left anywhere, and the other holder of the number is untouched', async () => {
  const { stores, contact, deps } = await aPerson();
  const { subject, state, removed } = await beginForgetting(deps, contact, ASKED);
  expect(state).toBe('forgotten');
  expect(removed).toEqual({
    ...{
      inbox: 1,
      deliveries: 1,
      imports: 1,
      'contact-acts': 1,
      leads: 1,
      orders: 1,
      runs: 1,
      waves: 1,
      'sequence-entries': 1,
      'staff-tasks': 1,
      sequences: 1,
      ledger: 2,
    },
    ...{ firings: 1, opportunities: 1, replies: 2, addresses: 1, names: 3, contacts: 1 },
  });

  expect(await everything()).not.toMatch(/"c-1"|\/c-1\/|王|u-1|wm-1/);
  expect(await stores.contacts.idsByAlias({ kind: 'phone', value: PHONE })).toEqual(['c-2']);
  expect(await read(stores, 'c-2')).toMatchObject({ phone: PHONE });
  const phone = { kind: 'phone', value: PHONE } as const;
  expect((await stores.addresses.find(phone))?.statements).toHaveLength(1);
  expect(await stores.replies.find('r-1')).toMatchObject({ contactIds: ['c-2'] });
  expect(
    await stores.orders.find(`order/${subject}/pack/overage/${subject}/e/offer`),
  ).toMatchObject({ contactId: subject, workflowId: `overage/${subject}/e` });
  const task = await stores.staffTasks.find(`sequence/${subject}/e/day-1`);
  expect(task).toMatchObject({ contactId: subject, state: 'cancelled' });
  expect(task?.acts).toMatchObject([{ did: 'postponed', by: 's-1' }, { did: 'cancelled' }]);
  expect(await stores.runs.find(`overage/${subject}/e`)).toMatchObject({
    contactId: subject,
    outcome: 'done',
  });
});

test('who comes back has no past, and is marketed to on no channel', async () => {
  const { stores, contact, deps } = await aPerson();
  await beginForgetting(deps, contact, ASKED);
  const granted = { sms: { marketing: 'granted' } } as const;
  await stores.contacts.upsertMany(
    [{ contactId: 'c-1', city: 'foshan', phone: PHONE, consents: granted }],
    AT,
  );
  const back = await read(stores);
  expect(back).toMatchObject({ life: 2, revision: 0, consents: { sms: { marketing: 'refused' } } });

  await reserveOne(stores.touches, back, aPass(back, { touchId: 'overage/c-1/e/offer' }));
  const [row] = await stores.touches.timeline('c-1');
  expect(row).toMatchObject({ sequence: 1, life: 2, subject: KEYS.subjectOf?.('c-1', 2) });

  await stores.contacts.patch('c-2', { unionId: 'u-1' });
  expect((await read(stores, 'c-2')).consents).toMatchObject({ sms: { marketing: 'refused' } });
});

test('a death at any write is survived: whoever comes next ends what was begun', async () => {
  for (let n = 1; ; n++) {
    const { contact, deps } = await aPerson();
    const writes = dieAtWrite(n);
    await beginForgetting(deps, contact, ASKED).catch(() => {});
    const isOver = writes() < n;
    jest.restoreAllMocks();

    // Before it is kept that it was asked for, whoever asked hears of the failure, and asks again.
    const isKept = (await deps.stores.forgetting.open()).length > 0 || isOver;
    await (isKept ? goOnWithAll(deps) : beginForgetting(deps, contact, ASKED));
    const text = await everything();
    expect([n, /"c-1"|\/c-1\/|王|u-1|wm-1/.exec(text)?.[0]]).toEqual([n, undefined]);
    expect(await deps.stores.forgetting.open()).toEqual([]);
    expect(await ledgerModel(connection).countDocuments({})).toBe(2);
    if (isOver) return;
  }
});

test('rows from before there were pseudonyms are linked again', async () => {
  const { stores, contact, deps } = await aPerson();
  const { key: _, ...old } = { key: KEYS.current, chain: '', sequence: 0 };
  const row = linked(old, {
    ...aPass(contact, { touchId: 'overage/c-1/old/x', workflowId: 'overage/c-1/old' }),
    revision: 1,
  });
  await ledgerModel(connection).deleteMany({});
  await ledgerModel(connection).collection.insertOne({ ...row, _id: `${row.touchId}#1` } as never);

  const { subject } = await beginForgetting(deps, contact, ASKED);
  const timeline = await stores.touches.timeline(subject);
  expect(timeline).toContainEqual(
    expect.objectContaining({
      ...{ contactId: subject, subject, chainKey: 'k1' },
      sealedAs: expect.stringMatching(/^[0-9a-f]{64}$/),
    }),
  );
});
