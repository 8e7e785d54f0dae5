// The kit that journeys are written with: a frame around the story, and the few verbs the story is told in.

import type { JourneyFacts } from '../../activities/contract';
import { orderKey } from '../../rules/base/ids';
import type { ChannelName } from '../../rules/contact/contact';
import type { JourneyInput } from '../../rules/journey/kind';
import type { JourneyKind } from '../../rules/journey/kinds';
import type { ContactEvent, JourneyResult } from '../../rules/journey/messages';
import { closeOpenTouches } from './closing';
import { markOutcome } from './details';
import { now } from './now';
import { begin, facts, finish, placeOrder } from './proxies';
import { type EventKind, openRun, type RunState } from './run';
import { RunEnded } from './stops';
import { CancellationScope, isCancellation, TemporalFailure, workflowInfo } from './temporal';
import { type JourneyTouch, runTouch, type Subject, type TouchOutcome } from './touch';
import { takeEvent, waitUntilTrue, waitWhilePaused } from './waits';

export interface Setting {
  readonly journey: JourneyKind;
  /** Template ids; the versions current at the beginning are used to the end. */
  readonly templates: readonly string[];
  /** Every channel the journey may speak on: when the customer has closed them all, the run ends. */
  readonly channels: readonly ChannelName[];
  /** Comes before the run closes, whatever its outcome. */
  readonly closing?: (outcome: string) => Promise<void>;
}

/** What a journey can do and know. Every wait ends the run when it was stopped, cancelled, or made pointless by the customer. */
export interface JourneyRun {
  /** IANA zone of the contact. */
  readonly zone: string;
  /** The member the run speaks through. */
  readonly staffId?: string;
  /** False once the customer has closed the channel; for WeCom also when nobody is a friend. */
  speaks(channel: ChannelName): boolean;
  /** Milliseconds. */
  now(): number;
  /** Asks the gate and delivers; sleeps through every hold and returns when the touch has come to its end. */
  touch(ask: JourneyTouch): Promise<TouchOutcome>;
  waitUntil(instant: number, why: string): Promise<void>;
  /** The first event of these kinds, also one from before the wait; null when there was none until then. */
  waitFor(
    kinds: readonly EventKind[],
    until: number,
    why: string,
    about?: About,
  ): Promise<ContactEvent | null>;
  /** False once the touch turned out not to have reached the customer: never confirmed, or refused in a late receipt. */
  arrived(touchId: string): boolean;
  /** As `waitFor`, without waiting. */
  happened(kind: EventKind, fits?: (event: ContactEvent) => boolean): ContactEvent | null;
  facts(): Promise<JourneyFacts>;
  /** From here on a purchase of this product ends the run as converted. */
  offers(product: string): void;
  /** Places the order once, whatever is retried; the outcome of the run. */
  order(product: string): Promise<'ordered' | 'order-rejected'>;
}

/** Narrows a wait. */
export interface About {
  readonly fits?: (event: ContactEvent) => boolean;
  /** The touch that the customer is to answer: the wait ends when it is known not to have arrived. */
  readonly touchId?: string;
}

/** Runs a story for a contact: begins, tells it, and closes cleanly however it ended. */
export async function runJourney(
  setting: Setting,
  input: JourneyInput,
  story: (run: JourneyRun) => Promise<string>,
): Promise<JourneyResult> {
  const { journey, templates, channels } = setting;
  const state = openRun(journey, channels, input.staffId);
  const ended = await outcomeOf(async () => {
    const { contactId } = input;
    const begun = await begin({
      journey,
      contactId,
      templates,
      ...(input.staffId && { staffId: input.staffId }),
    });
    if (begun.staffId !== undefined) state.staffId = begun.staffId;
    state.city = begun.city;
    const runKey = runKeyOf(input.entry);
    return story(
      createRun(state, { contactId, runKey, templates: begun.templates }, begun.timezone),
    );
  });
  // A cancelled run still gives back what it holds and says how it ended.
  await CancellationScope.nonCancellable(async () => {
    await closeOpenTouches(state, input.contactId);
    await setting.closing?.(ended.outcome);
    await finish({ outcome: ended.outcome });
    markOutcome(state, ended.outcome);
  });
  if (ended.failure !== undefined) throw ended.failure;
  return { outcome: ended.outcome };
}

/** A workflow id may be used again for a later entry: then the entry keeps the touches of the two apart. */
function runKeyOf(entry: string): string {
  const { workflowId } = workflowInfo();
  return workflowId.endsWith(`/${entry}`) ? workflowId : `${workflowId}/${entry}`;
}

interface Ended {
  readonly outcome: string;
  /** Rethrown, so that Temporal too shows the run as cancelled or failed. */
  readonly failure?: unknown;
}

/** Any error but these is a fault in the code: it fails the workflow task and waits there for a corrected worker. */
async function outcomeOf(tell: () => Promise<string>): Promise<Ended> {
  try {
    return { outcome: await tell() };
  } catch (error) {
    if (error instanceof RunEnded) return { outcome: error.outcome };
    if (isCancellation(error)) return { outcome: 'cancelled', failure: error };
    if (error instanceof TemporalFailure) return { outcome: 'failed', failure: error };
    throw error;
  }
}

function createRun(state: RunState, subject: Subject, zone: string): JourneyRun {
  const { contactId, runKey } = subject;
  return {
    zone,
    ...(state.staffId !== undefined && { staffId: state.staffId }),
    speaks: (channel) =>
      !state.lost.includes(channel) && (channel !== 'wecom' || state.staffId !== undefined),
    now,
    touch: (ask) => runTouch(state, subject, ask),
    async waitUntil(instant, why) {
      await waitUntilTrue(state, () => false, why, instant);
      await waitWhilePaused(state);
    },
    async waitFor(kinds, until, why, { fits = () => true, touchId } = {}) {
      const come = () => state.events.some((event) => kinds.includes(event.kind) && fits(event));
      const lost = () => touchId !== undefined && state.settled[touchId]?.settled === 'released';
      await waitUntilTrue(state, () => come() || lost(), why, until);
      await waitWhilePaused(state);
      return takeEvent(state, kinds, fits);
    },
    arrived: (id) =>
      state.touches.some(({ touchId, verdict }) => touchId === id && verdict === 'sent'),
    happened: (kind, fits) => takeEvent(state, [kind], fits),
    facts: () => facts({ contactId }),
    offers(product) {
      state.product = product;
      if (state.events.some((event) => event.kind === 'converted' && event.product === product))
        state.ending ??= 'converted';
    },
    async order(product) {
      await waitWhilePaused(state);
      const request = { orderKey: orderKey(runKey, product), contactId, product };
      const order = await CancellationScope.nonCancellable(() =>
        placeOrder({ ...request, ...(state.staffId !== undefined && { staffId: state.staffId }) }),
      );
      return order.state === 'rejected' ? 'order-rejected' : 'ordered';
    },
  };
}
