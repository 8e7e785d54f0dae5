// One touch as a journey sees it: asked, held and asked again, waited for while staff act, and known to have ended.

import type { TouchInput, TouchVerdict } from '../../activities/contract';
import { touchId as idOf } from '../../rules/base/ids';
import type { ChannelName } from '../../rules/contact/contact';
import { closedBy } from '../../rules/journey/closedBy';
import { mayLift } from '../../rules/journey/lifts';
import type { ContactEvent } from '../../rules/journey/messages';
import type { Relevance } from '../../rules/journey/relevance';
import { markStep, noteTouch, waitingFor } from './details';
import { touch } from './proxies';
import type { EventKind, OpenTask, RunState } from './state';
import { openTask, waitForStaff } from './task';
import { CancellationScope } from './temporal';
import { hasEvent, takeEvent, waitUntilTrue, waitWhilePaused } from './waits';

type AddedByKit = 'touchId' | 'attempt' | 'contactId' | 'journey';
type SaidDifferently = 'channel' | 'template' | 'staffId' | 'expiresAt' | 'relevance';

/** What a journey says of a touch; the kit adds who, which run and which attempt. */
export interface JourneyTouch extends Omit<TouchInput, AddedByKit | SaidDifferently> {
  readonly channel: ChannelName;
  /** Id; the run's pinned version is sent. */
  readonly template: string;
  readonly staffId?: string | undefined;
  /** Why it is said: pointless once one of these holds no more. An empty list says that only time makes it pointless. */
  readonly relevance: readonly Relevance[];
  /** ISO. */
  readonly expiresAt?: string | undefined;
  /** Events that make the touch pointless while it is held or waits for staff. */
  readonly unless?: readonly EventKind[];
  /** `later`: a task for staff is not waited for; the journey goes on and hears of its end in passing. */
  readonly settle?: 'later';
}

export type TouchOutcome =
  | { readonly kind: 'sent'; readonly touchId: string }
  /** `closes`: whether another channel may still reach the contact. */
  | {
      readonly kind: 'suppressed';
      readonly reason: string;
      readonly closes: 'channel' | 'contact';
    }
  /** Only with `settle: 'later'`. */
  | { readonly kind: 'tasked'; readonly touchId: string }
  /** Nobody acted, or the channel could not bring it: its slot is free again. */
  | { readonly kind: 'unconfirmed'; readonly touchId: string }
  | { readonly kind: 'overtaken'; readonly by: ContactEvent };

/** Who is touched, and from which run. */
export interface Subject {
  readonly contactId: string;
  /** What keeps the touchIds of two entries apart and those of one the same: workflow id and entry. */
  readonly runKey: string;
  /** Pinned versions by template id. */
  readonly templates: Readonly<Record<string, string>>;
}

export async function runTouch(
  state: RunState,
  subject: Subject,
  asked: JourneyTouch,
  /** Another touch turns out to have done what this one is for; it is then given up. */
  isSuperseded: () => boolean = () => false,
): Promise<TouchOutcome> {
  const { unless = [] } = asked;
  markStep(state, asked.step);

  for (let attempt = 1; ; attempt++) {
    await waitWhilePaused(state);
    const by = takeEvent(state, unless);
    if (by) return { kind: 'overtaken', by };

    const input = inputOf(state, subject, asked, attempt);
    if (isSuperseded()) return { kind: 'unconfirmed', touchId: input.touchId };

    delete state.settled[input.touchId]; // of the attempt before, also when it is told twice
    const heard = state.changes.length;
    const verdict = await askGate(state, input);
    noteVerdict(state, input.touchId, verdict);

    switch (verdict.verdict) {
      case 'sent':
        return { kind: 'sent', touchId: input.touchId };
      case 'suppressed':
        return suppressedBy(verdict);
      case 'tasked': {
        const task = openTask(state, input, verdict, heard);
        if (asked.settle === 'later') return { kind: 'tasked', touchId: input.touchId };

        const ended = outcomeOf(task, await waitForStaff(state, task, { unless, isSuperseded }));
        if (ended !== 'held') return ended;
        break;
      }
      case 'deferred':
        await waitForGate(state, asked, { verdict, heard, isSuperseded });
    }
  }
}

/** Verdicts that name a text which is missing on the channel are newer than every history in which they did not matter. */
function suppressedBy({
  reason,
  rule,
}: Extract<TouchVerdict, { verdict: 'suppressed' }>): TouchOutcome {
  return { kind: 'suppressed', reason, closes: closedBy(reason, rule) };
}

function inputOf(
  { journey }: RunState,
  { contactId, runKey, templates }: Subject,
  { unless: _unless, settle: _settle, staffId, expiresAt, ...asked }: JourneyTouch,
  attempt: number,
): TouchInput & { readonly channel: ChannelName } {
  return {
    ...asked,
    ...(staffId !== undefined && { staffId }),
    ...(expiresAt !== undefined && { expiresAt }),
    template: templates[asked.template] ?? asked.template,
    touchId: idOf(runKey, asked.step),
    attempt,
    contactId,
    journey,
  };
}

/** A task that was taken back in time counts as what it was taken back for: held means asked again. */
function outcomeOf({ takenBack }: OpenTask, ended: TouchOutcome): TouchOutcome | 'held' {
  if (takenBack === undefined || ended.kind !== 'unconfirmed') return ended;
  if (takenBack.verdict === 'deferred') return 'held';

  const { reason } = takenBack;
  return { kind: 'suppressed', reason, closes: closedBy(reason) };
}

/** Never abandoned half-way: a cancelled or stopped run first learns what became of its touch. */
function askGate(state: RunState, input: TouchInput): Promise<TouchVerdict> {
  const { step, channel } = input;
  const summary = `${step} · ${channel} · attempt ${input.attempt}`;
  const asking = () => touch.executeWithOptions({ summary }, [input]);

  return waitingFor(state, `渠道受理 · ${channel} to take ${step}`, () =>
    CancellationScope.nonCancellable(asking),
  );
}

/** A settlement may be faster than the verdict that it settles: then it stands. */
function noteVerdict(state: RunState, touchId: string, verdict: TouchVerdict): void {
  if (state.settled[touchId] !== undefined) return;

  const reason = 'reason' in verdict ? { reason: verdict.reason } : {};
  noteTouch(state, { touchId, verdict: verdict.verdict, ...reason });
}

interface Hold {
  readonly verdict: Extract<TouchVerdict, { verdict: 'deferred' }>;
  /** How many changes were known before the gate was asked. */
  readonly heard: number;
  readonly isSuperseded: () => boolean;
}

/**
 * A channel the customer closes meanwhile is asked again at once: the gate then says no, and the journey can go on. So is a touch
 * whose hold a change may have lifted, be it one that came while the gate was deciding.
 */
async function waitForGate(
  state: RunState,
  { channel, step, unless = [] }: JourneyTouch,
  { verdict, heard, isSuperseded }: Hold,
): Promise<void> {
  const isClosed = () => state.lost.includes(channel);
  const wasClosed = isClosed();
  const isLifted = () =>
    state.changes.slice(heard).some((what) => what !== 'event' && mayLift(what, verdict));

  await waitUntilTrue(
    state,
    () => hasEvent(state, unless) || (!wasClosed && isClosed()) || isLifted() || isSuperseded(),
    `触达管控放行 · the gate (${verdict.rule}) to let ${step} pass`,
    Date.parse(verdict.until),
  );
}
