// Calendars on the real Temporal server over a month of skipped time, in the order of time: every run has a clock of its own, which
// stands still, and the one whose next timer is the earliest is let go first. So what a wave of ten o'clock does is known to one of
// eleven, as in life.

import { createActivities } from '../../activities';
import { activityClock } from '../../activities/clock';
import type { BookDeps } from '../../activities/deps';
import type { Channel } from '../../ports/channel';
import type { Stores } from '../../ports/stores';
import { calendarRunId } from '../../rules/calendar/life';
import { isWaveId, type WaveInput } from '../../rules/calendar/wave';
import type { JourneyMessage } from '../../rules/journey/messages';
import { MINUTE_MS } from '../../rules/time/durations';
import {
  createJourneyEnvironment,
  type JourneyEnvironment,
} from '../../testing/journeyEnvironment';
import type { TimedRun } from '../../testing/timedRun';
import { createFakeEngine, type FakeEngine } from '../fakes/engine';

export interface CalendarServer {
  readonly engine: FakeEngine;
  /** Waves in the order in which they began, each with the instant (ISO). */
  readonly waves: readonly { readonly input: WaveInput; readonly at: string }[];
  /** Begins the run of a calendar at an instant (ISO), with those of the journeys and waves that it starts. */
  begin(calendarId: string, at: string): Promise<void>;
  /** Everything that falls due up to an instant (ISO) has happened when this resolves. */
  until(instant: string): Promise<void>;
  /** The life of a calendar was changed. */
  changed(calendarId: string): Promise<void>;
  /** The run of a calendar. */
  run(calendarId: string): TimedRun;
  /** The record of a wave was changed. */
  wake(waveId: string): Promise<void>;
  /**
   * From now to an instant (ISO) no calendar and no wave does anything. No clock of a run passes a timer that nobody answers, so
   * their runs end, and begin anew then from what is kept: as after a loss of Temporal.
   */
  down(instant: string): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  readonly stores: Stores;
  readonly channels: readonly Channel[];
  /** Told of a wave that is about to begin. */
  readonly onWave?: (input: WaveInput) => Promise<void>;
  readonly orderDesk?: BookDeps['orderDesk'];
}

interface OpenRun {
  readonly workflow: string;
  readonly args: readonly unknown[];
  readonly run: TimedRun;
}

interface Begin {
  readonly workflow: string;
  readonly workflowId: string;
  readonly args: readonly unknown[];
  /** Milliseconds. */
  readonly at: number;
}

interface State {
  readonly journeys: JourneyEnvironment;
  /** By workflow id. */
  readonly runs: Map<string, OpenRun>;
  /** When the next timer of each run fires, in milliseconds. */
  readonly timers: Map<string, number>;
  /** Runs that have gone on since their timers were looked at. */
  readonly moved: Set<string>;
  readonly begins: Begin[];
  readonly onWave: (input: WaveInput) => Promise<void>;
  now: number;
}

/** Runs that are due within so long of each other go on side by side. */
const TOGETHER_MS = MINUTE_MS;
/** A clock goes so far past a timer, which the server lets fire some milliseconds late. */
const PAST_MS = 1000;

export async function openCalendarServer(
  options: Options,
  address = process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS,
): Promise<CalendarServer> {
  if (!address) throw new Error('SOPFLOW_TEST_TEMPORAL_ADDRESS names no Temporal server');

  const started = createStarts();
  const engine: FakeEngine = {
    ...createFakeEngine(),
    start: async (journey, workflowId, input) =>
      started.enqueue(journey, workflowId, input) ? 'started' : 'exists',
    signal: async (workflowId, message) => signalled(state, workflowId, message),
  };
  const journeys = await createJourneyEnvironment({
    ...{ address, workflows: { path: require.resolve('../../workflows/index') } },
    activities: { ...activitiesOver(options, engine), beginWave: started.beginWave },
    interceptors: [require.resolve('./calendarInterceptors')],
  });
  const { onWave = async () => {} } = options;
  const state: State = {
    ...{ journeys, begins: started.begins, onWave, now: 0 },
    ...{ runs: new Map(), timers: new Map(), moved: new Set() },
  };

  return {
    engine,
    waves: started.waves,
    begin: (calendarId, at) => beginCalendar(state, calendarId, Date.parse(at)),
    until: (instant) => until(state, Date.parse(instant)),
    changed: (calendarId) => signal(state, calendarRunId(calendarId), 'calendarChanged'),
    run: (calendarId) => openRun(state, calendarRunId(calendarId)).run,
    wake: (waveId) => signal(state, waveId, 'wake'),
    down: (instant) => down(state, Date.parse(instant)),
    close: () => journeys.close(),
  };
}

/** What activities start begins once they have ended, at their instant. */
function createStarts() {
  const begun = new Set<string>();
  const begins: Begin[] = [];
  const waves: { readonly input: WaveInput; readonly at: string }[] = [];
  const clock = activityClock();

  const enqueue = (workflow: string, workflowId: string, input: unknown): boolean => {
    if (begun.has(workflowId)) return false;
    begun.add(workflowId);
    begins.push({ workflow, workflowId, args: [input], at: clock.now() });
    return true;
  };

  return {
    begins,
    waves,
    enqueue,
    async beginWave(workflowId: string, input: WaveInput): Promise<boolean> {
      const isNew = enqueue('wave', workflowId, input);
      if (isNew) waves.push({ input, at: new Date(clock.now()).toISOString() });
      return isNew;
    },
  };
}

const activitiesOver = (
  { stores, channels, orderDesk = absent() }: Options,
  engine: FakeEngine,
): object =>
  createActivities({
    ...{ stores, engine, orderDesk, clock: activityClock(), log: SILENT },
    ...{ wecom: absent(), leadPool: absent(), late: absent(), sequenceDoor: absent() },
    callbackBooks: new Map(),
    channels: new Map(channels.map((channel) => [channel.name, channel])),
  });

async function beginCalendar(state: State, calendarId: string, at: number): Promise<void> {
  state.now = at;
  const args = [{ version: 1, calendarId }];
  state.begins.push({ workflow: 'calendar', workflowId: calendarRunId(calendarId), args, at });
  await beginAll(state);
}

async function until(state: State, instant: number): Promise<void> {
  for (;;) {
    await beginAll(state);
    await lookAtTimers(state);
    const next = [...state.timers].filter(([, at]) => at <= instant);
    if (next.length === 0) break;

    const first = Math.min(...next.map(([, at]) => at));
    const together = next.filter(([, at]) => at <= first + TOGETHER_MS);
    await Promise.all(together.map(([workflowId, at]) => advanceTo(state, workflowId, at)));
    state.now = Math.max(state.now, first);
  }
  state.now = Math.max(state.now, instant);
}

async function advanceTo({ runs, moved }: State, workflowId: string, at: number): Promise<void> {
  const { run } = runs.get(workflowId) ?? {};
  moved.add(workflowId);
  if (!run) return;

  const ms = at + PAST_MS - Date.parse(await run.now());
  await (ms > 0 ? run.advance({ milliseconds: ms }) : run.idle());
}

async function lookAtTimers({ runs, timers, moved }: State): Promise<void> {
  const ids = [...moved];
  moved.clear();

  await Promise.all(
    ids.map(async (workflowId) => {
      const { run } = runs.get(workflowId) ?? {};
      const next = run && (await run.nextTimer());
      if (next === undefined) timers.delete(workflowId);
      else timers.set(workflowId, next);
    }),
  );
}

/** Begins what was started meanwhile, and what that starts in turn. */
async function beginAll(state: State): Promise<void> {
  for (let next = state.begins.splice(0); next.length > 0; next = state.begins.splice(0)) {
    for (const { workflow, args } of next)
      if (workflow === 'wave') await state.onWave(args[0] as WaveInput);
    await Promise.all(next.map((each) => beginOne(state, each)));
  }
}

async function beginOne({ journeys, runs, moved }: State, begin: Begin): Promise<void> {
  const { workflow, workflowId, args, at } = begin;
  const run = await journeys.start(workflow, {
    ...{ workflowId, args },
    at: new Date(at).toISOString(),
  });
  runs.set(workflowId, { workflow, args, run });
  moved.add(workflowId);
}

function openRun({ runs }: State, workflowId: string): OpenRun {
  const open = runs.get(workflowId);
  if (!open) throw new Error(`no run ${workflowId}`);
  return open;
}

async function signal(state: State, workflowId: string, name: string): Promise<void> {
  const open = openRun(state, workflowId);
  // Without a timer its clock has stood still.
  const ms = state.now - Date.parse(await open.run.now());
  if (ms > 0) await open.run.advance({ milliseconds: ms });
  await open.run.signal(name, undefined);
  state.moved.add(workflowId);
}

/** To the run of a journey; a wave is told of nothing. */
async function signalled(
  { runs, moved }: State,
  workflowId: string,
  { signal: name, body }: JourneyMessage,
): Promise<boolean> {
  const open = runs.get(workflowId);
  if (!open || isWaveId(workflowId)) return false;
  await open.run.handle.signal(name, body);
  moved.add(workflowId);
  return true;
}

async function down(state: State, instant: number): Promise<void> {
  const lost = [...state.runs].filter(([, { workflow }]) =>
    ['calendar', 'wave'].includes(workflow),
  );
  const open: Begin[] = [];

  for (const [workflowId, { workflow, args, run }] of lost) {
    const { status } = await run.handle.describe();
    state.runs.delete(workflowId);
    state.timers.delete(workflowId);
    if (status.name !== 'RUNNING') continue;

    await run.handle.terminate('down');
    open.push({ workflow, workflowId, args, at: instant });
  }

  await until(state, instant); // journeys go on
  state.begins.push(...open);
  await beginAll(state);
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A system that has no part in calendars. */
const absent = <T extends object>(): T =>
  new Proxy({} as T, {
    get: (_, name) => () => Promise.reject(new Error(`${String(name)} has no part in calendars`)),
  });
