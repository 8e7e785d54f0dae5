// Telling the runs of calendars, and their waves, that a life has changed: again and again, so that no crash and no Temporal that is away loses it.

import type { Engine } from '../ports/engine';
import { type CalendarLife, calendarRunId } from '../rules/calendar/life';
import { type CalendarWavesDeps, settleWaves } from './calendarWaves';

interface TellerDeps extends CalendarWavesDeps {
  readonly engine: Pick<Engine, 'calendarChanged' | 'describe' | 'wakeWave'>;
}

/**
 * Tells of every change that this process has not told of yet; of each calendar once when it begins. Whoever changes a life tells at
 * once, too: to be told twice is harmless.
 */
export function createCalendarTeller(deps: TellerDeps): () => Promise<void> {
  const { stores, engine } = deps;
  const told = new Map<string, number>();

  return async () => {
    for (const life of await stores.calendarLives.list()) {
      const { calendarId, revision } = life;
      if (told.get(calendarId) === revision) continue;

      if (await isToBeTold(engine, life)) await engine.calendarChanged(calendarId);
      await settleWaves(deps, calendarId);
      told.set(calendarId, revision);
    }
  };
}

/** To tell the run of an ended calendar is of use as long as it goes, and would start another one afterwards. */
async function isToBeTold(
  engine: TellerDeps['engine'],
  { calendarId, state }: CalendarLife,
): Promise<boolean> {
  if (state !== 'ended') return true;
  return (await engine.describe(calendarRunId(calendarId)))?.status === 'running';
}
