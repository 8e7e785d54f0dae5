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

/** What a fact is of. UTC texts, which compare as the instants do. */
export interface FactTime {
  readonly asOf: string;
  /** That told it; an import or an edit has none. */
  readonly eventId?: string;
  /** Among what happened at the same instant it stands before all that is not. */
  readonly isPayment?: true;
}

export interface DatedFact {
  readonly name: string;
  readonly value: unknown;
  readonly time: FactTime;
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

/** What an event that happened at an instant (UTC) says of the customer; null: nothing that is kept. */
export function factOf(
  { type, data, eventId }: Pick<FactEvent, 'type' | 'data' | 'eventId'>,
  asOf: string,
): DatedFact | null {
  const time = { asOf, eventId, ...(type === 'bill-paid' && { isPayment: true as const }) };
  const fact = (name: string, value: unknown): DatedFact | null =>
    value === undefined ? null : { name, value, time };

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
      return fact('lastSpokeAt', asOf);
    default:
      return null;
  }
}

/**
 * True when what is told stands and not what is known: it is of later, or at the same instant a payment, or else of the larger id
 * (code units). Told again, and told anew of the same instant without an event, it stands. What is known of no instant is of an
 * unknown past.
 */
export function standsOver(told: FactTime | undefined, known: FactTime | undefined): boolean {
  if (told === undefined || known === undefined) return known === undefined;
  if (told.asOf !== known.asOf) return told.asOf > known.asOf;
  if (told.isPayment !== known.isPayment) return told.isPayment === true;
  return (told.eventId ?? '') >= (known.eventId ?? '');
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

    const fact = factOf(event, formatInstant(asOf));
    if (fact && standsOver(fact.time, latest.get(fact.name)?.time)) latest.set(fact.name, fact);
  }

  const facts = [...latest.values()].map(({ name, value, time: { asOf } }) => [
    name,
    { value, asOf },
  ]);
  return { facts: Object.fromEntries(facts), refused: refused.sort() };
}
