import { createMemoryStores } from '../models/memory/stores';
import type { CalendarLife } from '../rules/calendar/life';
import { createFakeEngine } from '../test/fakes/engine';
import { createCalendarTeller } from './calendars';

const AT = '2026-03-02T02:00:00.000Z';
const clock = { now: () => Date.parse(AT) };
const aLife = (
  calendarId: string,
  revision = 1,
  state: CalendarLife['state'] = 'active',
): CalendarLife => ({
  ...{ calendarId, state, revision },
  takeovers: [{ version: 1, from: AT, author: 'ann', approvedBy: 'bob', at: AT }],
});

async function withLives(...lives: CalendarLife[]) {
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  for (const life of lives) await stores.calendarLives.keep(life);
  return { stores, engine, tell: createCalendarTeller({ stores, engine, clock }) };
}

it('tells every calendar when a server starts, and afterwards only what has changed', async () => {
  const { stores, engine, tell } = await withLives(aLife('a'), aLife('b'));
  await tell();
  await tell();
  expect(engine.changedCalendars).toEqual(['a', 'b']);

  await stores.calendarLives.keep(aLife('b', 2, 'paused'));
  await tell();
  expect(engine.changedCalendars).toEqual(['a', 'b', 'b']);
});

it('tells later what could not be told while Temporal was away', async () => {
  const { engine, tell } = await withLives(aLife('a'));
  engine.away = true;
  await expect(tell()).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  engine.away = false;
  await tell();
  expect(engine.changedCalendars).toEqual(['a']);
});

it('starts no run for a calendar that is ended, and tells one that still goes', async () => {
  const { stores, engine, tell } = await withLives(aLife('a'));
  await stores.calendarLives.keep(aLife('a', 2, 'ended'));
  await tell();
  expect(engine.changedCalendars).toEqual([]);

  const goes = await withLives(aLife('a'));
  await goes.stores.calendarLives.keep(aLife('a', 2, 'ended'));
  await goes.engine.calendarChanged('a');
  await goes.tell();
  expect(goes.engine.changedCalendars).toEqual(['a', 'a']);
});
