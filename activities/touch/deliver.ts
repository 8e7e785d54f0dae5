// To the channel. The record is opened before the call, and an open record is a question for the
// channel, never a reason to send again.

import type { Channel, Delivery } from '../../ports/channel';
import { CodedError } from '../../rules/base/errors';
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

/** Each channel gets what is its own, all at once. */
export async function handOver(requests: readonly DeliveryRequest[]): Promise<Handover> {
  if (requests.length === 0) return { closed: [], answered: [] };

  const results = await Promise.all(
    [...byChannel(requests)].map(([channel, own]) => callChannel(channel, own)),
  );
  const { closed, open } = partition<Answered>(results.flat());
  return { closed, answered: open };
}

function byChannel(
  requests: readonly DeliveryRequest[],
): ReadonlyMap<Channel, readonly DeliveryRequest[]> {
  const groups = new Map<Channel, DeliveryRequest[]>();
  for (const request of requests) {
    const group = groups.get(request.channel);
    if (group) group.push(request);
    else groups.set(request.channel, [request]);
  }

  return groups;
}

async function callChannel(
  channel: Channel,
  requests: readonly DeliveryRequest[],
): Promise<readonly (Answered | ClosedTouch)[]> {
  const results = await channel.deliverMany(requests.map(({ record }) => record));

  return requests.map(({ touch, record }, i) => {
    const result = results[i];
    return result?.status === 'fulfilled'
      ? { touch, record, answer: result.value }
      : { place: touch.place, failure: result?.reason ?? unanswered(channel, record) };
  });
}

const unanswered = ({ name }: Channel, { touchId }: Delivery) =>
  new CodedError('UNAVAILABLE', `${name} left touch ${touchId} without an answer`);
