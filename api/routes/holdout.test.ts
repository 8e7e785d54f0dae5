import type { DecisionRow } from '../../rules/ledger/rows';
import { createFakeApi } from '../../test/fakes/api';
import { recordOne, reserveOne } from '../../test/support/singles';

const AT = '2026-03-02T02:00:00.000Z';
const row = (contactId: string, held: boolean, over: Partial<DecisionRow> = {}): DecisionRow => ({
  kind: 'decision',
  touchId: `${contactId}-${over.campaign ?? 'spring'}`,
  attempt: 1,
  contactId,
  city: 'yunfu',
  channel: 'sms',
  class: 'marketing',
  campaign: 'spring',
  at: AT,
  verdict: 'suppressed',
  ...(held ? { reason: 'holdout', rule: 'holdout' } : { reason: 'cap', rule: 'day' }),
  explain: [],
  policy: 'default@1',
  journey: 'overage',
  step: 'offer',
  workflowId: 'w',
  runId: 'r',
  revision: 0,
  ...over,
});

type Api = Awaited<ReturnType<typeof createFakeApi>>;

async function treat(api: Api, contactId: string, over: Partial<DecisionRow> = {}) {
  const city = over.city ?? 'yunfu';
  await api.stores.contacts.upsertMany([{ contactId, city }]);
  const contact = await api.stores.contacts.find(contactId);
  if (!contact) throw new Error('it was just made');
  const { reason: _reason, rule: _rule, ...pass } = row(contactId, false, over);
  await reserveOne(api.stores.touches, contact, {
    ...pass,
    verdict: 'pass',
    revision: contact.revision + 1,
  });
}
async function hold(api: Api, contactId: string, over: Partial<DecisionRow> = {}) {
  await api.stores.contacts.upsertMany([{ contactId, city: over.city ?? 'yunfu' }]);
  await recordOne(api.stores.touches, row(contactId, true, over));
}
const order = (
  api: Api,
  contactId: string,
  at: string,
  state: 'completed' | 'accepted' | 'rejected' = 'completed',
) =>
  api.stores.orders.save({
    orderKey: `o/${contactId}/${at}`,
    orderId: 'o',
    contactId,
    product: 'p',
    state,
    at,
  });

const ask = async (api: Api, more = '', key?: string) =>
  await api.call(
    'get',
    `/api/v1/holdout?from=2026-03-01T00:00:00Z&to=2026-03-10T00:00:00Z${more}`,
    undefined,
    key,
  );

describe('the holdout report', () => {
  it('counts who ordered in time, treated against held out, and says it in words', async () => {
    const api = await createFakeApi();
    for (const id of ['t-1', 't-2', 't-3', 't-4']) await treat(api, id);
    for (const id of ['h-1', 'h-2']) await hold(api, id);
    await api.stores.contacts.upsertMany([{ contactId: 'capped', city: 'yunfu' }]);
    await recordOne(api.stores.touches, row('capped', false));
    await order(api, 't-1', '2026-03-05T00:00:00.000Z');
    await order(api, 't-1', '2026-03-06T00:00:00.000Z');
    await order(api, 't-2', AT, 'accepted');
    await order(api, 't-3', '2026-03-05T00:00:00.000Z', 'rejected');
    await order(api, 't-4', '2026-03-01T00:00:00.000Z');
    await order(api, 'h-1', '2026-03-31T00:00:00.000Z');
    await order(api, 'capped', '2026-03-05T00:00:00.000Z');
    const { body } = await ask(api);
    expect(body).toMatchObject({
      treated: { contacts: 4, conversions: 2, rate: 0.5 },
      heldOut: { contacts: 2, conversions: 1, rate: 0.5 },
      difference: 0,
      significant: false,
      mixed: 0,
      words: {
        en: expect.stringContaining('treated 2/4'),
        'zh-CN': expect.stringContaining('触达组 2/4'),
      },
    });
    expect(body.interval[0]).toBeLessThan(0);
    expect((await ask(api, '&days=5')).body.heldOut.conversions).toBe(0);
  });

  it('counts only decisions of the period and the campaign', async () => {
    const api = await createFakeApi();
    await treat(api, 't-1');
    await treat(api, 't-2', { campaign: 'summer' });
    await hold(api, 'h-1', { at: '2026-02-28T23:59:59.999Z' });
    await hold(api, 'h-2', { at: '2026-03-10T00:00:00.000Z' });
    await hold(api, 'h-3', { at: '2026-03-09T23:59:59.999Z' });
    expect((await ask(api)).body).toMatchObject({
      treated: { contacts: 2 },
      heldOut: { contacts: 1 },
    });
    expect((await ask(api, '&campaign=summer')).body).toMatchObject({
      treated: { contacts: 1 },
      heldOut: { contacts: 0, rate: null },
      difference: null,
    });
  });

  it('counts in neither arm who was held out of one campaign and touched by another', async () => {
    const api = await createFakeApi();
    await treat(api, 'c-1');
    await hold(api, 'c-1', { campaign: 'summer' });
    expect((await ask(api)).body).toMatchObject({
      treated: { contacts: 0 },
      heldOut: { contacts: 0 },
      mixed: 1,
    });
    expect((await ask(api, '&campaign=spring')).body).toMatchObject({
      treated: { contacts: 1 },
      mixed: 0,
    });
  });

  it('tells a key of some cities of those cities alone', async () => {
    const api = await createFakeApi();
    await treat(api, 't-1');
    await treat(api, 't-2', { city: 'maoming' });
    await order(api, 't-2', '2026-03-05T00:00:00.000Z');
    const key = await api.keyFor('viewer', ['maoming']);
    expect((await ask(api, '', key)).body.treated).toMatchObject({ contacts: 1, conversions: 1 });
    expect((await ask(api, '&city=yunfu', key)).body.treated.contacts).toBe(0);
    expect((await ask(api, '&city=yunfu')).body.treated).toMatchObject({
      contacts: 1,
      conversions: 0,
    });
  });

  it('is refused for a period that ends before it begins', async () => {
    const api = await createFakeApi();
    const answer = await api.call(
      'get',
      '/api/v1/holdout?from=2026-03-10T00:00:00Z&to=2026-03-01T00:00:00Z',
    );
    expect([answer.status, answer.body.issues[0].path]).toEqual([422, 'to']);
  });
});
