// What a change in the life of a calendar makes of its waves under way.

import type { Clock } from '../ports/clock';
import type { Engine } from '../ports/engine';
import type { Stores } from '../ports/stores';
import type { WaveRecord } from '../ports/waves';
import { UNDER_WAY, waveStateUnder } from '../rules/calendar/hold';
import type { WaveState } from '../rules/calendar/wave';
import { formatInstant } from '../rules/time/instant';

export interface CalendarWavesDeps {
  readonly stores: Pick<Stores, 'calendarLives' | 'waves'>;
  readonly engine: Pick<Engine, 'wakeWave'>;
  readonly clock: Clock;
}

const PAGE = 100;

/** Brings the waves of a calendar into the states that its life has them in; repeats are harmless. The life was kept before. */
export async function settleWaves(deps: CalendarWavesDeps, calendarId: string): Promise<void> {
  const { calendarLives } = deps.stores;

  for (;;) {
    const life = await calendarLives.find(calendarId);
    for (const state of UNDER_WAY) {
      const next = waveStateUnder(life, state);
      if (next !== state) await moveAll(deps, calendarId, state, next);
    }

    const after = await calendarLives.find(calendarId);
    if (after?.revision === life?.revision) return;
  }
}

async function moveAll(
  deps: CalendarWavesDeps,
  calendarId: string,
  from: WaveState,
  to: WaveState,
): Promise<void> {
  const { waves } = deps.stores;

  for (let after: string | undefined; ; ) {
    const found = await waves.list({
      ...{ calendarId, state: from, limit: PAGE },
      ...(after !== undefined && { after }),
    });
    for (const wave of found) await moveOne(deps, wave, to);

    after = found.at(-1)?.waveId;
    if (after === undefined) return;
  }
}

/** Woken first: what a crash leaves unmoved is found and woken again, and a wave that is woken asks for the life itself. */
async function moveOne(
  { stores, engine, clock }: CalendarWavesDeps,
  { waveId, state, ...key }: WaveRecord,
  to: WaveState,
): Promise<void> {
  const { calendarId, calendarVersion, slotId, date } = key;
  await engine.wakeWave({ version: 1, calendarId, calendarVersion, slotId, date });
  await stores.waves.move(waveId, [state], to, formatInstant(clock.now()));
}
