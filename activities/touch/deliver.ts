// To the channel. The record is opened before the call, and an open record is a question for the
// channel, never a reason to send again.

import { CHANNEL_CALLS_AT_ONCE, mapInParallel } from './mapInParallel';
import type { ClosedTouch, ReservedTouch, TouchContext } from './path';
import { type DeliveryRequest, prepareDeliveries } from './request';
import { type Answered, partition, release } from './settle';

/** What a step closed, and what the channels answered to the rest. */
export interface Handover {
  readonly closed: readonly ClosedTouch[];
  readonly answered: readonly Answered[];
}

/** Fresh reservations: nothing can have been sent yet. */
export async function deliver(
  context: TouchContext,
  reserved: readonly ReservedTouch[],
): Promise<Handover> {
  if (reserved.length === 0) return { closed: [], answered: [] };

  const { requests, releases } = await prepareDeliveries(context, reserved);
  const released = await release(context, releases);
  if (requests.length === 0) return { closed: released, answered: [] };

  const opened = await context.deps.stores.deliveries.openMany(
    requests.map(({ record }) => record),
  );
  const recorded = requests.map((request, i) => ({
    ...request,
    record: opened[i]?.record ?? request.record,
  }));

  const { closed, answered } = await handOver(recorded);
  return { closed: [...released, ...closed], answered };
}

/** Calls the channels. One call that fails holds up no other. */
export async function handOver(requests: readonly DeliveryRequest[]): Promise<Handover> {
  const calls = await mapInParallel(requests, CHANNEL_CALLS_AT_ONCE, callChannel);
  const { closed, open } = partition<Answered>(calls);
  return { closed, answered: open };
}

async function callChannel(request: DeliveryRequest): Promise<Answered | ClosedTouch> {
  const { touch, record, channel } = request;
  try {
    return { touch, record, answer: await channel.deliver(record) };
  } catch (failure) {
    return { place: touch.place, failure };
  }
}
