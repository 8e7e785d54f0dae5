import request from 'supertest';
import type { Sequence, SequenceStart } from '../../rules/sequence/sequence';
import { createFakeApi, NOW, sealedEvent, signed, WECOM } from '../../test/fakes/api';

const AT = new Date(NOW).toISOString();
const hoursAgo = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();

const aSequence = (start: SequenceStart, fields: Partial<Sequence> = {}): Sequence => ({
  start,
  reentry: 'always',
  steps: [
    {
      ...{ id: 'hello', day: 0, window: { from: '09:00', to: '20:00' } },
      do: { kind: 'send', channel: 'sms', class: 'service', template: 'hello' },
    },
  ],
  ...fields,
});

async function withSequences(sequences: Readonly<Record<string, Sequence>>) {
  const api = await createFakeApi();
  for (const [id, body] of Object.entries(sequences)) {
    const { version } = await api.stores.sequences.draft(id, body, 'ann', AT);
    await api.stores.sequences.publish(id, version, 'ann', AT);
  }
  await api.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'guangzhou', brand: 'gotone' }]);

  const started = () =>
    api.engine.starts
      .filter(({ journey }) => journey === 'sequence')
      .map(({ input }) => input as unknown as { sequence: string; occasion: string; at: string });
  const tell = async (eventId: string, stage: string, occurredAt = AT) => {
    const event = { eventId, type: 'stage', contactId: 'c-1', occurredAt, data: { stage } };
    await api.call('post', '/api/v1/events:batch', [event]);
    await api.process();
  };
  return { ...api, started, tell };
}

const told = (sequences: readonly { sequence: string }[]) =>
  sequences.map(({ sequence }) => sequence);

it('begins when the stage is entered that a sequence waits for', async () => {
  const { tell, started, stores } = await withSequences({
    won: aSequence({ kind: 'stage', stage: '意向' }),
    lost: aSequence({ kind: 'stage', stage: 'lost' }),
    elsewhere: aSequence({ kind: 'stage', stage: '意向' }, { audience: { city: 'foshan' } }),
  });
  await tell('e-1', '意向');
  await tell('e-1', '意向');
  expect(started()).toMatchObject([{ sequence: 'won@1', at: AT, contactId: 'c-1' }]);
  expect((await stores.contacts.find('c-1'))?.facts).toMatchObject({ stage: '意向' });
});

it('begins when somebody sets the stage by hand, and not when it stays', async () => {
  const { call, process, started, stores } = await withSequences({
    won: aSequence({ kind: 'stage', stage: 'won' }),
  });
  const set = async (facts: object) => {
    await call('patch', '/api/v1/contacts/c-1', { facts });
    await process();
  };
  await set({ stage: 'won' });
  await set({ stage: 'won' });
  await set({ vip: true });
  expect(told(started())).toEqual(['won@1']);
  expect((await stores.contacts.find('c-1'))?.facts).toMatchObject({ stage: 'won', vip: true });
});

it('begins nothing for a stage that was left since, and says so', async () => {
  const { tell, started, stores } = await withSequences({
    won: aSequence({ kind: 'stage', stage: 'won' }),
    lost: aSequence({ kind: 'stage', stage: 'lost' }),
  });
  await tell('e-2', 'lost');
  await tell('e-1', 'won', hoursAgo(1));
  expect(told(started())).toEqual(['lost@1']);

  const contact = await stores.contacts.find('c-1');
  expect(contact?.staleStarts).toMatchObject([
    { journey: 'sequence', reason: 'superseded', eventId: 'e-1', occurredAt: hoursAgo(1) },
  ]);
  expect(await stores.sequenceEntries.numbers('won')).toEqual([
    { version: 1, state: 'refused', reason: 'superseded', count: 1 },
  ]);
});

it('begins nothing for what is told too late for every step', async () => {
  const { tell, started, stores } = await withSequences({
    won: aSequence({ kind: 'stage', stage: 'won' }),
  });
  await tell('e-1', 'won', hoursAgo(48));
  expect(started()).toEqual([]);
  expect((await stores.contacts.find('c-1'))?.staleStarts).toMatchObject([{ reason: 'too-late' }]);
});

it('begins once an order is completed, for the products that are meant', async () => {
  const { app, process, started } = await withSequences({
    any: aSequence({ kind: 'order' }),
    those: aSequence({ kind: 'order', products: ['p-58'] }),
    others: aSequence({ kind: 'order', products: ['p-88'] }),
  });
  const order = async (id: string, orderId: string, state: string) => {
    const { text, headers } = signed({
      ...{ id, type: 'order', orderKey: `key-${orderId}`, orderId, contactId: 'c-1' },
      ...{ product: 'p-58', state, at: AT },
    });
    await request(app).post('/crm/callback').set(headers).send(text);
    await process();
  };
  await order('n-1', 'o-1', 'rejected');
  expect(started()).toEqual([]);
  await order('n-2', 'o/2', 'completed');
  await order('n-3', 'o/2', 'completed');
  expect(started()).toMatchObject([
    { sequence: 'any@1', occasion: expect.stringMatching(/^order-o2~/) },
    { sequence: 'those@1', occasion: expect.stringMatching(/^order-o2~/) },
  ]);
});

it('begins when a customer adds a member, by the code that is meant', async () => {
  const { app, process, started } = await withSequences({
    any: aSequence({ kind: 'added' }),
    shop: aSequence({ kind: 'added', scenes: ['shop'] }),
    street: aSequence({ kind: 'added', scenes: ['street'] }),
  });
  const { query, body } = sealedEvent({
    ...{ ToUserName: WECOM.corpId, Event: 'change_external_contact', UserID: 's-1' },
    ...{ ChangeType: 'add_external_contact', ExternalUserID: 'wm-1', State: 'shop' },
    CreateTime: Math.floor(NOW / 1000),
  });
  for (const _ of [1, 2]) {
    await request(app).post('/wecom/callback').query(query).type('text/xml').send(body);
    await process();
  }
  expect(started()).toMatchObject([
    { sequence: 'any@1', staffId: 's-1' },
    { sequence: 'shop@1', staffId: 's-1' },
  ]);
});
