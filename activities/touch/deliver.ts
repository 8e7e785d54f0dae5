// To the channel. The record is opened before the call, and an open record is a question for the
// channel, never a reason to send again.

import type { Channel, Delivery } from '../../ports/channel';
import { CodedError } from '../../rules/base/errors';
import {
  assertInTime,
  type ClosedTouch,
  overtaken,
  type ReservedTouch,
  type TouchContext,
} from './path';
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
  const { closed, answered } = await handOver(context, requests);

  return { closed: [...released, ...closed], answered };
}

/** Opens the records and hands over those that are ours. Each channel gets what is its own, all at once. */
export async function handOver(
  context: TouchContext,
  requests: readonly DeliveryRequest[],
): Promise<Handover> {
  if (requests.length === 0) return { closed: [], answered: [] };

  assertInTime(context.execution);
  const { mine, lost } = await openRecords(context, requests);
  const results = await Promise.all(
    [...byChannel(mine)].map(([channel, own]) => callChannel(context, channel, own)),
  );

  const { closed, open } = partition<Answered>(results.flat());
  return { closed: [...lost, ...closed], answered: open };
}

/** A record that another execution has opened is a question for the channel, and no longer ours to hand over. */
async function openRecords({ deps }: TouchContext, requests: readonly DeliveryRequest[]) {
  const inDoubtSince = deps.clock.now();
  const opened = await deps.stores.deliveries.openMany(
    requests.map(({ touch: { fence }, record }) => ({
      ...record,
      ...(fence > 0 && { fence }),
      inDoubtSince,
    })),
  );

  const { open, closed } = partition<DeliveryRequest>(
    requests.map((request, i) => {
      const found = opened[i];
      if (found?.opened) return { ...request, record: found.record };
      return { place: request.touch.place, failure: overtaken() };
    }),
  );
  return { mine: open, lost: closed };
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
  { execution }: TouchContext,
  channel: Channel,
  requests: readonly DeliveryRequest[],
): Promise<readonly (Answered | ClosedTouch)[]> {
  assertInTime(execution); // opening the records may have taken long
  const results = await channel.deliverMany(
    requests.map(({ record }) => record),
    execution.isOver,
  );

  return requests.map(({ touch, record }, i) => {
    const result = results[i];
    return result?.status === 'fulfilled'
      ? { touch, record, answer: result.value }
      : { place: touch.place, failure: result?.reason ?? unanswered(channel, record) };
  });
}

const unanswered = ({ name }: Channel, { touchId }: Delivery) =>
  new CodedError('UNAVAILABLE', `${name} left touch ${touchId} without an answer`);
