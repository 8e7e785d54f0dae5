import { HOUR_MS } from '../../rules/time/durations';
import { createFakeApi, NOW } from '../../test/fakes/api';

const week = (limit: number) => ({
  id: 'week',
  classes: ['marketing'],
  channels: ['wecom'],
  limit,
  window: { kind: 'rolling', hours: 168 },
});
const policy = (limit: number, more: object = {}) => ({
  timezone: 'Asia/Shanghai',
  caps: [week(limit)],
  ...more,
});

async function withVersions(...bodies: object[]) {
  let now = NOW;
  const api = await createFakeApi({ clock: { now: () => now } });
  for (const body of bodies)
    expect((await api.call('post', '/api/v1/policies', { id: 'default', body })).status).toBe(201);
  const publish = (version: number, key?: string) => {
    now += 1; // what is published at the same instant goes by number
    return api.call('post', `/api/v1/policies/default/versions/${version}:publish`, undefined, key);
  };
  return { ...api, publish };
}

describe('what a version changes', () => {
  it('is told in words of both languages, against the version named', async () => {
    const api = await withVersions(policy(3), policy(2));
    const answer = await api.call('get', '/api/v1/policies/default/versions/2/diff?against=1');
    expect(answer.body).toMatchObject({ before: 'default@1', after: 'default@2' });
    expect(answer.body.items.map(({ words }: { words: unknown }) => words)).toEqual([
      {
        'zh-CN': '每周上限 3 → 2（营销，企业微信）',
        en: 'weekly cap 3 → 2 for marketing on WeCom',
      },
    ]);
  });

  it('is told against the version in force when none is named', async () => {
    const api = await withVersions(
      policy(3),
      policy(2),
      policy(1, { cities: { yunfu: { caps: [week(0)] } } }),
    );
    expect((await api.call('get', '/api/v1/policies/default/versions/3/diff')).status).toBe(404);
    await api.publish(2);
    const { body } = await api.call('get', '/api/v1/policies/default/versions/3/diff');
    expect(body.before).toBe('default@2');
    expect(body.items.map(({ words }: { words: { en: string } }) => words.en)).toEqual([
      'weekly cap 2 → 1 for marketing on WeCom',
      'yunfu: added: weekly cap 0 for marketing on WeCom',
    ]);
  });

  it('is not told of versions that do not exist', async () => {
    const api = await withVersions(policy(3));
    expect(
      (await api.call('get', '/api/v1/policies/default/versions/1/diff?against=7')).status,
    ).toBe(404);
    expect(
      (await api.call('get', '/api/v1/policies/default/versions/1/diff?against=0')).status,
    ).toBe(422);
  });
});

describe('a policy that is checked', () => {
  const validate = async (body: object) =>
    (await (await createFakeApi()).call('post', '/api/v1/policies:validate', body)).body;

  it('is valid, with what its author probably did not mean', async () => {
    expect(await validate(policy(3))).toEqual({ valid: true, issues: [], warnings: [] });
    const answer = await validate(
      policy(3, { quietHours: [{ id: 'all', from: '00:00', to: '00:00' }] }),
    );
    expect(answer.valid).toBe(true);
    expect(answer.warnings).toContainEqual(
      expect.objectContaining({ path: 'quietHours', kind: 'always-quiet' }),
    );
  });

  it('tells of a city only what its own rules add', async () => {
    const never = { ...week(3), id: 'none', classes: [] };
    const answer = await validate(
      policy(3, {
        caps: [week(3), never],
        cities: { yunfu: { caps: [{ ...never, id: 'own', channels: [] }] } },
      }),
    );
    const cities = answer.warnings.map(
      ({ city, path }: { city?: string; path: string }) => `${city ?? ''} ${path}`,
    );
    expect(cities).toEqual([' caps[1].classes', 'yunfu caps[2].channels']);
  });

  it.each([
    ['a negative limit', policy(-1), 'caps[0].limit', '-1', 'a number >= 0'],
    [
      'an unknown window',
      { ...policy(1), caps: [{ ...week(1), window: { kind: 'fortnight' } }] },
      'caps[0].window.kind',
      '"fortnight"',
      'calendar, rolling',
    ],
    [
      'an unknown zone',
      policy(1, { timezone: 'Mars/Base' }),
      'timezone',
      '"Mars/Base"',
      'an IANA time zone',
    ],
    [
      'a city looser than the province',
      policy(3, { cities: { yunfu: { caps: [week(5)] } } }),
      'cities.yunfu.caps[0].limit',
      '5',
      'at most 3, as in the province',
    ],
  ])(
    'is refused for %s with path, value and bound, also as a draft',
    async (_, body, path, value, allowed) => {
      const issue = { path, value, allowed: expect.stringContaining(allowed) };
      expect(await validate(body)).toMatchObject({ valid: false, issues: [issue] });
      const api = await createFakeApi();
      const drafted = await api.call('post', '/api/v1/policies', { id: 'default', body });
      expect([drafted.status, drafted.body.issues[0]]).toMatchObject([
        422,
        { ...issue, path: `body.${path}` },
      ]);
    },
  );
});

describe('publishing a policy', () => {
  const inForce = async (api: Awaited<ReturnType<typeof withVersions>>) =>
    (await api.call('get', '/api/v1/policies/default')).body;

  it('puts it in force at its own instant and not before', async () => {
    const later = new Date(NOW + HOUR_MS).toISOString();
    const api = await withVersions(policy(3), policy(2, { effectiveFrom: later }));
    await api.publish(1);
    expect((await api.publish(2)).body).toMatchObject({ version: 2, state: 'published' });
    expect(await inForce(api)).toMatchObject({ version: 1 });
    const ask = async (at: string) => {
      await api.stores.contacts.upsertMany([
        { contactId: 'c-1', city: 'yunfu', channels: { wecom: { reachable: true } } },
      ]);
      const touch = { channel: 'wecom', class: 'marketing', at };
      return (await api.call('post', '/api/v1/gate:decide', { contactId: 'c-1', touch })).body
        .policy;
    };
    expect(await ask(new Date(NOW + 1000).toISOString())).toBe('default@1');
    expect(await ask(later)).toBe('default@2');
  });

  it('goes back to an earlier version, and keeps who did what', async () => {
    const api = await withVersions(policy(3), policy(2));
    await api.publish(1);
    await api.publish(2);
    expect(await inForce(api)).toMatchObject({ version: 2 });
    expect((await api.publish(1, await api.keyFor('ops'))).status).toBe(200);
    expect(await inForce(api)).toMatchObject({ version: 1, body: { caps: [{ limit: 3 }] } });
    const { body } = await api.call('get', '/api/v1/policies/default/publications');
    expect(
      body.items.map(({ version, author }: { version: number; author: string }) => [
        version,
        author,
      ]),
    ).toEqual([
      [1, 'admin'],
      [2, 'admin'],
      [1, 'ops'],
    ]);
    expect((await api.call('get', '/api/v1/policies/other/publications')).status).toBe(404);
    expect((await api.publish(2, await api.keyFor('viewer'))).status).toBe(403);
  });

  it("asks the gate by the rules of the contact's city", async () => {
    const api = await withVersions(policy(3, { cities: { yunfu: { caps: [week(0)] } } }));
    await api.publish(1);
    const verdictIn = async (city: string) => {
      await api.stores.contacts.upsertMany([
        { contactId: city, city, channels: { wecom: { reachable: true } } },
      ]);
      const asked = { contactId: city, touch: { channel: 'wecom', class: 'marketing' } };
      return (await api.call('post', '/api/v1/gate:decide', asked)).body.verdict;
    };
    expect([await verdictIn('yunfu'), await verdictIn('maoming')]).toEqual(['suppressed', 'pass']);
  });
});

describe('a rule about days of rest', () => {
  const byKinds = {
    timezone: 'Asia/Shanghai',
    quietHours: [{ id: 'q', from: '21:00', to: '09:00', dayKinds: ['rest'] }],
  };

  it('is warned of years whose holidays are only predicted, or not even that', async () => {
    const api = await createFakeApi({ clock: { now: () => Date.parse('2026-12-01T00:00:00Z') } });
    const body = {
      days: { '2026-10-01': 'rest' },
      predicted: { '2027-10-01': 'rest' },
      names: {},
    };
    await api.call('post', '/api/v1/holidays', { id: 'cn', body });
    await api.call('post', '/api/v1/holidays/cn/versions/1:publish');

    const { warnings } = (await api.call('post', '/api/v1/policies:validate', byKinds)).body;
    expect(warnings).toEqual([
      expect.objectContaining({
        path: 'quietHours[0].dayKinds',
        kind: 'unannounced-year',
        words: {
          'zh-CN': expect.stringContaining('2027 年节假日安排尚未公布（表中 1 天仅为预测'),
          en: expect.stringContaining('(1 days of the table are predictions and decide nothing)'),
        },
      }),
    ]);
  });

  it('is warned of nothing in a year that is arranged', async () => {
    const api = await createFakeApi({ clock: { now: () => Date.parse('2026-03-01T00:00:00Z') } });
    const body = { days: { '2026-10-01': 'rest' }, names: {} };
    await api.call('post', '/api/v1/holidays', { id: 'cn', body });
    await api.call('post', '/api/v1/holidays/cn/versions/1:publish');
    const { body: answer } = await api.call('post', '/api/v1/policies:validate', byKinds);
    expect(answer.warnings).toEqual([]);
  });

  it('is told that what is predicted cannot be arranged as well', async () => {
    const api = await createFakeApi();
    const day = { '2027-10-01': 'rest' };
    const body = { days: day, predicted: day, names: {} };
    expect((await api.call('post', '/api/v1/holidays', { id: 'cn', body })).status).toBe(422);
  });
});
