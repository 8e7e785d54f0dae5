// One touch as a journey sees it: asked, held and asked again, waited for while staff act, and known to have ended.

import type { TouchInput, TouchVerdict } from '../../activities/contract';
import { touchId as idOf } from '../../rules/base/ids';
import type { ChannelName } from '../../rules/contact/contact';
import type { ContactEvent } from '../../rules/journey/messages';
import { MINUTE_MS } from '../../rules/time/durations';
import { markStep } from './details';
import { settleTouch, touch } from './proxies';
import { type EventKind, noteTouch, type OpenTask, type RunState } from './run';
import { CancellationScope } from './temporal';
import { takeEvent, waitUntilTrue, waitWhilePaused } from './waits';

/** What a journey says of a touch; the kit adds who, which run and which attempt. */
export interface JourneyTouch
  extends Omit<
    TouchInput,
    'touchId' | 'attempt' | 'contactId' | 'journey' | 'channel' | 'template'
  > {
  readonly channel: ChannelName;
  /** Id; the run's pinned version is sent. */
  readonly template: string;
  /** Events that make the touch pointless while it is held or waits for staff. */
  readonly unless?: readonly EventKind[];
  /** `later`: a task for staff is not waited for; the journey goes on and hears of its end in passing. */
  readonly settle?: 'later';
  /** Narrows `unless`. */
  readonly fits?: (event: ContactEvent) => boolean;
}

export type TouchOutcome =
  | { readonly kind: 'sent'; readonly touchId: string }
  | { readonly kind: 'suppressed'; readonly reason: string; readonly rule?: string }
  /** Only with `settle: 'later'`. */
  | { readonly kind: 'tasked'; readonly touchId: string }
  /** Nobody acted, or the channel could not bring it: its slot is free again. */
  | { readonly kind: 'unconfirmed'; readonly touchId: string; readonly why: string }
  | { readonly kind: 'overtaken'; readonly by: ContactEvent };

/** Who is touched, and from which run. */
export interface Subject {
  readonly contactId: string;
  /** What keeps the touchIds of two entries apart and those of one the same: workflow id and entry. */
  readonly runKey: string;
  readonly templates: Readonly<Record<string, string>>;
}

/** The settlement of a tasked touch reaches us by signal; its follower works to the same deadline and comes first. */
const GRACE_MS = 30 * MINUTE_MS;

export async function runTouch(
  state: RunState,
  subject: Subject,
  ask: JourneyTouch,
): Promise<TouchOutcome> {
  const { unless = [], fits, settle, ...asked } = ask;
  const id = idOf(subject.runKey, ask.step);
  const overtaken = () =>
    state.events.some((event) => unless.includes(event.kind) && (fits?.(event) ?? true));
  markStep(state, ask.step);

  for (let attempt = 1; ; attempt++) {
    await waitWhilePaused(state);
    const by = takeEvent(state, unless, fits);
    if (by) return { kind: 'overtaken', by };
    const template = subject.templates[ask.template] ?? ask.template;
    const input = {
      ...asked,
      template,
      touchId: id,
      attempt,
      contactId: subject.contactId,
      journey: state.journey,
    };
    const verdict = await askGate(input);
    // A settlement may be faster than the answer that it settles.
    if (state.settled[id] === undefined)
      noteTouch(state, { touchId: id, verdict: verdict.verdict, ...reasonOf(verdict) });
    switch (verdict.verdict) {
      case 'sent':
        return { kind: 'sent', touchId: id };
      case 'suppressed': {
        const { reason, rule } = verdict;
        return { kind: 'suppressed', reason, ...(rule !== undefined && { rule }) };
      }
      case 'tasked': {
        const { channelRef, deadline } = verdict;
        const task = {
          touchId: id,
          channel: ask.channel,
          channelRef,
          until: Date.parse(deadline) + GRACE_MS,
        };
        state.open.push(task);
        if (settle === 'later') return { kind: 'tasked', touchId: id };
        const take = () => takeEvent(state, unless, fits);
        return awaitStaff(state, subject, { task, overtaken, take });
      }
      case 'deferred': {
        // A channel the customer closes meanwhile is asked again at once: the gate then says no, and the journey can go on.
        const closed = state.lost.includes(ask.channel);
        const woken = () => overtaken() || (!closed && state.lost.includes(ask.channel));
        await waitUntilTrue(
          state,
          woken,
          `触达管控放行 · the gate (${verdict.rule}) to let ${ask.step} pass`,
          Date.parse(verdict.until),
        );
      }
    }
  }
}

/** Never abandoned half-way: a cancelled or stopped run first learns what became of its touch. */
function askGate(input: TouchInput): Promise<TouchVerdict> {
  const summary = `${input.step} · ${input.channel} · attempt ${input.attempt}`;
  return CancellationScope.nonCancellable(() => touch.executeWithOptions({ summary }, [input]));
}

interface Waiting {
  readonly task: OpenTask;
  readonly overtaken: () => boolean;
  readonly take: () => ContactEvent | null;
}

async function awaitStaff(
  state: RunState,
  subject: Subject,
  { task, overtaken, take }: Waiting,
): Promise<TouchOutcome> {
  const isSettled = () => state.settled[task.touchId] !== undefined;
  await waitUntilTrue(
    state,
    () => isSettled() || overtaken(),
    `员工确认 · staff to act on ${state.step}`,
    task.until,
  );
  if (!isSettled()) {
    const by = take();
    if (by) return { kind: 'overtaken', by };
  }
  return closeTask(state, subject.contactId, task);
}

/** Ends a task that is settled or has run out of time, and takes it off the list of open ones. */
export async function closeTask(
  state: RunState,
  contactId: string,
  task: OpenTask,
): Promise<TouchOutcome> {
  state.open.splice(state.open.indexOf(task), 1);
  if (state.settled[task.touchId] === undefined)
    await settleTouch({
      touchId: task.touchId,
      contactId,
      settled: 'released',
      why: 'unconfirmed',
    });
  const settled = state.settled[task.touchId];
  const sent = settled?.settled === 'sent';
  const why = settled?.why ?? 'unconfirmed';
  if (!sent) noteTouch(state, { touchId: task.touchId, verdict: 'released', reason: why });
  const { touchId } = task;
  return sent ? { kind: 'sent', touchId } : { kind: 'unconfirmed', touchId, why };
}

const reasonOf = (verdict: TouchVerdict) => ('reason' in verdict ? { reason: verdict.reason } : {});
