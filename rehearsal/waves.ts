// The waves of calendars in virtual time: the activities of the live waves, called at the instants at which their flows would call
// them, so that what is found is what would happen.

import { setImmediate as breathe } from 'node:timers/promises';
import type { WaveStep } from '../activities/contract';
import { createPublished } from '../activities/published';
import type { WaveCall } from '../activities/wave/page';
import { waveDuePage, wavePage } from '../activities/wave/page';
import { isCodedError } from '../rules/base/errors';
import type { AgendaEntry } from '../rules/calendar/agenda';
import type { WaveInput } from '../rules/calendar/wave';
import { restUntil } from '../rules/calendar/wavePace';
import type { World } from './world';

export interface WaveProblem {
  readonly calendarId: string;
  readonly slotId: string;
  readonly message: string;
}

interface Rehearsed {
  /** Waves that came to their end. */
  readonly waves: readonly WaveInput[];
  readonly problems: readonly WaveProblem[];
}

/** A wave that is to go on at an instant. */
interface Turn {
  /** Milliseconds. */
  readonly at: number;
  /** Of those at the same instant, the lower first. */
  readonly place: number;
  readonly input: WaveInput;
}

/**
 * Plays waves to their end.
 * @param agenda in the order in which they start
 * @param tell is called now and then; it throws when nobody waits for the end any more
 */
export async function rehearseWaves(
  world: World,
  agenda: readonly AgendaEntry[],
  tell: (ended: number) => void,
): Promise<Rehearsed> {
  const ended: WaveInput[] = [];
  const problems: WaveProblem[] = [];
  const published = createPublished(world.deps.stores);
  let turns = agenda.map(firstTurn);

  for (let turn = turns[0]; turn; turn = turns[0]) {
    turns = turns.slice(1);
    world.clock.moveTo(turn.at);

    const call = { ...world, published, execution: ONCE, taskQueue: '' };
    const step = await played(call, turn.input, problems);
    if (step?.next === undefined) ended.push(turn.input);
    else turns = inserted(turns, { ...turn, at: atOf(world, step.next, step) });

    tell(ended.length);
    await breathe(); // others of this process have their turn
  }

  return { waves: ended, problems };
}

function atOf({ clock }: World, next: string, { many, numbers }: WaveStep): number {
  const count = numbers.waiting;
  return restUntil({ next, ...(many !== undefined && { many }), count }, clock.now());
}

const firstTurn = (entry: AgendaEntry, place: number): Turn => {
  const { calendarId, calendarVersion, slotId, date, startsAt } = entry;
  const input = { version: 1, calendarId, calendarVersion, slotId, date } as const;
  return { at: Date.parse(startsAt), place, input };
};

/** Nothing crashes here, and nothing is ever late. */
const ONCE = { isRepeat: false, isOver: () => false };

/** Null: the wave cannot begin, and the live one would wait until somebody has mended it. */
async function played(
  call: WaveCall,
  input: WaveInput,
  problems: WaveProblem[],
): Promise<WaveStep | null> {
  try {
    let step = await wavePage(call, input);
    while (!step.isWalked) step = await wavePage(call, input);
    return step.next === undefined ? step : await waveDuePage(call, input);
  } catch (error) {
    if (!isCodedError(error) || error.code !== 'UNAVAILABLE') throw error;

    const { calendarId, slotId } = input;
    const isKnown = problems.some(
      (each) => each.calendarId === calendarId && each.slotId === slotId,
    );
    if (!isKnown) problems.push({ calendarId, slotId, message: error.message });
    return null;
  }
}

/** Behind those that come before it. */
function inserted(turns: readonly Turn[], turn: Turn): Turn[] {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(turns[middle], turn)) low = middle + 1;
    else high = middle;
  }

  return [...turns.slice(0, low), turn, ...turns.slice(low)];
}

const isBefore = (a: Turn | undefined, b: Turn): boolean =>
  a !== undefined && (a.at < b.at || (a.at === b.at && a.place <= b.place));
