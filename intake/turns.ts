// Whose turn it is: the urgent come first, nobody is starved, and no kind takes every place.

import type { Urgency } from '../ports/inbox';

export interface Turns<T> {
  /** Puts something in the queue of its urgency. */
  enter(urgency: Urgency, entry: T): void;
  /** The next, when there is a place for it: it takes one until `leave` gives it back. */
  next(): { readonly urgency: Urgency; readonly entry: T } | undefined;
  leave(urgency: Urgency): void;
}

export const URGENCIES: readonly Urgency[] = ['urgent', 'prompt', 'bulk'];

const PLACES = 32;
/** Most places of each: a batch, or calls that hang, leave some for who comes in a hurry. */
const MOST: Readonly<Record<Urgency, number>> = { urgent: 32, prompt: 26, bulk: 20 };
/** Turns that each gets of those that several want. */
const SHARE: Readonly<Record<Urgency, number>> = { urgent: 8, prompt: 3, bulk: 1 };

interface Line<T> {
  readonly urgency: Urgency;
  readonly waiting: Queue<T>;
  taken: number;
  /** Turns it is owed. */
  credit: number;
}

export function createTurns<T>(): Turns<T> {
  const lines = URGENCIES.map(
    (urgency): Line<T> => ({ urgency, waiting: createQueue(), taken: 0, credit: 0 }),
  );
  const lineOf = (urgency: Urgency): Line<T> =>
    lines.find((line) => line.urgency === urgency) as Line<T>; // there is one for each

  return {
    enter: (urgency, entry) => lineOf(urgency).waiting.push(entry),
    next: () => nextOf(lines),
    leave(urgency) {
      lineOf(urgency).taken -= 1;
    },
  };
}

/** Every line that could go is owed its share; the one that is owed most goes. */
function nextOf<T>(
  lines: readonly Line<T>[],
): { readonly urgency: Urgency; readonly entry: T } | undefined {
  const taken = lines.reduce((sum, line) => sum + line.taken, 0);
  const ready = lines.filter(
    (line) => line.waiting.length() > 0 && line.taken < MOST[line.urgency] && taken < PLACES,
  );

  const owed = ready.reduce((sum, line) => sum + SHARE[line.urgency], 0);
  for (const line of ready) line.credit += SHARE[line.urgency];
  const [line] = [...ready].sort((a, b) => b.credit - a.credit);
  const entry = line?.waiting.shift();
  if (line === undefined || entry === undefined) return undefined;

  line.credit -= owed;
  line.taken += 1;
  return { urgency: line.urgency, entry };
}

interface Queue<T> {
  push(entry: T): void;
  shift(): T | undefined;
  length(): number;
}

/** Of tens of thousands: an array's own `shift` would move them all each time. */
function createQueue<T>(): Queue<T> {
  let entries: T[] = [];
  let head = 0;

  return {
    push: (entry) => void entries.push(entry),
    length: () => entries.length - head,
    shift() {
      const entry = entries[head];
      head += 1;
      if (head > 1000 && head * 2 > entries.length) {
        entries = entries.slice(head);
        head = 0;
      }
      return entry;
    },
  };
}
