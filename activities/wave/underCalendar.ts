// A wave does what the life of its calendar allows: it is asked at each page, so that nothing goes out by what was true before.

import type { WaveRecord } from '../../ports/waves';
import { waveStateUnder } from '../../rules/calendar/hold';
import { formatInstant } from '../../rules/time/instant';
import type { TouchContext } from '../touch/path';

/** The wave in the state that its calendar has it in, which is kept as well: whoever changed the life may have died before. */
export async function underCalendar(
  { deps: { stores, clock } }: TouchContext,
  wave: WaveRecord,
): Promise<WaveRecord> {
  for (let current = wave; ; ) {
    const life = await stores.calendarLives.find(wave.calendarId);
    const state = waveStateUnder(life, current.state);
    if (state === current.state) return current;

    await stores.waves.move(wave.waveId, [current.state], state, formatInstant(clock.now()));
    // The life is asked again: a change between reading it and the move has woken only those that were moved by then.
    current = (await stores.waves.find(wave.waveId)) ?? { ...wave, state };
  }
}

/** Neither it nor its calendar was paused, resumed, ended or cancelled since it was read. */
export async function isAsItWas(context: TouchContext, wave: WaveRecord): Promise<boolean> {
  const found = await context.deps.stores.waves.find(wave.waveId);
  return found !== null && (await underCalendar(context, found)).state === wave.state;
}
