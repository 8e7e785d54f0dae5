import { createFakeApi } from '../../test/fakes/api';
import { publishText } from '../../test/fakes/texts';
import { ROUTES } from '../routes';

const PATH = '/api/v1/calendars/month-cycle/versions';
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const aSlot = (more: object = {}) => ({
  id: 'balance',
  anchor: { kind: 'weekly', weekdays: everyDay },
  at: '10:00',
  touch: { channel: 'wecom', class: 'marketing', template: 't-1' },
  ...more,
});
const HOLIDAYS = { days: { '2026-10-01': 'rest' }, names: { 'national-day': ['2026-10-01'] } };
const fits = (method: string, path: string, given: unknown): boolean => {
  const route = ROUTES.find((each) => each.method === method && each.path === path);
  return route?.endpoint.answer?.safeParse(given).success ?? false;
};

async function withVersions(...bodies: object[]) {
  const api = await createFakeApi();
  const designer = await api.keyFor('designer');
  await publishText(api);
  await api.call('post', '/api/v1/holidays', { id: 'cn', body: HOLIDAYS });
  await api.call('post', '/api/v1/holidays/cn/versions/1:publish');
  for (const body of bodies)
    await api.call(
      'post',
      '/api/v1/calendars',
      { id: 'month-cycle', body: { timezone: 'Asia/Shanghai', slots: [aSlot()], ...body } },
      designer,
    );
  const relations = [{ staffId: 's-1', externalUserId: 'wm-1', addedAt: '2026-01-01T00:00:00Z' }];
  await api.stores.contacts.upsertMany([
    { contactId: 'c-1', city: 'guangzhou', brand: 'globe' },
    { contactId: 'c-2', city: 'yunfu', brand: 'mzone' },
  ]);
  for (const relation of relations)
    await api.stores.contacts.relate('c-1', { ...relation, state: 'friend' });

  return {
    ...api,
    designer,
    validate: (version: number, key?: string) =>
      api.call('post', `${PATH}/${version}:validate`, {}, key),
    compare: (version: number, body: object = {}, key?: string) =>
      api.call('post', `${PATH}/${version}:compare`, body, key),
  };
}

describe('a validation', () => {
  it('names every fault with its place, and says each in both languages', async () => {
    const { validate, call } = await withVersions({
      phases: [
        { id: 'start', fromDay: 1, toDay: 5 },
        { id: 'middle', fromDay: 5, toDay: 20 },
      ],
      slots: [
        aSlot({ spreadMinutes: 90, expiresAfterHours: 1, delivery: { fallback: ['wecom'] } }),
      ],
    });
    const { status, body } = await validate(1);
    expect([status, body.valid]).toEqual([200, false]);
    expect(fits('post', '/api/v1/calendars/{id}/versions/{version}:validate', body)).toBe(true);
    const places = (found: { path: string; kind: string }[]) =>
      found.map(({ path, kind }) => [path, kind]);
    expect(places(body.errors)).toEqual([
      ['phases[1].fromDay', 'phases-overlap'],
      ['slots[0].expiresAfterHours', 'expires-before-end'],
      ['slots[0].delivery.fallback[0]', 'fallback-repeats'],
    ]);
    expect(places(body.warnings)).toEqual([['phases', 'days-free']]);
    expect(body.errors[0].words['zh-CN']).toBe('阶段「middle」与「start」重叠：每月 5 日');

    const approval = await call('post', `${PATH}/1:approve`, {});
    expect(approval.status).toBe(422);
    expect(places(approval.body.issues).map(([path]) => path)).toEqual(
      places(body.errors).map(([path]) => path),
    );
    expect(approval.body.detail).toContain('month-cycle@1 cannot be approved');
  });

  it('names what a slot refers to and is not there, and a product that is off the shelf', async () => {
    const touch = { channel: 'wecom', class: 'marketing', product: 'p-58', template: 't-2' };
    const { validate, call } = await withVersions({ slots: [aSlot({ touch })] });
    const product = { id: 'p-58', name: '畅享58', kind: 'plan', fee: 58, onShelf: false };
    const body = { products: [product], migrations: [] };
    await call('post', '/api/v1/catalogues', { id: 'default', body });
    await call('post', '/api/v1/catalogues/default/versions/1:publish');

    expect((await validate(1)).body.errors).toMatchObject([
      { path: 'slots[0].touch.product', kind: 'off-shelf', value: 'p-58', slot: 'balance' },
      { path: 'slots[0].touch.template', kind: 'unknown', value: 't-2', nearest: 't-1' },
    ]);
    expect(await call('post', `${PATH}/1:approve`, {})).toMatchObject({
      status: 422,
      body: { issues: [{ path: 'slots[0].touch.product' }, { path: 'slots[0].touch.template' }] },
    });
  });

  it('warns of holidays that the table in force lacks', async () => {
    const { validate, call } = await withVersions({
      slots: [aSlot({ anchor: { kind: 'holiday', name: 'national-dya' }, shift: 'next' })],
    });
    const unknown = { path: 'slots[0].anchor.name', kind: 'unknown-holiday' };
    expect((await validate(1)).body.warnings).toMatchObject([unknown]);

    await call('post', '/api/v1/holidays', { id: 'cn', body: { days: {}, names: {} } });
    await call('post', '/api/v1/holidays/cn/versions/2:publish');
    expect((await validate(1)).body).toMatchObject({
      valid: true,
      warnings: [{ kind: 'unarranged-year', year: 2026, slots: ['balance'] }, unknown],
    });
  });

  it('counts whom its slots reach, and who lacks a word of the text', async () => {
    const template = { class: 'marketing', channel: 'sms', text: '{{name}}您好' };
    const touch = { channel: 'sms', class: 'marketing', template: 't-hello@1' };
    const { validate, call } = await withVersions({
      slots: [
        aSlot({ id: 'none', audience: { brand: 'nobody' } }),
        aSlot({ id: 'all', audience: { brand: { $ne: 'nobody' } } }),
        aSlot({ id: 'named', touch }),
      ],
    });
    await call('post', '/api/v1/templates', { id: 't-hello', body: template });
    await call('post', '/api/v1/templates/t-hello/versions/1:publish');
    const { body } = await validate(1);
    expect(body).toMatchObject({
      valid: true,
      job: { state: 'done', progress: { read: 2, of: 2 } },
      warnings: [
        { path: 'slots[0].audience', kind: 'reaches-nobody', contacts: 2 },
        { path: 'slots[1].audience', kind: 'reaches-everybody', contacts: 2 },
        {
          ...{ path: 'slots[2].touch.template', kind: 'lacks-variable', variable: 'name' },
          ...{ contacts: 2, reached: 2, first: ['c-1', 'c-2'] },
        },
      ],
    });
  });

  it('counts for a key of some cities only their contacts', async () => {
    const { validate, keyFor } = await withVersions({
      slots: [aSlot({ audience: { brand: 'x' } })],
    });
    const own = await keyFor('designer', ['yunfu']);
    expect((await validate(1, own)).body.warnings).toMatchObject([{ contacts: 1 }]);
  });
});

describe('a comparison', () => {
  it('says what a version changes in words, and against nothing that all of it is new', async () => {
    const { call } = await withVersions({}, { slots: [aSlot({ at: '11:00' })] });
    const first = await call('get', `${PATH}/1/diff`);
    expect(fits('get', '/api/v1/calendars/{id}/versions/{version}/diff', first.body)).toBe(true);
    expect(first.body).toMatchObject({
      ...{ before: null, after: 'month-cycle@1' },
      items: [{ part: 'slot', change: 'added' }],
    });

    await call('post', `${PATH}/1:approve`, {});
    expect((await call('get', `${PATH}/2/diff`)).body).toMatchObject({
      ...{ before: 'month-cycle@1', after: 'month-cycle@2' },
      items: [
        {
          ...{ part: 'slot', id: 'balance', field: 'at', before: '10:00', after: '11:00' },
          words: {
            'zh-CN': '时段「balance」：时刻 10:00 → 11:00',
            en: 'slot "balance": time 10:00 → 11:00',
          },
        },
      ],
    });
    expect((await call('get', `${PATH}/1/diff?against=2`)).body.before).toBe('month-cycle@2');
    expect((await call('get', `${PATH}/1/diff?against=9`)).status).toBe(404);
  });

  it('counts occurrences, contacts and what staff confirm by day, before and after', async () => {
    const narrow = { slots: [aSlot({ audience: { brand: 'globe' } }), aSlot({ id: 'second' })] };
    const { compare } = await withVersions({}, narrow);
    const { status, body } = await compare(2, { against: 1, from: '2026-03-02', to: '2026-03-03' });
    expect(status).toBe(200);
    expect(fits('post', '/api/v1/calendars/{id}/versions/{version}:compare', body)).toBe(true);
    expect(body.items).toHaveLength(2);
    const { before, after } = body.job.report;
    expect([before.occurrences, after.occurrences]).toEqual([4, 6]);
    expect([before.contacts, after.contacts]).toEqual([2, 2]);
    expect(after.days[0]).toEqual({
      ...{ date: '2026-03-02', occurrences: 3, contacts: 2 },
      ...{ confirmations: 2, staff: 1, mostOfOne: 2 },
    });
    expect(before.staff[0]).toEqual({ staffId: 's-1', date: '2026-03-02', confirmations: 1 });
  });

  it('is of the next 31 days unless it is said otherwise', async () => {
    const { compare } = await withVersions({});
    const { body } = await compare(1);
    expect([body.from, body.to]).toEqual(['2026-03-02', '2026-04-01']);
    expect(body.job.report).toMatchObject({ before: null, after: { occurrences: 62 } });
    expect((await compare(1, { from: '2026-03-02', to: '2026-03-01' })).body.issues).toMatchObject([
      { path: 'to', value: '2026-03-01' },
    ]);
  });
});

describe('a count that goes on', () => {
  const endless = async ({ signal }: { readonly signal: AbortSignal }) => {
    for (;;) {
      signal.throwIfAborted();
      await new Promise(setImmediate);
    }
  };

  it('shows how far it is and can be cancelled', async () => {
    const { call, deps } = await withVersions({});
    const { id } = deps.calendarCounts.start({ calendar: 'a@1', author: 'x' }, endless);
    const path = `/api/v1/calendar-counts/${id}`;
    expect((await call('get', path)).body).toMatchObject({ state: 'running', calendar: 'a@1' });
    expect((await call('get', '/api/v1/calendar-counts')).body.items).toHaveLength(1);
    expect((await call('post', `${path}:cancel`)).body.state).toBe('cancelled');
    await deps.calendarCounts.ended(id);
    expect((await call('get', path)).body.state).toBe('cancelled');
    expect((await call('get', '/api/v1/calendar-counts/nothing')).status).toBe(404);
  });

  it('is not shown to who may not see all that it counts', async () => {
    const { call, deps, keyFor } = await withVersions({});
    const start = (cities?: readonly string[]) =>
      deps.calendarCounts.start(
        { calendar: 'a@1', author: 'x', ...(cities && { cities }) },
        endless,
      );
    const [all, own] = [start(), start(['yunfu'])];
    const yunfu = await keyFor('designer', ['yunfu']);
    const seen = async (id: string) =>
      (await call('get', `/api/v1/calendar-counts/${id}`, undefined, yunfu)).status;
    expect([await seen(all.id), await seen(own.id)]).toEqual([404, 200]);
    expect(
      (await call('get', '/api/v1/calendar-counts', undefined, yunfu)).body.items,
    ).toHaveLength(1);
    for (const { id } of [all, own]) deps.calendarCounts.cancel(id);
  });

  it('waits its turn when three are going', async () => {
    const { validate, deps } = await withVersions({});
    const ids = [1, 2, 3].map(
      () => deps.calendarCounts.start({ calendar: 'a@1', author: 'x' }, endless).id,
    );
    expect(await validate(1)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    for (const id of ids) deps.calendarCounts.cancel(id);
  });
});
