// The fourth step of a touch: to the channel. The record is opened before the call, and an open record is a question for the
// channel, never a reason to send again.

import { CHANNEL_CALLS_AT_ONCE, mapInParallel } from './mapInParallel';
import type { ClosedTouch, ReservedTouch, TouchContext } from './path';
import { type DeliveryRequest, prepareDeliveries } from './request';
import { type Answered, partition, recordAnswers, release } from './settle';

/** Fresh reservations: nothing can have been sent yet. */
export async function deliver(
  context: TouchContext,
  reserved: readonly ReservedTouch[],
): Promise<readonly ClosedTouch[]> {
  if (reserved.length === 0) return [];

  const { requests, releases } = await prepareDeliveries(context, reserved);
  const released = await release(context, releases);
  if (requests.length === 0) return released;

  const opened = await context.deps.stores.deliveries.openMany(
    requests.map(({ record }) => record),
  );
  const recorded = requests.map((request, i) => ({
    ...request,
    record: opened[i]?.record ?? request.record,
  }));

  return [...released, ...(await handOver(context, recorded))];
}

/** Calls the channels, and acts on what they answer. One call that fails holds up no other. */
export async function handOver(
  context: TouchContext,
  requests: readonly DeliveryRequest[],
): Promise<readonly ClosedTouch[]> {
  const calls = await mapInParallel(requests, CHANNEL_CALLS_AT_ONCE, callChannel);
  const { closed, open } = partition<Answered>(calls);

  return [...closed, ...(await recordAnswers(context, open))];
}

async function callChannel(request: DeliveryRequest): Promise<Answered | ClosedTouch> {
  const { touch, record, channel } = request;
  try {
    return { touch, record, answer: await channel.deliver(record) };
  } catch (failure) {
    return { place: touch.place, failure };
  }
}
