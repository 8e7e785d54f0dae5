// What the life of a calendar makes of its waves: a pause holds those that run, and what ends it may cancel them.

import type { CalendarLife } from './life';
import type { WaveState } from './wave';

/** States from which a wave still goes on, sooner or later. */
export const UNDER_WAY = ['running', 'paused', 'held'] as const satisfies readonly WaveState[];

/**
 * The state that a wave in some state is to be in while its calendar has this life (null: it has none). Applied to its own answer it
 * changes nothing. A wave that somebody has paused by hand stays so, whatever the calendar does but be ended with its waves cancelled.
 */
export function waveStateUnder(life: CalendarLife | null, state: WaveState): WaveState {
  if (life?.state === 'paused') return state === 'running' ? 'held' : state;
  if (life && cancelsWaves(life) && isUnderWay(state)) return 'cancelled';

  return state === 'held' ? 'running' : state;
}

/** It is ended, and its waves with it. */
const cancelsWaves = ({ state, acts = [] }: CalendarLife): boolean =>
  state === 'ended' && acts.at(-1)?.waves === 'cancel';

const isUnderWay = (state: WaveState): boolean =>
  (UNDER_WAY as readonly WaveState[]).includes(state);
