import { inboundEvent, inboundMalformed } from '../../intake/inbound';
import { type createFakeApi, withContact } from '../../test/fakes/api';

const AT = '2026-03-02T01:59:00.000Z';
const paid = { eventId: 'e-1', type: 'bill-paid', contactId: 'c-1', occurredAt: AT };
type Api = Awaited<ReturnType<typeof createFakeApi>>;

const parked = async (api: Api) => (await api.call('get', '/api/v1/inbox')).body.items;
const act = (api: Api, key: string, verb: string, body: object) =>
  api.call('post', `/api/v1/inbox/${encodeURIComponent(key)}:${verb}`, body);

/** A lead that the pool gave without a product, in the inbox as the poller puts it there. */
async function withMalformedLead() {
  const api = await withContact();
  const row = { leadId: 'l-1', contactId: 'c-1', outcome: 'busy', createdAt: AT };
  await api.deps.intake.put([inboundMalformed('lead', row, Date.parse(AT))]);
  await api.process();
  const [item] = await parked(api);
  return { api, row, key: item.key as string };
}

test('what can never be taken is parked with its reason, counted, and seen by those who may mend it', async () => {
  const { api, key } = await withMalformedLead();
  expect(await parked(api)).toMatchObject([
    { key, kind: 'lead', state: 'parked', reason: { issues: [{ path: 'product' }] } },
  ]);
  expect((await api.call('get', '/api/v1/summary')).body).toMatchObject({ inbox: 0, parked: 1 });
  const { text } = await api.call('get', '/metrics');
  expect(text).toContain('sopflow_inbox_parked 1');
  const viewer = await api.keyFor('viewer');
  expect((await api.call('get', '/api/v1/inbox', undefined, viewer)).status).toBe(403);
  await api.processor.stop();
});

test('a parked item is mended, checked and processed again; what it said before is kept', async () => {
  const { api, row, key } = await withMalformedLead();
  const wrong = await act(api, key, 'replay', { payload: { ...row, product: 'a b' } });
  expect([wrong.status, wrong.body.issues[0].path]).toEqual([422, 'payload.product']);
  expect((await act(api, key, 'replay', {})).status).toBe(422);

  const payload = { ...row, product: 'pack' };
  const mended = await act(api, key, 'replay', { payload, why: '补产品' });
  expect(mended.body).toMatchObject({
    state: 'pending',
    lane: 'contact/c-1',
    history: [{ by: 'admin', did: 'mended', why: '补产品', payload: row }],
  });
  expect((await act(api, key, 'replay', { payload })).status).toBe(409);

  api.waits.pass(3000);
  await api.waits.until(3000);
  await api.processor.idle();
  expect(await api.stores.leads.find('l-1')).toMatchObject({ product: 'pack' });
  expect(await parked(api)).toEqual([]);
  await api.processor.stop();
});

test('an event of a customer whom nobody knew is replayed as it was, once the customer is known', async () => {
  const api = await withContact();
  const event = { ...paid, type: 'bill-paid', contactId: 'c-9', data: {} } as const;
  await api.deps.intake.put([inboundEvent(event, Date.parse(AT))]);
  await api.process();
  expect(await parked(api)).toMatchObject([{ key: 'event/e-1', reason: { code: 'NOT_FOUND' } }]);
  await api.call('put', '/api/v1/contacts:batch', [{ contactId: 'c-9', city: 'guangzhou' }]);
  expect((await act(api, 'event/e-1', 'replay', {})).body).toMatchObject({
    state: 'pending',
    history: [{ did: 'replayed' }],
  });
  api.waits.pass(3000);
  await api.waits.until(3000);
  await api.processor.idle();
  expect(await api.stores.inbox.find('event/e-1')).toMatchObject({ state: 'done' });
  await api.processor.stop();
});

test('a parked item is given up with a reason only, and then for good', async () => {
  const { api, key } = await withMalformedLead();
  expect((await act(api, key, 'discard', {})).status).toBe(422);
  const discarded = await act(api, key, 'discard', { why: '测试数据' });
  expect(discarded.body).toMatchObject({ state: 'discarded', history: [{ why: '测试数据' }] });
  expect((await act(api, key, 'replay', {})).status).toBe(422);
  expect((await act(api, key, 'discard', { why: 'again' })).status).toBe(409);
  expect((await act(api, 'event/none', 'discard', { why: 'x' })).status).toBe(404);
  const list = await api.call('get', '/api/v1/inbox?state=discarded');
  expect(list.body).toMatchObject({ items: [{ key }], next: null });
  await api.processor.stop();
});

test('parked items are paged by cursor', async () => {
  const api = await withContact();
  await api.deps.intake.put([1, 2, 3].map((n) => inboundMalformed('sms', { n }, 0)));
  await api.process();
  const first = (await api.call('get', '/api/v1/inbox?limit=2')).body;
  const second = (
    await api.call('get', `/api/v1/inbox?limit=2&after=${encodeURIComponent(first.next)}`)
  ).body;
  expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null]);
  await api.processor.stop();
});

test('an event with a known id and other content is refused and kept', async () => {
  const api = await withContact();
  await api.call('post', '/api/v1/events:batch', [paid]);
  const other = { ...paid, occurredAt: '2026-03-02T01:58:00.000Z' };
  const { body } = await api.call('post', '/api/v1/events:batch', [paid, other]);
  expect(body).toMatchObject({
    duplicate: 1,
    refused: 1,
    rows: [{ status: 'duplicate' }, { status: 'refused', code: 'CONFLICT', id: 'e-1' }],
  });
  expect(await parked(api)).toMatchObject([
    { payload: other, reason: { code: 'CONFLICT', conflictsWith: 'event/e-1' } },
  ]);
});

test('a call-back of one system cannot be mended into one of another', async () => {
  const api = await withContact();
  await api.deps.intake.put([inboundMalformed('sms', { id: 'x' }, 0)]);
  await api.process();
  const [{ key }] = await parked(api);
  const order = {
    system: 'crm',
    id: 'f1',
    type: 'order',
    orderKey: 'o1',
    orderId: '7',
    contactId: 'c-1',
    product: 'p',
    state: 'completed',
    at: AT,
  };
  const answer = await act(api, key, 'replay', { payload: order });
  expect([answer.status, answer.body.issues[0].path]).toEqual([422, 'payload.system']);
  await api.processor.stop();
});
