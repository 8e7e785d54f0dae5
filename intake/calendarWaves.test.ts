import { createMemoryStores } from '../models/memory/stores';
import type { CalendarLife } from '../rules/calendar/life';
import { endLife, newLife, pauseLife, resumeLife } from '../rules/calendar/lifeChanges';
import { type WaveState, waveId } from '../rules/calendar/wave';
import { Crash, crashAt, type Moment } from '../test/fakes/crash';
import { createFakeEngine } from '../test/fakes/engine';
import { createCalendarTeller } from './calendars';
import { settleWaves } from './calendarWaves';

const AT = '2026-03-02T02:00:00.000Z';
const clock = { now: () => Date.parse(AT) };
const act = { by: 'ops', at: AT, reason: '系统割接' };
const takeovers = [{ version: 1, from: AT, author: 'ann', approvedBy: 'bob', at: AT }];
const ACTIVE: CalendarLife = { ...newLife('month'), takeovers, revision: 1 };
const PAUSED = pauseLife(ACTIVE, act);

/** Waves of the calendar `month` in these states, by slot, and one of another calendar that runs. */
async function withWaves(states: Readonly<Record<string, WaveState>>, ...lives: CalendarLife[]) {
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  for (const life of lives) await stores.calendarLives.keep(life);

  const open = async (calendarId: string, slotId: string, state: WaveState) => {
    const key = { calendarId, calendarVersion: 1, slotId, date: '2026-03-02' };
    const begun = { startedAt: AT, isWalked: false };
    await stores.waves.open({ waveId: waveId(key), ...key, state, ...begun });
  };
  for (const [slotId, state] of Object.entries(states)) await open('month', slotId, state);
  await open('other', 'a', 'running');

  return {
    ...{ stores, engine, deps: { stores, engine, clock } },
    woken: () => engine.wokenWaves.map(({ slotId }) => slotId),
    async states(calendarId = 'month') {
      const found = await stores.waves.list({ calendarId, limit: 1000 });
      return found.map(({ slotId, state }) => `${slotId} ${state}`);
    },
  };
}

it('a pause holds the waves that run, and of no other calendar', async () => {
  const states = { a: 'running', b: 'paused', c: 'ended' } as const;
  const { deps, states: now, woken } = await withWaves(states, ACTIVE, PAUSED);
  await settleWaves(deps, 'month');
  expect(await now()).toEqual(['a held', 'b paused', 'c ended']);
  expect(await now('other')).toEqual(['a running']);
  expect(woken()).toEqual(['a']);

  await settleWaves(deps, 'month');
  expect(woken()).toEqual(['a']);
});

it('whoever resumes lets go on what the pause held, however many there are', async () => {
  const many = Array.from({ length: 250 }, (_, i) => `s-${i}`);
  const held = Object.fromEntries(many.map((slotId) => [slotId, 'held' as const]));
  const resumed = resumeLife(PAUSED, act);
  const waves = await withWaves({ ...held, z: 'paused' }, ACTIVE, PAUSED, resumed);
  await settleWaves(waves.deps, 'month');
  const states = await waves.states();
  expect(states.filter((state) => state.endsWith('running'))).toHaveLength(250);
  expect(states.at(-1)).toBe('z paused');
  expect(waves.woken()).toHaveLength(250);
});

it('an end with its waves cancels those under way', async () => {
  const states = { a: 'running', b: 'paused', c: 'held', d: 'missed' } as const;
  const ended = endLife(PAUSED, { ...act, waves: 'cancel' });
  const waves = await withWaves(states, ACTIVE, PAUSED, ended);
  await settleWaves(waves.deps, 'month');
  expect(await waves.states()).toEqual(['a cancelled', 'b cancelled', 'c cancelled', 'd missed']);
});

it('a change that comes meanwhile counts', async () => {
  const waves = await withWaves({ a: 'running', b: 'running' }, ACTIVE, PAUSED);
  const { wakeWave } = waves.engine;
  waves.engine.wakeWave = async (input) => {
    await wakeWave(input);
    if (input.slotId === 'b') await waves.stores.calendarLives.keep(resumeLife(PAUSED, act));
  };
  await settleWaves(waves.deps, 'month');
  expect(await waves.states()).toEqual(['a running', 'b running']);
  expect(waves.woken()).toEqual(['a', 'b', 'a', 'b']);
});

it('whatever step a process dies at, the next one that tells calendars makes it good', async () => {
  const moments: readonly Moment[] = ['before', 'after'];
  for (const moment of moments)
    for (let step = 1; ; step++) {
      const waves = await withWaves({ a: 'running', b: 'running' }, ACTIVE, PAUSED);
      const crash = crashAt(step, moment);
      const { stores, engine } = waves;
      const failing = {
        stores: { ...stores, waves: crash.wrap(stores.waves) },
        ...{ engine: crash.wrap(engine), clock },
      };
      const died = await createCalendarTeller(failing)().then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      if (!died) break;

      await createCalendarTeller(waves.deps)();
      expect(await waves.states()).toEqual(['a held', 'b held']);
      expect(new Set(waves.woken())).toEqual(new Set(['a', 'b']));
    }
});
