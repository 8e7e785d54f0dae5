// WeCom as a channel: a welcome goes out at once, anything else becomes a task that a member of staff must confirm.

import type { Channel, Delivered, Delivery } from '../../ports/channel';
import type { Clock } from '../../ports/clock';
import { allAtOnce, refuse } from '../delivery';
import type { WecomClient } from './client';
import { WecomError } from './errors';
import { findTask } from './massSendTask';
import { createTaskGroups, type TaskGroups } from './taskGroups';
import { MAX_TEXT_BYTES } from './text';
import { repeatWelcome, sendWelcome } from './welcome';

/**
 * A mass send carries no key of ours, so a call given up on must have landed or be lost before it is made again: the 40 s in which
 * an execution may begin it, and as long again for a slow WeCom. A welcome code is good for one message whatever is repeated.
 */
const LANDS_WITHIN_MS = 90_000;

/** How long a task waits for others of the same text, in milliseconds: nobody notices, and a page has come together. */
const GATHER_MS = 300;

export function createWecomChannel(
  client: WecomClient,
  clock: Clock,
  { gatherMs = GATHER_MS } = {},
): Channel {
  const groups = createTaskGroups(client, gatherMs);

  return {
    name: 'wecom',
    maxBytes: MAX_TEXT_BYTES,

    landsWithinMs: ({ welcomeCode }) => (welcomeCode === undefined ? LANDS_WITHIN_MS : 0),
    deliverMany: allAtOnce(MAX_TEXT_BYTES, clock, (delivery, isOver) =>
      deliver({ client, clock, groups }, delivery, isOver),
    ),

    async lookup(delivery) {
      const { welcomeCode } = delivery;
      return welcomeCode === undefined
        ? findTask(client, clock, delivery)
        : repeatWelcome(client, clock, welcomeCode, delivery);
    },
  };
}

interface Means {
  readonly client: WecomClient;
  readonly clock: Clock;
  readonly groups: TaskGroups;
}

async function deliver(
  { client, clock, groups }: Means,
  delivery: Delivery,
  isOver: () => boolean,
): Promise<Delivered> {
  const { welcomeCode, text } = delivery;
  return asDelivered(
    welcomeCode === undefined
      ? groups.add(delivery, isOver)
      : sendWelcome(client, clock, welcomeCode, text),
  );
}

/** What WeCom said no to was not accepted; only an unknown outcome is thrown on. */
async function asDelivered(attempt: Promise<Delivered>): Promise<Delivered> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof WecomError)) throw error;

    const reason = String(error.errcode);
    if (error.isFinal) return refuse(reason);

    const { retryAfterMs } = error;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { kind: 'refused', reason, retryable: true, ...wait };
  }
}
