import type { WaveContact, WaveRecord } from '../../ports/waves';
import type { CalendarLife } from '../../rules/calendar/life';
import { endLife, newLife, pauseLife } from '../../rules/calendar/lifeChanges';
import { waveId } from '../../rules/calendar/wave';
import { createFakeApi } from '../../test/fakes/api';
import { ROUTES } from '../routes';

const AT = '2026-03-02T01:00:00.000Z';
const KEY = { calendarId: 'month', calendarVersion: 1, slotId: 'balance', date: '2026-03-02' };
const ID = waveId(KEY);
const PLACE = `/api/v1/waves/${encodeURIComponent(ID)}`;

const fits = (path: string, body: unknown): boolean =>
  ROUTES.find((route) => route.method === 'get' && route.path === path)?.endpoint.answer?.safeParse(
    body,
  ).success ?? false;

async function withWave(fields: Partial<WaveRecord> = {}) {
  const api = await createFakeApi();
  const { waves } = api.stores;
  await waves.open({
    ...{ waveId: ID, ...KEY, state: 'running', startedAt: AT, isWalked: true },
    ...fields,
  });
  const contact = (contactId: string, given: Partial<WaveContact>): WaveContact => ({
    ...{ waveId: ID, contactId, city: 'guangzhou', state: 'sent', plannedAt: AT, channel: 'sms' },
    ...{ attempt: 1, at: AT, revision: 1, ...given },
  });
  await waves.enrol([
    contact('c-1', {}),
    contact('c-2', { state: 'suppressed', reason: 'cap', rule: 'day' }),
    contact('c-3', { state: 'failed', reason: 'refused', rule: 'PHONE_INVALID', city: 'foshan' }),
    contact('c-4', { state: 'waiting', dueAt: '2026-03-02T06:00:00.000Z' }),
  ]);
  return api;
}

test('a wave is shown in numbers, with reasons in words and when the next is due', async () => {
  const api = await withWave();
  const { body } = await api.call('get', PLACE);
  expect(body).toMatchObject({
    ...{ waveId: ID, state: 'running', perMinute: 0.1, nextDue: '2026-03-02T06:00:00.000Z' },
    numbers: { waiting: 1, sent: 1, suppressed: 1, failed: 1, tasked: 0 },
    reasons: [
      { state: 'suppressed', reason: 'cap', words: { zh: '命中频次上限' }, count: 1 },
      { state: 'failed', reason: 'refused', words: { en: 'refused by the channel' }, count: 1 },
    ],
  });
  expect(fits('/api/v1/waves/{id}', body)).toBe(true);
});

test('waves are listed by calendar, state and date', async () => {
  const api = await withWave();
  const list = async (query: string) => (await api.call('get', `/api/v1/waves${query}`)).body;
  expect((await list('')).items).toMatchObject([{ waveId: ID, numbers: { sent: 1 } }]);
  expect(fits('/api/v1/waves', await list(''))).toBe(true);
  expect((await list('?calendarId=month&state=running&date=2026-03-02')).items).toHaveLength(1);
  expect((await list('?state=paused')).items).toEqual([]);
  expect((await list('?calendarId=other')).items).toEqual([]);
});

test('the contacts of a wave are listed by state', async () => {
  const api = await withWave();
  const { body } = await api.call('get', `${PLACE}/contacts?state=failed`);
  expect(body.items).toMatchObject([
    { contactId: 'c-3', reason: 'refused', rule: 'PHONE_INVALID' },
  ]);
  expect(fits('/api/v1/waves/{id}/contacts', body)).toBe(true);
});

test('a wave is held, let go on and cancelled, and its flow is told each time', async () => {
  const api = await withWave();
  const state = async (path: string) => (await api.call('post', path, {})).body.state;
  expect(await state(`${PLACE}:pause`)).toBe('paused');
  expect(await state(`/api/v1/waves:resume?id=${encodeURIComponent(ID)}`)).toBe('running');
  expect(await state(`${PLACE}:cancel`)).toBe('cancelled');
  expect(api.engine.wokenWaves).toEqual(Array(3).fill({ version: 1, ...KEY }));
  expect((await api.call('post', `${PLACE}:resume`, {})).status).toBe(409);
});

describe('a wave of a paused calendar', () => {
  const act = { by: 'ops', at: AT, reason: 'a wrong price' };
  const takeovers = [{ version: 1, from: AT, author: 'ann', approvedBy: 'bob', at: AT }];
  const active: CalendarLife = { ...newLife('month'), takeovers, revision: 1 };
  const paused = pauseLife(active, act);

  async function under(fields: Partial<WaveRecord>, ...lives: readonly CalendarLife[]) {
    const api = await withWave(fields);
    for (const life of lives) await api.stores.calendarLives.keep(life);
    return { ...api, post: (name: string) => api.call('post', `${PLACE}:${name}`, {}) };
  }

  it('is let go on by its calendar only', async () => {
    const held = await under({ state: 'held' }, active, paused);
    expect(await held.post('resume')).toMatchObject({
      status: 409,
      body: { detail: `wave ${ID} is held by the pause of month: resume the calendar` },
    });

    const byHand = await under({ state: 'paused' }, active, paused);
    expect((await byHand.post('resume')).body.state).toBe('held');
  });

  it('may be paused by hand, and then stays so, or be cancelled', async () => {
    const { post } = await under({ state: 'held' }, active, paused);
    expect((await post('pause')).body.state).toBe('paused');
    expect((await post('cancel')).body.state).toBe('cancelled');
  });

  it('asks those that failed once its calendar goes on, and never when it was cancelled', async () => {
    const { post } = await under({ state: 'ended' }, active, paused);
    expect((await post('rerun')).body).toEqual({ waveId: ID, state: 'held', again: 1 });

    const ended = endLife(active, { ...act, waves: 'cancel' });
    const cancelled = await under({ state: 'ended' }, active, ended);
    expect((await cancelled.post('rerun')).status).toBe(409);
  });
});

test('those that failed are asked once more, also after the wave has ended', async () => {
  const api = await withWave({ state: 'ended', endedAt: AT });
  const { body } = await api.call('post', `${PLACE}:rerun`, {});
  expect(body).toEqual({ waveId: ID, state: 'running', again: 1 });
  expect(await api.stores.waves.findContacts(ID, ['c-3'])).toMatchObject([
    { state: 'waiting', attempt: 2 },
  ]);
  expect(api.engine.wokenWaves).toHaveLength(1);
});

test('who sees one city sees its contacts only, and waves of other cities not at all', async () => {
  const api = await withWave();
  await api.stores.waves.open({
    ...{ ...KEY, slotId: 'other', waveId: waveId({ ...KEY, slotId: 'other' }), state: 'running' },
    ...{ startedAt: AT, isWalked: true, cities: ['guangzhou'] },
  });
  const key = await api.keyFor('ops', ['foshan']);
  const call = (method: 'get' | 'post', path: string) =>
    api.call(method, path, method === 'post' ? {} : undefined, key);
  const { body } = await call('get', '/api/v1/waves');
  expect(body.items).toMatchObject([{ waveId: ID, numbers: { failed: 1, sent: 0 } }]);
  expect((await call('get', `${PLACE}/contacts`)).body.items).toHaveLength(1);
  expect((await call('post', `${PLACE}:cancel`)).status).toBe(404);
});
