// What channels have in common: a page handed over one by one, and what is refused before it troubles the system behind it.

import type { Channel, Delivered, Delivery } from '../ports/channel';
import type { Clock } from '../ports/clock';
import { CodedError } from '../rules/base/errors';
import { mapInParallel } from '../rules/base/mapInParallel';

type Deliver = (delivery: Delivery, isOver: () => boolean) => Promise<Delivered>;
type DeliverMany = Channel['deliverMany'];

/**
 * For systems that take one message a call. What came too late, says nothing or is too long never reaches `deliver`, which throws when the
 * outcome is unknown.
 */
export const oneByOne =
  (maxBytes: number, clock: Clock, deliver: Deliver): DeliverMany =>
  (deliveries, isOver) =>
    mapInParallel(deliveries, async (delivery) => {
      const [settled] = await Promise.allSettled([
        begin({ maxBytes, clock, deliver }, delivery, isOver),
      ]);
      return settled;
    });

/** The same for a system whose adapter puts them together and paces its calls. */
export const allAtOnce =
  (maxBytes: number, clock: Clock, deliver: Deliver): DeliverMany =>
  (deliveries, isOver) =>
    Promise.allSettled(
      deliveries.map((delivery) => begin({ maxBytes, clock, deliver }, delivery, isOver)),
    );

interface Begin {
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly deliver: Deliver;
}

async function begin(
  { maxBytes, clock, deliver }: Begin,
  delivery: Delivery,
  isOver: () => boolean,
): Promise<Delivered> {
  if (isOver()) throw noTimeLeft(delivery);
  return refusedBeforehand(delivery, maxBytes, clock) ?? deliver(delivery, isOver);
}

export const noTimeLeft = ({ touchId }: Delivery): CodedError =>
  new CodedError('UNAVAILABLE', `no time was left to hand touch ${touchId} over`);

/** The refusal of a delivery that came too late, says nothing or is too long; null: go on. */
function refusedBeforehand(delivery: Delivery, maxBytes: number, clock: Clock): Delivered | null {
  if (delivery.expiresAt !== undefined && delivery.expiresAt <= clock.now())
    return refuse('EXPIRED');
  if (delivery.text.trim() === '') return refuse('TEXT_EMPTY');
  if (Buffer.byteLength(delivery.text) > maxBytes) return refuse('TEXT_TOO_LONG');
  return null;
}

/** A final refusal. */
export const refuse = (reason: string): Delivered => ({
  kind: 'refused',
  reason,
  retryable: false,
});

/** The record cannot be asked without changing it, for a while. */
export const askLater = (retryAfterMs: number): CodedError & { readonly retryAfterMs: number } =>
  Object.assign(new CodedError('UNAVAILABLE', 'whether it was delivered can be asked later'), {
    retryAfterMs,
  });
