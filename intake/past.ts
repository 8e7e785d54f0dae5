// When things happened, as far as that can be believed: nothing has happened later than we heard of it. What cannot have happened yet
// is parked with that reason; a "no" of the customer counts all the same, from when we heard of it.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import { pastInstant } from '../rules/contact/pastInstant';
import { MAX_AHEAD_MS } from '../rules/contact/statements';
import { isOwnEvent, type ReportedEvent } from '../rules/event/readEvent.schema';
import { formatInstant, instantAt } from '../rules/time/instant';

/** @throws CodedError INVALID_INPUT naming `occurredAt` */
export function pastEvent<E extends ReportedEvent>(event: E, receivedAt: number): E {
  const { occurredAt } = event;
  const at = mayRefuse(event)
    ? heardBy(occurredAt, receivedAt)
    : pastInstant(occurredAt, receivedAt, 'occurredAt');
  return { ...event, occurredAt: at };
}

const mayRefuse = (event: ReportedEvent): boolean =>
  !isOwnEvent(event) &&
  (event.type === 'complaint' || ('text' in event.data && event.data.text !== undefined));

/** @throws CodedError INVALID_INPUT naming `at` */
export function pastCallback(callback: SystemCallback, receivedAt: number): SystemCallback {
  const { type, at } = callback;
  if (type === 'upstream') return { ...callback, at: heardBy(at, receivedAt) };

  const past = pastInstant(at, receivedAt, 'at');
  // The receipts of the parts of a message keep their order.
  return type === 'receipt' ? callback : { ...callback, at: past };
}

const heardBy = (at: string, receivedAt: number): string =>
  formatInstant(Math.min(instantAt(at, 'at'), receivedAt));

/**
 * The instant names the friendship, so that it is the same however it is told of: one within the difference of clocks stays.
 * @throws CodedError INVALID_INPUT naming `at`
 */
export function pastWecom(callback: WecomCallback, receivedAt: number): WecomCallback {
  if (callback.kind === 'malformed' || callback.at <= receivedAt + MAX_AHEAD_MS) return callback;
  if (callback.kind === 'removed-by-customer' || callback.kind === 'removed-by-staff')
    return { ...callback, at: receivedAt };

  pastInstant(formatInstant(callback.at), receivedAt, 'at');
  return callback;
}
