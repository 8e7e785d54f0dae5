import { runPolicyReplay } from '../../reports/policyReplay/run';
import type { DecisionRow } from '../../rules/ledger/rows';
import { HOUR_MS } from '../../rules/time/durations';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { recordOne } from '../../test/support/singles';

const week = (limit: number) => ({
  timezone: 'Asia/Shanghai',
  caps: [{ id: 'week', limit, window: { kind: 'rolling', hours: 168 }, onHit: 'suppress' }],
});
const passed = (contactId: string, hoursAgo: number): DecisionRow => ({
  kind: 'decision',
  touchId: `${contactId}-${hoursAgo}`,
  attempt: 1,
  contactId,
  city: 'yunfu',
  channel: 'sms',
  class: 'marketing',
  campaign: 'spring',
  at: new Date(NOW - hoursAgo * HOUR_MS).toISOString(),
  verdict: 'suppressed',
  reason: 'cap',
  rule: 'day',
  explain: [],
  policy: 'default@1',
  journey: 'overage',
  step: 'offer',
  workflowId: 'w',
  runId: 'r',
  revision: 0,
  basis: {
    timezone: 'Asia/Shanghai',
    billDay: 1,
    reachable: true,
    blocked: false,
    consent: 'granted',
    dnd: [],
  },
});

async function withLedger() {
  const api = await createFakeApi();
  for (const contactId of ['c-1', 'c-2']) {
    await api.stores.contacts.upsertMany([{ contactId, city: 'yunfu' }]);
    for (const hoursAgo of [1, 30])
      await recordOne(api.stores.touches, passed(contactId, hoursAgo));
  }
  return {
    ...api,
    async ended(id: string) {
      for (;;) {
        const { body } = await api.call('get', `/api/v1/backtests/${id}`);
        if (body.state !== 'running') return body;
      }
    },
  };
}

describe('a back-test', () => {
  it('plays the last days through a proposal and tells who is gained, in words', async () => {
    const api = await withLedger();
    const started = await api.call('post', '/api/v1/policies:backtest', {
      policy: week(1),
      days: 7,
    });
    expect(started.status).toBe(202);
    expect(started.body).toMatchObject({
      state: 'running',
      policy: 'proposed',
      days: 7,
      author: 'admin',
    });
    expect(started.headers.location).toBe(`/api/v1/backtests/${started.body.id}`);
    const ended = await api.ended(started.body.id);
    expect(ended).toMatchObject({ state: 'done', progress: { read: 4, played: 4 } });
    expect(ended.report).toMatchObject({
      opportunities: 4,
      contacts: 2,
      gained: { opportunities: 2, contacts: 2 },
    });
    expect(ended.report.groups).toEqual([
      {
        ...{
          outcome: 'gained',
          city: 'yunfu',
          channel: 'sms',
          campaign: 'spring',
          reason: 'cap',
          rule: 'day',
        },
        ...{ opportunities: 2, contacts: 2 },
        words: { 'zh-CN': expect.stringContaining('day'), en: expect.stringContaining('cap') },
      },
    ]);
    expect(await api.stores.touches.timeline('c-1')).toHaveLength(2);
    const { items } = (await api.call('get', '/api/v1/backtests')).body;
    expect(items).toMatchObject([{ id: started.body.id, state: 'done' }]);
    expect(items[0]).not.toHaveProperty('report');
  });

  it('plays a version that is drafted, and reads only as far back as it can matter', async () => {
    const api = await withLedger();
    await api.call('post', '/api/v1/policies', {
      id: 'default',
      body: { timezone: 'Asia/Shanghai' },
    });
    await api.stores.contacts.upsertMany([{ contactId: 'long-ago', city: 'yunfu' }]);
    await recordOne(api.stores.touches, passed('long-ago', 24 * 9));
    const started = await api.call('post', '/api/v1/policies:backtest', {
      id: 'default',
      version: 1,
      days: 1,
    });
    expect(started.body.policy).toBe('default@1');
    expect(await api.ended(started.body.id)).toMatchObject({
      progress: { read: 4 },
      report: { opportunities: 2 },
    });
  });

  it('can be cancelled, runs alone, and is over when it has ended', async () => {
    const api = await withLedger();
    const start = () =>
      api.deps.policyReplays.start({ policy: 'p', days: 1, author: 'a' }, (means) =>
        runPolicyReplay({ ...endless, ...means }),
      );
    const endless = {
      rows: (async function* () {
        for (let i = 0; ; i++) yield [{ ...passed('c', 1), touchId: `t-${i}` }];
      })(),
      policy: { id: 'p', version: 0, timezone: 'Asia/Shanghai' },
      holidays: {},
      days: 1,
    };
    const { id } = start();
    const second = await api.call('post', '/api/v1/policies:backtest', {
      policy: week(1),
      days: 7,
    });
    expect([second.status, second.body.detail]).toEqual([409, expect.stringContaining(id)]);
    expect((await api.call('post', `/api/v1/backtests/${id}:cancel`)).body.state).toBe('cancelled');
    while (
      (await api.call('post', '/api/v1/policies:backtest', { policy: week(1), days: 7 })).status ===
      409
    );
    expect((await api.call('post', `/api/v1/backtests/${id}:cancel`)).body.state).toBe('cancelled');
  });

  it('says why it failed', async () => {
    const api = await createFakeApi();
    const rows = (async function* () {
      yield [{ ...passed('c', 1), at: 'yesterday' }];
    })();
    const policy = { id: 'p', version: 0, timezone: 'Asia/Shanghai' };
    const { id } = api.deps.policyReplays.start({ policy: 'p', days: 1, author: 'a' }, (means) =>
      runPolicyReplay({ rows, policy, holidays: {}, days: 1, ...means }),
    );
    while (api.deps.policyReplays.find(id)?.state === 'running') await new Promise(setImmediate);
    expect(api.deps.policyReplays.find(id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('yesterday'),
    });
  });

  it.each([
    [{ policy: { ...week(-1) }, days: 7 }, 'policy.caps[0].limit'],
    [{ days: 7 }, 'policy'],
    [{ id: 'default', days: 7 }, 'policy'],
    [{ policy: week(1), id: 'default', version: 1, days: 7 }, 'policy'],
    [{ policy: week(1), days: 0 }, 'days'],
  ])('is refused for %j', async (body, path) => {
    const api = await createFakeApi();
    const answer = await api.call('post', '/api/v1/policies:backtest', body);
    expect([answer.status, answer.body.issues[0].path]).toEqual([422, path]);
    expect((await api.call('get', '/api/v1/backtests')).body.items).toEqual([]);
  });

  it('is nothing that exists when it does not', async () => {
    const api = await createFakeApi();
    expect((await api.call('get', '/api/v1/backtests/x')).status).toBe(404);
    expect((await api.call('post', '/api/v1/backtests/x:cancel')).status).toBe(404);
    const answer = await api.call('post', '/api/v1/policies:backtest', {
      id: 'default',
      version: 3,
      days: 1,
    });
    expect(answer.status).toBe(404);
  });
});
