// Random histories of events of a customer, and what the live path makes of them in whatever order they arrive.

import fc from 'fast-check';
import { createHandler } from '../../intake/handlers';
import { inboundEvent } from '../../intake/inbound';
import type { Stores } from '../../ports/stores';
import { isCodedError } from '../../rules/base/errors';
import type { Contact } from '../../rules/contact/contact';
import { type FactEvent, factsOf, type KnownFact } from '../../rules/contact/facts';
import { refusalReader } from '../../rules/contact/refusal';
import { type CustomerEvent, customerEvent } from '../../rules/event/event.schema';
import { parseWith } from '../../rules/input/parse';
import { createFakeEngine } from '../fakes/engine';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 20, 8);
const iso = (minute: number): string => new Date(START + minute * MINUTE).toISOString();

const DATA = {
  usage: (n: number) => ({ percent: n * 30 }),
  bill: (n: number) => ({ dueFen: n * 100 }),
  'bill-paid': () => ({}),
  'plan-changed': (n: number) => ({ plan: { id: `p-${n}`, fee: n } }),
  recharge: (n: number) => ({ balanceFen: n }),
  balance: (n: number) => ({ balanceFen: n }),
  message: () => ({}),
  opened: (n: number) => ({ campaign: `k-${n}` }),
};
/** Those of which `sopflow people` says what follows. */
const TYPES = (Object.keys(DATA) as (keyof typeof DATA)[]).filter((type) => type !== 'opened');

const drawn = fc.record({
  type: fc.constantFrom(...TYPES),
  // Few instants, so that many fall together; some are ahead of when they are heard, some too far.
  occurred: fc.integer({ min: -4, max: 9 }),
  received: fc.integer({ min: 0, max: 3 }),
  amount: fc.integer({ min: 0, max: 4 }),
});

export interface History {
  readonly events: readonly FactEvent[];
  /** The same in another order, some of them twice. */
  readonly arrivals: readonly FactEvent[];
}

export const histories: fc.Arbitrary<History> = fc
  .array(drawn, { maxLength: 10 })
  .chain((history) => arrivingAnyhow(history.map((each, i) => eventOf(each, i, each.type))));

const eventOf = (
  { occurred, received, amount }: { occurred: number; received: number; amount: number },
  i: number,
  type: keyof typeof DATA,
): FactEvent => ({
  ...{ eventId: `e-${i}`, type, data: DATA[type](amount) },
  ...{ occurredAt: iso(occurred), receivedAt: iso(received) },
});

const arrivingAnyhow = (events: readonly FactEvent[]): fc.Arbitrary<History> =>
  fc
    .tuple(fc.shuffledSubarray([...events], { minLength: events.length }), fc.subarray([...events]))
    .map(([shuffled, twice]) => ({ events, arrivals: [...shuffled, ...twice] }));

/** Histories of openings alone. */
export const openings: fc.Arbitrary<History> = fc
  .array(drawn, { maxLength: 8 })
  .chain((history) => arrivingAnyhow(history.map((each, i) => eventOf(each, i, 'opened'))));

/** What is known after them, by a count of its own: the latest instant, and of one instant the larger id. */
export function lastOpening({ events }: History): object | undefined {
  const past = events.flatMap(({ eventId, occurredAt, receivedAt, data }) => {
    const [at, heard] = [Date.parse(occurredAt), Date.parse(receivedAt)];
    return at > heard + 5 * MINUTE ? [] : [{ eventId, at: Math.min(at, heard), data }];
  });
  const [last] = past.sort((a, b) => b.at - a.at || (a.eventId < b.eventId ? 1 : -1));
  return last && { openedAt: new Date(last.at).toISOString(), openedCampaign: last.data.campaign };
}

/** Takes the arrivals through the handlers of the intake; the ids of those that were refused. */
export async function takeArrivals(
  stores: Stores,
  contactId: string,
  arrivals: readonly FactEvent[],
): Promise<readonly string[]> {
  const silent = () => {};
  const handle = createHandler({
    stores,
    engine: createFakeEngine(),
    wecom: { customer: async () => null },
    readAnswer: refusalReader(),
    clock: { now: () => START },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    timezone: 'Asia/Shanghai',
  });

  const refused = new Set<string>();
  for (const { receivedAt, ...told } of arrivals) {
    const event = parseWith<CustomerEvent>(customerEvent, { ...told, contactId }, '');
    try {
      await handle(inboundEvent(event, Date.parse(receivedAt)));
    } catch (error) {
      if (!isCodedError(error) || error.issues[0]?.path !== 'occurredAt') throw error;
      refused.add(told.eventId);
    }
  }

  return [...refused].sort();
}

/** What is known of a contact, as `sopflow people` says it; of what only the live path keeps, nothing. */
export function knownOf({ facts, plan, factTimes }: Contact): Record<string, KnownFact> {
  const { billedAt: _billedAt, ...values } = { ...facts, ...(plan && { plan }) };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { value, asOf: factTimes?.[name]?.asOf ?? 'unknown' },
    ]),
  );
}

export const answerOf = ({ events }: History): ReturnType<typeof factsOf> => factsOf(events);
