import type { DecisionRow } from '../../rules/ledger/rows';
import { aPass, hoursAfter } from '../../test/contracts/builders';
import { createFakeApi } from '../../test/fakes/api';
import { recordOne, reserveOne } from '../../test/support/singles';
import { decisions } from './decisions';

const policy = {
  timezone: 'Asia/Shanghai',
  gaps: [{ id: 'breath', classes: ['marketing'], hours: 4 }],
  caps: [{ id: 'week', classes: ['marketing'], limit: 2, window: { kind: 'rolling', hours: 168 } }],
};
const basis = {
  timezone: 'Asia/Shanghai',
  billDay: 1,
  reachable: true,
  blocked: false,
  consent: 'granted',
  dnd: [],
} as const;

/** A contact who was touched five days and one hour ago, and refused a third marketing message now. */
async function aLedger() {
  const api = await createFakeApi();
  const contact = {
    contactId: 'c-1',
    city: 'guangzhou',
    phone: '13800001234',
    consents: { sms: { marketing: 'granted' } },
  };
  await api.call('put', '/api/v1/contacts:batch', [contact]);
  await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
  await api.call('post', '/api/v1/policies/default/versions/1:publish');
  for (const [touchId, hours] of [
    ['t-1', -120],
    ['t-2', -1],
  ] as const) {
    const read = await api.stores.contacts.find('c-1');
    if (!read) throw new Error('no contact');
    await reserveOne(
      api.stores.touches,
      read,
      aPass(read, { touchId, at: hoursAfter(hours), channel: 'sms', basis }),
    );
    await api.stores.touches.settle('c-1', touchId, {
      settled: 'sent',
      deliveredAt: hoursAfter(hours),
      at: hoursAfter(hours),
    });
  }
  const refused: DecisionRow = {
    ...aPass({ contactId: 'c-1', city: 'guangzhou', touches: [], revision: 3, profileRevision: 1 }),
    touchId: 't-3',
    channel: 'sms',
    basis,
    verdict: 'deferred',
    reason: 'cap',
    rule: 'week',
    until: hoursAfter(48),
    explain: [
      {
        kind: 'gap',
        rule: 'breath',
        answer: 'defer',
        until: hoursAfter(3),
        detail: '4 h after the last',
      },
      { kind: 'cap', rule: 'week', answer: 'defer', until: hoursAfter(48), detail: '2 of 2' },
    ],
  };
  await recordOne(api.stores.touches, refused);
  const ask = (query = '') => api.call('get', `/api/v1/contacts/c-1/decisions${query}`);
  return { ...api, ask };
}

const idsOf = (body: { items: { touchId: string }[] }) => body.items.map(({ touchId }) => touchId);

describe('why, and why not', () => {
  test('tells of a touch every rule in both languages, the touches it counted by id, and when it would pass', async () => {
    const { body, status } = await (await aLedger()).ask('?touchId=t-3');
    expect(status).toBe(200);
    expect(decisions.answer?.safeParse(body).success).toBe(true);
    expect(body).toMatchObject({ contactId: 'c-1', timezone: 'Asia/Shanghai' });
    expect(body.items).toMatchObject([
      {
        touchId: 't-3',
        verdict: 'deferred',
        until: hoursAfter(48),
        policy: 'default@1',
        words: {
          'zh-CN': expect.stringContaining('预计 2026-03-04 10:00 可通过'),
          en: expect.stringContaining('would pass at 2026-03-04 10:00'),
        },
        explain: [
          { rule: 'breath', answer: 'defer', counted: ['t-2'] },
          {
            rule: 'week',
            counted: ['t-2', 't-1'],
            words: {
              'zh-CN': expect.stringContaining('168 小时内已触达 2 次（上限 2 次）'),
              en: expect.stringContaining('2 of 2'),
            },
          },
        ],
      },
    ]);
  });

  test('tells of a date where the customer lives, and still counts what went before it', async () => {
    const ledger = await aLedger();
    const { body } = await ledger.ask('?day=2026-03-02');
    expect(body).toMatchObject({
      from: '2026-03-01T16:00:00.000Z',
      to: '2026-03-02T16:00:00.000Z',
    });
    expect(idsOf(body)).toEqual(['t-2', 't-2', 't-3']);
    expect(body.items[2].explain[1].counted).toEqual(['t-2', 't-1']);
    await ledger.stores.contacts.patch('c-1', { timezone: 'America/New_York' });
    expect((await ledger.ask('?day=2026-03-02')).body.items).toEqual([]);
    expect(idsOf((await ledger.ask('?day=2026-03-01')).body)).toEqual(['t-2', 't-2', 't-3']);
  });

  test('tells of settlements in words, too, and in one language when asked', async () => {
    const { body } = await (await aLedger()).ask('?touchId=t-2&lang=en');
    expect(body.items.map(({ words }: { words: object }) => words)).toEqual([
      { en: 'passes' },
      { en: 'sent at 2026-03-02 09:00' },
    ]);
  });

  test('reads the ledger once, however it is asked', async () => {
    const ledger = await aLedger();
    const read = jest.spyOn(ledger.stores.touches, 'timeline');
    for (const query of ['', '?day=2026-03-02', '?touchId=t-3', `?from=${hoursAfter(-2)}`]) {
      read.mockClear();
      expect((await ledger.ask(query)).status).toBe(200);
      expect(read).toHaveBeenCalledTimes(1);
    }
  });

  test('shows what the gate said when the version of the policy cannot be found', async () => {
    const ledger = await aLedger();
    jest.spyOn(ledger.stores.policies, 'find').mockResolvedValue(null);
    const [row] = (await ledger.ask('?touchId=t-3&lang=en')).body.items;
    expect(row.explain[1]).toMatchObject({ words: { en: expect.stringContaining('2 of 2') } });
    expect(row.explain[1]).not.toHaveProperty('counted');
  });

  test.each([
    ['?day=2026-02-30', 'day'],
    ['?day=2026-03-02&from=2026-03-02T00:00:00Z', 'day'],
    ['?lang=fr', 'lang'],
    ['?touch=t-1', 'touch'],
  ])('refuses %s, naming %s', async (query, path) => {
    const answer = await (await aLedger()).ask(query);
    expect([answer.status, answer.body.issues[0].path]).toEqual([422, path]);
  });
});

describe('asked ahead', () => {
  const ask = (api: Awaited<ReturnType<typeof aLedger>>, touch: object) =>
    api.call('post', '/api/v1/gate:decide', {
      contactId: 'c-1',
      touch: { channel: 'sms', class: 'marketing', ...touch },
    });

  test('says in words what would be said at an instant to come, and writes nothing', async () => {
    const api = await aLedger();
    const before = await api.stores.touches.timeline('c-1');
    const now = (await ask(api, {})).body;
    expect(now).toMatchObject({
      verdict: 'deferred',
      policy: 'default@1',
      words: {
        'zh-CN': expect.stringContaining('可通过'),
        en: expect.stringContaining('would pass at'),
      },
      explain: expect.arrayContaining([
        expect.objectContaining({ rule: 'week', counted: ['t-2', 't-1'] }),
      ]),
    });
    const later = (await ask(api, { at: now.until })).body;
    expect(later).toMatchObject({ verdict: 'pass', words: { 'zh-CN': '可以触达', en: 'passes' } });
    expect(await api.stores.touches.timeline('c-1')).toEqual(before);
  });

  test('asks the policy and the holidays that will be in force then', async () => {
    const api = await aLedger();
    const strict = {
      ...policy,
      effectiveFrom: '2026-04-01T00:00:00+08:00',
      quietHours: [
        { id: 'rest', from: '00:00', to: '23:59', dayKinds: ['rest'], onHit: 'suppress' },
      ],
    };
    await api.call('post', '/api/v1/policies', { id: 'default', body: strict });
    expect((await api.call('post', '/api/v1/policies/default/versions/2:publish')).status).toBe(
      200,
    );
    await api.call('post', '/api/v1/holidays', {
      id: 'cn',
      body: { days: { '2026-04-06': 'rest' }, names: {} },
    });
    await api.call('post', '/api/v1/holidays/cn/versions/1:publish');
    const on = async (at: string) => (await ask(api, { at })).body;
    expect(await on('2026-03-30T10:00:00+08:00')).toMatchObject({
      verdict: 'pass',
      policy: 'default@1',
    });
    expect(await on('2026-04-03T10:00:00+08:00')).toMatchObject({
      verdict: 'pass',
      policy: 'default@2',
    });
    expect(await on('2026-04-06T10:00:00+08:00')).toMatchObject({
      reason: 'quiet-hours',
      rule: 'rest',
      holidays: 'cn@1',
    });
  });

  test("heeds the customer's own quiet hours as soon as they are set", async () => {
    const api = await aLedger();
    const at = '2026-03-12T22:30:00+08:00';
    expect((await ask(api, { at })).body.verdict).toBe('pass');
    await api.call('patch', '/api/v1/contacts/c-1', { quietHours: { from: '22:00', to: '08:00' } });
    expect((await ask(api, { at })).body).toMatchObject({
      verdict: 'deferred',
      rule: 'contact',
      until: '2026-03-13T00:00:00.000Z',
      words: { 'zh-CN': expect.stringContaining('客户自己的静默时段') },
    });
    await api.call('patch', '/api/v1/contacts/c-1', { quietHours: null });
    expect((await ask(api, { at })).body.verdict).toBe('pass');
  });
});
