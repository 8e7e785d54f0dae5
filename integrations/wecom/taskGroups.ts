// Touches of the same text by the same member that come within a moment become one mass send: the member confirms once.

import type { Delivered, Delivery } from '../../ports/channel';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { MINUTE_MS } from '../../rules/time/durations';
import { noTimeLeft, refuse } from '../delivery';
import type { WecomClient } from './client';
import { NO_RELATION, WecomError } from './errors';
import { NOBODY_SENDABLE } from './massSendTask';

/** Customers that WeCom takes in one mass send. */
const MAX_CUSTOMERS = 10_000;

export interface TaskGroups {
  /** Makes the task, alone or with others. Nothing is sent until the member confirms it. */
  add(delivery: Delivery, isOver: () => boolean): Promise<Delivered>;
}

interface Member {
  readonly delivery: Delivery;
  readonly isOver: () => boolean;
  readonly resolve: (answer: Delivered) => void;
  readonly reject: (reason: unknown) => void;
}

/** Those of one mass send, by external id: a customer is in it once. */
type Group = Map<string, Member>;

/** @param gatherMs how long the first touch waits for others */
export function createTaskGroups(client: WecomClient, gatherMs: number): TaskGroups {
  /** By what they share; a list grows when a group is full or has the customer already. */
  let gathering = new Map<string, Group[]>();
  /** One gathering after the other, so that the calls under way are never more than those of one. */
  let handingOver = Promise.resolve();

  async function handOverAll(): Promise<void> {
    const groups = [...gathering.values()].flat();
    gathering = new Map();
    await mapInParallel(groups, (group) => handOver(client, group));
  }

  function join(externalUserId: string, member: Member): void {
    if (gathering.size === 0)
      setTimeout(() => {
        handingOver = handingOver.then(handOverAll);
      }, gatherMs);

    const key = keyOf(member.delivery);
    const groups = gathering.get(key) ?? [];
    gathering.set(key, groups);

    const open = groups.find((group) => group.size < MAX_CUSTOMERS && !group.has(externalUserId));
    if (open) open.set(externalUserId, member);
    else groups.push(new Map([[externalUserId, member]]));
  }

  return {
    async add(delivery, isOver) {
      const { externalUserId, staffId } = delivery;
      if (externalUserId === undefined || staffId === undefined) return refuse('NO_RELATION');

      return new Promise((resolve, reject) =>
        join(externalUserId, { delivery, isOver, resolve, reject }),
      );
    },
  };
}

/** Touches that end at the same minute can share a deadline, too. */
const keyOf = ({ staffId, text, settleBy, replaces }: Delivery): string =>
  JSON.stringify([staffId, text, Math.floor((settleBy ?? 0) / MINUTE_MS), replaces]);

/** Never rejects: each member has its own answer. */
async function handOver(client: WecomClient, group: Group): Promise<void> {
  const inTime: [string, Member][] = [];
  for (const [externalUserId, member] of group) {
    if (member.isOver()) member.reject(noTimeLeft(member.delivery));
    else inTime.push([externalUserId, member]);
  }

  const [first] = inTime;
  if (!first) return;

  try {
    const { staffId = '', text } = first[1].delivery;
    const ids = inTime.map(([externalUserId]) => externalUserId);
    const { msgid, fail_list } = await client.addMsgTemplate(staffId, ids, text);

    const failed = new Set(fail_list);
    for (const [externalUserId, { resolve }] of inTime)
      resolve(
        failed.has(externalUserId)
          ? refuse(String(NOBODY_SENDABLE))
          : { kind: 'tasked', channelRef: msgid },
      );
  } catch (error) {
    // WeCom took nothing: each is asked for alone, and only the one whom the code is about is refused.
    if (inTime.length > 1 && isAboutOneCustomer(error))
      await mapInParallel(inTime, (each) => handOver(client, new Map([each])));
    else for (const [, { reject }] of inTime) reject(error);
  }
}

/** About one customer, whom WeCom does not name: he does not exist, or is no friend of the member. */
const ABOUT_ONE: ReadonlySet<number> = new Set([...NO_RELATION, 40131]);

const isAboutOneCustomer = (error: unknown): boolean =>
  error instanceof WecomError && ABOUT_ONE.has(error.errcode);
