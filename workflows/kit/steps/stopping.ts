// What ends a run of a sequence early, and the orders that its offers bring.

import { orderKey } from '../../../rules/base/ids';
import { endingBy, stopTags } from '../../../rules/sequence/stop';
import { attempt } from '../attempt';
import { hasTag, placeOrder } from '../proxies';
import { CancellationScope, condition } from '../temporal';
import { hasEvent, takeEvent } from '../waits';
import type { Course } from './course';

/** Also what happened before the plan was read counts. */
export function heedStops({ state, plan }: Course): void {
  const rule: typeof state.stopRule = (event) => endingBy(plan.stopWhen, event, state.staffId);
  state.stopRule = rule;
  for (const event of state.events) state.ending ??= rule(event);
}

export async function endIfTagged({ state, plan }: Course): Promise<void> {
  const tags = stopTags(plan.stopWhen);
  if (tags.length === 0) return;

  const { contactId } = state;
  const isTagged = await attempt('asking for tags', () => hasTag({ contactId, tags }));
  if (isTagged) state.ending ??= 'tagged';
}

/** Goes on beside the steps until they are over, or the run has ended. */
export const beside = (course: Course): Promise<unknown> =>
  CancellationScope.nonCancellable(() => Promise.all([watchTags(course), orderAccepted(course)]));

/** A tag is no event: it is asked for whenever the contact has changed. */
async function watchTags(course: Course): Promise<void> {
  const { state, plan } = course;
  if (stopTags(plan.stopWhen).length === 0) return;

  while (!isOver(course)) {
    const known = state.changes.length;
    await endIfTagged(course);
    await condition(() => isOver(course) || state.changes.slice(known).includes('profile'));
  }
}

/** What a customer accepts of the run's offers is ordered at once. What comes as the run ends is given back. */
async function orderAccepted(course: Course): Promise<void> {
  const { state } = course;

  for (;;) {
    await condition(() => isOver(course) || hasEvent(state, ['accepted']));
    if (isOver(course)) return;

    const event = takeEvent(state, ['accepted']);
    state.hasAnswered = true;
    if (event?.acceptance === undefined || event.product === undefined) continue;

    const { contactId, staffId } = state;
    const { acceptance, product } = event;
    const placed = await attempt('ordering what was accepted', () =>
      placeOrder({
        ...{ orderKey: orderKey(contactId, product, acceptance), contactId, product },
        ...(staffId !== undefined && { staffId }),
      }),
    );
    if (placed) delete state.taken;
  }
}

const isOver = ({ state, isOver: over }: Course): boolean => over || state.ending !== null;
