// Events of many customers in shuffled order, one in twenty of them told twice, and what must be known of each customer after them.

import { seeded } from './part';

export interface BenchEvent {
  readonly eventId: string;
  readonly type: string;
  readonly contactId: string;
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventStream {
  /** Each once. */
  readonly events: readonly BenchEvent[];
  /** As they are sent. */
  readonly sent: readonly BenchEvent[];
}

const TOLD_TWICE = 0.05;
const SECOND_MS = 1000;

const DATA: readonly (readonly [string, (n: number) => Readonly<Record<string, unknown>>])[] = [
  ['usage', (n) => ({ data: { used: n % 6000, total: 6000 }, voice: { percent: n % 100 } })],
  ['usage', (n) => ({ percent: n % 80 })],
  ['balance', (n) => ({ balanceFen: n })],
  ['recharge', (n) => ({ amountFen: 5000, balanceFen: n })],
  ['login', () => ({ where: 'app' })],
  ['points', (n) => ({ balance: n })],
  ['location-city', (n) => ({ city: `city-${n % 21}` })],
];

/** @param until milliseconds: they happened in the hours before */
export function eventStream(
  count: number,
  contactIds: readonly string[],
  until: number,
  seed: number,
): EventStream {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // never out of its range

  const events = Array.from({ length: count }, (_, i): BenchEvent => {
    const [type, dataOf] = pick(DATA);
    const occurredAt = new Date(until - (count - i) * SECOND_MS).toISOString();
    return {
      ...{ eventId: `e-${seed}-${i}`, type, contactId: pick(contactIds) },
      ...{ occurredAt, data: dataOf(i) },
    };
  });

  const twice = events.filter(() => random() < TOLD_TWICE);
  return { events, sent: shuffled([...events, ...twice], random) };
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T]; // both lie in the list
  }
  return mixed;
}

/** By contact, the balance that was told of the latest instant. */
export function lastBalances(events: readonly BenchEvent[]): ReadonlyMap<string, unknown> {
  const told = events.filter(({ data }) => 'balanceFen' in data);
  const sorted = told.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  return new Map(sorted.map(({ contactId, data }) => [contactId, data.balanceFen]));
}
