// An order from what is told of it: it follows the time of what happened, in whatever order that is heard.

/** One word on an order. */
export interface OrderTold {
  readonly state: 'accepted' | 'completed' | 'rejected';
  /** ISO in UTC, so that texts compare as the instants do. */
  readonly at: string;
  readonly reason?: string;
}

/**
 * What is known after one more word: of two ends the later one stands, and any end before an acceptance, whose instant is our own
 * clock's. A word that comes too late still adds what only it has, such as who placed the order.
 */
export function orderAfter<O extends OrderTold>(known: O, told: O): O {
  if (!isBefore(told, known)) return told;

  const { reason: _, ...more } = told;
  return { ...more, ...known };
}

/** True when `a` gives way to `b`: the same whichever was heard first. */
function isBefore(a: OrderTold, b: OrderTold): boolean {
  const [first, second] = [rankOf(a), rankOf(b)];
  return first === second ? textOf(a) < textOf(b) : first < second;
}

const rankOf = ({ state }: OrderTold): number => (state === 'accepted' ? 0 : 1);

/** At the same instant a rejection gives way to a completion. */
const textOf = ({ at, state, reason = '' }: OrderTold): string =>
  [at, state === 'completed' ? 1 : 0, reason].join(' ');
