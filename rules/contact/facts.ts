// What is known of a customer, and of when: events tell it in whatever order they arrive, and the latest to have happened stands.

import { formatInstant, instantAt } from '../time/instant';
import { MAX_AHEAD_MS } from './statements';

/** What happened to a customer, as a system reports it. */
export interface FactEvent {
  readonly eventId: string;
  readonly type: string;
  /** ISO: when it happened, as the system says. */
  readonly occurredAt: string;
  /** ISO: when we heard of it. */
  readonly receivedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A fact, and the event that it is known from. */
export interface DatedFact {
  readonly name: string;
  readonly value: unknown;
  /** Milliseconds. */
  readonly asOf: number;
  readonly eventId: string;
  /** True: among what happened at the same instant it stands before all that is not. */
  readonly isPayment: boolean;
}

export interface KnownFact {
  readonly value: unknown;
  /** UTC. */
  readonly asOf: string;
}

/** When an event happened, in milliseconds; null: later than we can have heard of it, which no event is. */
export function happenedAt({
  occurredAt,
  receivedAt,
}: Pick<FactEvent, 'occurredAt' | 'receivedAt'>): number | null {
  const heardAt = instantAt(receivedAt, 'receivedAt');
  const saidAt = instantAt(occurredAt, 'occurredAt');
  return saidAt > heardAt + MAX_AHEAD_MS ? null : Math.min(saidAt, heardAt);
}

/** What an event says of the customer; null: nothing that is kept. */
function factOf(event: FactEvent, asOf: number): DatedFact | null {
  const { type, data, eventId } = event;
  const fact = (name: string, value: unknown): DatedFact | null =>
    value === undefined
      ? null
      : { ...{ name, value, asOf, eventId }, isPayment: type === 'bill-paid' };

  switch (type) {
    case 'usage':
      return fact('dataUsedPct', data.percent);
    case 'bill':
      return fact('billDueFen', data.dueFen);
    case 'bill-paid':
      return fact('billDueFen', 0);
    case 'plan-changed':
      return fact('plan', data.plan);
    case 'recharge':
    case 'balance':
      return fact('balanceFen', data.balanceFen);
    case 'message':
      return fact('lastSpokeAt', formatInstant(asOf));
    default:
      return null;
  }
}

/** True when `a` stands and not `b`: it is of later, or at the same instant a payment, or else of the larger id (code units). */
export function isNewerFact(
  a: Pick<DatedFact, 'asOf' | 'isPayment' | 'eventId'>,
  b: Pick<DatedFact, 'asOf' | 'isPayment' | 'eventId'>,
): boolean {
  if (a.asOf !== b.asOf) return a.asOf > b.asOf;
  if (a.isPayment !== b.isPayment) return a.isPayment;
  return a.eventId > b.eventId;
}

/** What follows from all events of a customer (people, section 4), and the ids of those that cannot have happened yet. */
export function factsOf(events: readonly FactEvent[]): {
  readonly facts: Readonly<Record<string, KnownFact>>;
  readonly refused: readonly string[];
} {
  const refused: string[] = [];
  const latest = new Map<string, DatedFact>();

  for (const event of events) {
    const asOf = happenedAt(event);
    if (asOf === null) {
      refused.push(event.eventId);
      continue;
    }

    const fact = factOf(event, asOf);
    const known = fact && latest.get(fact.name);
    if (fact && (!known || isNewerFact(fact, known))) latest.set(fact.name, fact);
  }

  const facts = [...latest.values()].map(({ name, value, asOf }) => [
    name,
    { value, asOf: formatInstant(asOf) },
  ]);
  return { facts: Object.fromEntries(facts), refused: refused.sort() };
}
