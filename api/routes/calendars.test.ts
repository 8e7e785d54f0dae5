import { createCalendarTeller } from '../../intake/calendars';
import { waveId } from '../../rules/calendar/wave';
import { DAY_MS } from '../../rules/time/durations';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { publishText } from '../../test/fakes/texts';
import { ROUTES } from '../routes';

const PATH = '/api/v1/calendars';
const body = {
  timezone: 'Asia/Shanghai',
  cities: ['guangzhou'],
  slots: [
    {
      id: 'balance',
      anchor: { kind: 'billDay', offsetDays: 1 },
      at: '10:00',
      audience: { 'plan.fee': null },
      touch: { channel: 'wecom', class: 'marketing', template: 't-1' },
    },
  ],
};
const later = (days: number): string => new Date(NOW + days * DAY_MS).toISOString();
const fits = (method: string, path: string, given: unknown): boolean => {
  const route = ROUTES.find((each) => each.method === method && each.path === path);
  return route?.endpoint.answer?.safeParse(given).success ?? false;
};

async function withDraft(more: object = {}) {
  const api = await createFakeApi();
  const designer = await api.keyFor('designer');
  const draft = (given: object = {}, key = designer, id = 'month-cycle') =>
    api.call('post', PATH, { id, body: { ...body, ...more, ...given } }, key);
  await draft();
  await publishText(api);

  return {
    ...api,
    designer,
    draft,
    act: (name: string, given: object = { reason: 'a wrong price' }, key?: string) =>
      api.call('post', `${PATH}/month-cycle${name}`, given, key),
    approve: (version: number, given: object = {}, key?: string) =>
      api.call('post', `${PATH}/month-cycle/versions/${version}:approve`, given, key),
    show: async () => (await api.call('get', `${PATH}/month-cycle`)).body,
  };
}

describe('a draft', () => {
  it('is kept as a version, with the nulls of its conditions, and is in force nowhere', async () => {
    const { draft, show, call } = await withDraft();
    const answer = await draft({ name: '月度日历' });
    expect(answer.status).toBe(201);
    expect(fits('post', PATH, answer.body)).toBe(true);
    expect(answer.body).toEqual({
      ...{ id: 'month-cycle', version: 2, state: 'draft', author: 'designer', approvals: [] },
      at: new Date(NOW).toISOString(),
      body: { id: 'month-cycle', version: 2, name: '月度日历', ...body },
    });
    expect(await show()).toMatchObject({ state: 'draft', newest: 2, inForce: null, ahead: [] });
    const { items } = (await call('get', `${PATH}/month-cycle/versions`)).body;
    expect(items.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    expect((await call('get', `${PATH}/month-cycle/versions/1`)).body.body.version).toBe(1);
    expect((await call('get', `${PATH}/month-cycle/versions/3`)).status).toBe(404);
    expect((await call('get', `${PATH}/nothing`)).status).toBe(404);
  });

  it('is refused with every place that is wrong', async () => {
    const { draft } = await withDraft();
    const [slot] = body.slots;
    const answer = await draft({ colour: 'red', slots: [{ ...slot, at: '25:00' }] });
    expect(answer.status).toBe(422);
    expect(answer.body.issues.map(({ path }: { path: string }) => path)).toEqual([
      'body.slots[0].at',
      'body.colour',
    ]);
  });
});

describe('an approval', () => {
  it('puts a version in force and tells the run of the calendar', async () => {
    const { approve, show, engine, call } = await withDraft();
    const answer = await approve(1, { reason: '已核对' });
    expect(answer.status).toBe(200);
    expect(fits('get', `${PATH}/{id}`, answer.body)).toBe(true);
    expect(await show()).toMatchObject({
      state: 'active',
      inForce: 1,
      takeovers: [{ version: 1, author: 'designer', approvedBy: 'admin', reason: '已核对' }],
      version: { version: 1, state: 'approved' },
    });
    expect(engine.changedCalendars).toEqual(['month-cycle']);
    const { items } = (await call('get', PATH)).body;
    expect(items).toMatchObject([{ id: 'month-cycle', state: 'active', inForce: 1 }]);
  });

  it('is refused to the author, and to an instant that is past', async () => {
    const { approve, designer, engine } = await withDraft();
    expect(await approve(1, {}, designer)).toMatchObject({
      status: 403,
      body: { detail: 'designer wrote month-cycle@1; it is approved by somebody else' },
    });
    expect((await approve(1, { from: later(-1) })).body.issues).toMatchObject([{ path: 'from' }]);
    expect((await approve(7)).status).toBe(404);
    expect(engine.changedCalendars).toEqual([]);
  });

  it('names an instant at which a version takes over from the one in force', async () => {
    const { approve, draft, show, time } = await withDraft();
    await approve(1);
    await draft({ name: 'second' });
    await approve(2, { from: '2026-03-05T08:00:00+08:00' });
    expect(await show()).toMatchObject({
      inForce: 1,
      ahead: [{ version: 2, from: '2026-03-05T00:00:00.000Z' }],
      version: { version: 1 },
    });
    time.now += 3 * DAY_MS;
    expect(await show()).toMatchObject({ inForce: 2, ahead: [], name: 'second' });
  });

  it('waits for its first instant', async () => {
    const { approve, show } = await withDraft();
    await approve(1, { from: later(1) });
    expect(await show()).toMatchObject({ state: 'approved', inForce: null });
  });

  it('holds although Temporal is away', async () => {
    const { approve, show, engine } = await withDraft();
    engine.away = true;
    expect((await approve(1)).status).toBe(200);
    expect((await show()).state).toBe('active');
  });
});

describe('a calendar', () => {
  it('is paused, resumed and ended for reasons that are kept, by whoever runs it', async () => {
    const { approve, act, show, keyFor, engine } = await withDraft();
    await approve(1);
    const ops = await keyFor('ops');
    expect((await act(':pause', { reason: '系统割接' }, ops)).body.state).toBe('paused');
    expect((await act(':resume', { reason: '割接完成' }, ops)).body.state).toBe('active');
    expect((await act(':end', undefined, ops)).body.state).toBe('ended');
    expect((await show()).acts).toMatchObject([
      { kind: 'paused', by: 'ops', reason: '系统割接' },
      { kind: 'resumed', by: 'ops', reason: '割接完成' },
      { kind: 'ended', by: 'ops', reason: 'a wrong price' },
    ]);
    expect(engine.changedCalendars).toHaveLength(4);
  });

  it('says what is allowed instead of what was asked', async () => {
    const { approve, act } = await withDraft();
    expect(await act(':pause')).toMatchObject({
      status: 409,
      body: { detail: 'month-cycle is draft; allowed: approve' },
    });
    await approve(1);
    expect((await act(':resume')).body.detail).toContain('is active; allowed: approve, pause, end');
    expect((await act(':pause', {})).body.issues).toMatchObject([{ path: 'reason' }]);
  });
});

describe('waves of a calendar', () => {
  const keyOf = (slotId: string) => ({
    ...{ calendarId: 'month-cycle', calendarVersion: 1, slotId, date: '2026-03-02' },
  });

  /** One that runs, and one that somebody has paused by hand. */
  async function underWay() {
    const api = await withDraft();
    await api.approve(1);
    const { waves } = api.stores;
    const begun = { startedAt: new Date(NOW).toISOString(), isWalked: false };
    for (const [slotId, state] of [
      ['a', 'running'],
      ['b', 'paused'],
    ] as const)
      await waves.open({ waveId: waveId(keyOf(slotId)), ...keyOf(slotId), state, ...begun });

    const states = async () =>
      (await waves.list({ calendarId: 'month-cycle', limit: 10 })).map(({ state }) => state);
    return { ...api, states };
  }

  it('are held and let go on with it, but for those that were paused by hand', async () => {
    const { act, states, engine } = await underWay();
    expect((await act(':pause')).status).toBe(200);
    expect(await states()).toEqual(['held', 'paused']);
    await act(':resume');
    expect(await states()).toEqual(['running', 'paused']);
    expect(engine.wokenWaves).toMatchObject([{ slotId: 'a' }, { slotId: 'a' }]);
  });

  it('finish when it is ended, or are cancelled when that is asked', async () => {
    const finished = await underWay();
    expect((await finished.act(':end')).body.acts).toMatchObject([{ waves: 'finish' }]);
    expect(await finished.states()).toEqual(['running', 'paused']);

    const cancelled = await underWay();
    const why = { reason: 'a wrong price', waves: 'cancel' };
    expect((await cancelled.act(':end', why)).body.acts).toMatchObject([{ waves: 'cancel' }]);
    expect(await cancelled.states()).toEqual(['cancelled', 'cancelled']);

    const answer = await finished.act(':end', { ...why, waves: 'stop' });
    expect(answer.body.issues).toMatchObject([{ path: 'waves' }]);
  });

  it('that a pause holds go on at the end only when that is asked for', async () => {
    const { act, states, show } = await underWay();
    await act(':pause');
    expect(await act(':end')).toMatchObject({
      status: 422,
      body: { issues: [{ path: 'waves', allowed: 'finish, cancel' }] },
    });
    expect((await show()).state).toBe('paused');

    await act(':end', { reason: 'a wrong price', waves: 'finish' });
    expect(await states()).toEqual(['running', 'paused']);
  });

  it('are held later when Temporal is away while it is paused', async () => {
    const { act, states, engine, stores } = await underWay();
    engine.away = true;
    expect((await act(':pause')).status).toBe(200);
    engine.away = false;
    await createCalendarTeller({ stores, engine, clock: { now: () => NOW } })();
    expect(await states()).toEqual(['held', 'paused']);
  });
});

describe('a copy', () => {
  const launch = { id: 'launch', anchor: { kind: 'date', date: '2026-03-31' }, at: '10:00' };
  const dated = {
    slots: [{ ...launch, touch: { channel: 'wecom', class: 'marketing', template: 't-1' } }],
  };

  it('is a new draft of the next month, and says what moved', async () => {
    const { act } = await withDraft(dated);
    const answer = await act(':copy', {});
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      ...{ id: 'month-cycle', version: 2, state: 'draft', copiedFrom: 'month-cycle@1' },
      moved: [{ slotId: 'launch', before: '2026-03-31', after: '2026-04-30', shortened: true }],
      body: { slots: [{ anchor: { date: '2026-04-30' } }] },
    });
  });

  it('goes under another id and into another month when asked, from the version in force', async () => {
    const { act, approve, draft } = await withDraft(dated);
    await approve(1);
    await draft({ slots: [] });
    const answer = await act(':copy', { id: 'may', month: '2026-05' });
    expect(answer.body).toMatchObject({
      ...{ id: 'may', version: 1, copiedFrom: 'month-cycle@1' },
      body: { slots: [{ anchor: { date: '2026-05-31' } }] },
    });
    expect((await act(':copy', { version: 9 })).status).toBe(404);
    expect((await act(':copy', { month: '2026-13' })).body.issues).toMatchObject([
      { path: 'month' },
    ]);
  });
});

describe('a key of some cities', () => {
  it('sees only calendars that reach one of them', async () => {
    const { keyFor, call } = await withDraft();
    const foreign = await keyFor('designer', ['yunfu']);
    expect((await call('get', PATH, undefined, foreign)).body.items).toEqual([]);
    for (const path of ['', '/versions', '/versions/1'])
      expect((await call('get', `${PATH}/month-cycle${path}`, undefined, foreign)).status).toBe(
        404,
      );
    const own = await keyFor('designer', ['guangzhou']);
    expect((await call('get', PATH, undefined, own)).body.items).toHaveLength(1);
  });

  it('touches no calendar that reaches others', async () => {
    const { keyFor, draft, approve, act } = await withDraft({ cities: undefined });
    const own = await keyFor('designer', ['guangzhou']);
    expect(await draft({ cities: ['guangzhou'] }, own)).toMatchObject({
      status: 403,
      body: { detail: 'month-cycle reaches every city; this key may reach guangzhou' },
    });
    expect((await draft({ cities: ['guangzhou', 'yunfu'] }, own, 'own')).body.issues).toMatchObject(
      [{ path: 'cities', value: 'yunfu' }],
    );
    for (const asked of [approve(1, {}, own), act(':pause', undefined, own), act(':copy', {}, own)])
      expect((await asked).status).toBe(403);
  });

  it('touches none whose version in force reaches others, although the newest does not', async () => {
    const { keyFor, draft, approve, act } = await withDraft({ cities: ['guangzhou', 'yunfu'] });
    await approve(1);
    await draft({ cities: ['guangzhou'] });
    const own = await keyFor('designer', ['guangzhou']);
    expect((await act(':end', undefined, own)).status).toBe(403);
    expect((await approve(2, {}, own)).status).toBe(403);
  });

  it('drafts and runs a calendar of its own', async () => {
    const { keyFor, draft, act, approve } = await withDraft();
    const own = await keyFor('admin', ['guangzhou']);
    expect((await draft({}, own)).status).toBe(201);
    expect((await approve(1, {}, own)).status).toBe(200);
    expect((await act(':pause', undefined, own)).status).toBe(200);
  });
});

it('two who change a life at once do not both succeed', async () => {
  const { approve, stores, act } = await withDraft();
  await approve(1);
  const { keep } = stores.calendarLives;
  stores.calendarLives.keep = async (next) => {
    stores.calendarLives.keep = keep;
    await keep(next);
    return await keep(next);
  };
  expect(await act(':pause')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
});
