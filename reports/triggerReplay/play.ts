// A trigger played over events of the past, with the gate asked at each firing about the contact as it was then. Nothing is sent or kept.

import {
  type Contact,
  countedWhole,
  type KeptTouch,
  speakerFor,
} from '../../rules/contact/contact';
import { decide } from '../../rules/gate/gate';
import type { Decision } from '../../rules/gate/gate.schema';
import type { PolicySnapshot } from '../../rules/gate/policySnapshot';
import { closedBy } from '../../rules/journey/closedBy';
import { MINUTE_MS } from '../../rules/time/durations';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { localDate } from '../../rules/time/localDate';
import { answered } from '../../rules/trigger/answered';
import { type CompiledTriggers, compileTriggers } from '../../rules/trigger/compileTriggers';
import type { Firing } from '../../rules/trigger/firing';
import { budgetsInMemory } from '../../rules/trigger/takeEvents';
import { type TriggerOutcome, testTriggers } from '../../rules/trigger/testTriggers';
import type { OpportunityEvent, Trigger } from '../../rules/trigger/trigger';

/** What is played. */
export interface Playing {
  /** As if it were enabled. */
  readonly tested: Trigger;
  /** Those that are enabled besides: they may take the journey of an event. */
  readonly others: readonly Trigger[];
  readonly policyFor: (city: string) => PolicySnapshot;
  /** IANA zone of the deployment. */
  readonly timezone: string;
}

/** A day of the events' own dates in the deployment's zone. */
export interface PlayedDay {
  readonly date: string;
  readonly outcomes: Readonly<Partial<Record<TriggerOutcome, number>>>;
  /** What the gate said at the firings. */
  readonly gate: Readonly<Partial<Record<Decision['verdict'], number>>>;
  /** How many confirmations staff would have been asked for, how many of them, and how many the busiest. */
  readonly confirmations: number;
  readonly staff: number;
  readonly busiest: number;
}

export interface PlayedReport {
  /** Events of the type in the trigger's cities. */
  readonly events: number;
  readonly days: readonly PlayedDay[];
  /** Why the gate held firings back, the most frequent first. */
  readonly reasons: readonly {
    readonly verdict: 'deferred' | 'suppressed';
    readonly reason: string;
    readonly rule: string;
    readonly count: number;
  }[];
}

/** A contact and what had fired for it before the events that are played. */
export interface PlayedContact {
  readonly contact: Contact;
  readonly firedBefore: readonly Firing[];
}

export interface Player {
  /** In the order in which they were received. */
  take(event: OpportunityEvent, of: PlayedContact): void;
  report(): PlayedReport;
}

export function createPlayer(playing: Playing): Player {
  const { tested, others, timezone } = playing;
  const triggers = compileTriggers([{ ...tested, enabled: true }, ...others]);
  const state: PlayState = { playing, triggers, firings: new Map(), touches: new Map() };
  const take = budgetsInMemory();
  const tally = createTally();

  return {
    take(event, of) {
      const { contactId } = of.contact;
      const before = state.firings.get(contactId) ?? of.firedBefore;
      const occasion = { event, contact: of.contact };
      const answers = answered(testTriggers(triggers, occasion, before, timezone), take);

      const fired = answers.filter(({ outcome }) => outcome === 'fired');
      if (fired.length > 0)
        state.firings.set(contactId, [...before, ...fired.map(firingOf(event))]);

      const own = answers.find(({ triggerId }) => triggerId === tested.id);
      if (!own) return;
      const date = localDate(event.occurredAt, timezone);
      tally.outcome(date, own.outcome);
      if (own.outcome === 'fired') tally.touch(date, touchAt(state, event, of.contact));
    },

    report: () => tally.report(),
  };
}

interface PlayState {
  readonly playing: Playing;
  readonly triggers: CompiledTriggers;
  /** By contact: what fired, before and while it was played. */
  readonly firings: Map<string, readonly Firing[]>;
  /** By contact: touches that the trigger would have made. */
  readonly touches: Map<string, readonly KeptTouch[]>;
}

const firingOf =
  ({ eventId, occurredAt }: OpportunityEvent) =>
  ({ triggerId }: { readonly triggerId: string }): Firing => ({ triggerId, eventId, occurredAt });

interface PlayedTouch {
  readonly decision: Decision;
  /** Who would have been asked to confirm it. */
  readonly staffId?: string | undefined;
}

/** On the first channel that does not refuse it, as the journey goes on from one to the next. */
function touchAt(state: PlayState, event: OpportunityEvent, contact: Contact): PlayedTouch {
  const { tested, policyFor } = state.playing;
  const { channel: first, fallback = [], product } = tested.offer;
  const { prepared } = policyFor(contact.city);
  const asWas = contactAt(state, event, contact);
  const at = event.receivedAt;
  const life = tested.expiresAfterMinutes * MINUTE_MS;
  const touch = {
    touchId: `${tested.id}/${event.eventId}`,
    ...{ at, class: 'marketing' as const, city: contact.city, campaign: tested.id },
    product,
    expiresAt: formatInstant(instantAt(event.occurredAt, 'occurredAt') + life),
  };

  let decision: Decision | undefined;
  for (const channel of [first, ...fallback]) {
    decision = decide(prepared, asWas, { ...touch, channel });
    if (decision.verdict === 'pass') {
      const kept = { ...touch, channel, state: 'sent' as const, attempt: 1, revision: 0 };
      const before = state.touches.get(contact.contactId) ?? [];
      state.touches.set(contact.contactId, [...before, kept as unknown as KeptTouch]);
      return {
        decision,
        staffId: channel === 'wecom' ? speakerFor(contact, undefined)?.staffId : undefined,
      };
    }
    const closes =
      decision.verdict === 'suppressed' && closedBy(decision.reason ?? '', decision.rule);
    if (closes !== 'channel') break;
  }

  if (!decision) throw new Error(`${tested.id} names no channel`);
  return { decision };
}

/** With the touches it had then, those of this trigger's own past aside: in their place stand the ones it would have made. */
function contactAt(
  { playing, touches }: PlayState,
  { receivedAt }: OpportunityEvent,
  contact: Contact,
): Contact {
  const whole = countedWhole(contact);
  const then = whole.touches.filter(
    ({ at, campaign }) => at <= receivedAt && campaign !== playing.tested.id,
  );
  return { ...whole, touches: [...then, ...(touches.get(contact.contactId) ?? [])] };
}

interface DayTally {
  readonly outcomes: Map<TriggerOutcome, number>;
  readonly gate: Map<Decision['verdict'], number>;
  readonly asked: Map<string, number>;
}

function createTally() {
  const days = new Map<string, DayTally>();
  const reasons = new Map<string, number>();
  let events = 0;

  const dayOf = (date: string): DayTally => {
    const day = days.get(date) ?? { outcomes: new Map(), gate: new Map(), asked: new Map() };
    days.set(date, day);
    return day;
  };

  return {
    outcome(date: string, outcome: TriggerOutcome): void {
      events += 1;
      count(dayOf(date).outcomes, outcome);
    },

    touch(date: string, { decision, staffId }: PlayedTouch): void {
      const { verdict, reason = '', rule = '' } = decision;
      count(dayOf(date).gate, verdict);
      if (staffId !== undefined) count(dayOf(date).asked, staffId);
      if (verdict !== 'pass') count(reasons, JSON.stringify({ verdict, reason, rule }));
    },

    report: (): PlayedReport => ({
      events,
      days: [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(playedDay),
      reasons: [...reasons]
        .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
        .map(([key, times]) => ({ ...(JSON.parse(key) as Reason), count: times })),
    }),
  };
}

type Reason = Omit<PlayedReport['reasons'][number], 'count'>;

function playedDay([date, { outcomes, gate, asked }]: readonly [string, DayTally]): PlayedDay {
  const loads = [...asked.values()];
  return {
    date,
    outcomes: Object.fromEntries(outcomes),
    gate: Object.fromEntries(gate),
    confirmations: loads.reduce((sum, load) => sum + load, 0),
    staff: loads.length,
    busiest: Math.max(0, ...loads),
  };
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
