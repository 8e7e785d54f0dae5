// A mass send that was cancelled for one of its touches is made again for the others. WeCom knows no key of ours, so a crash leaves
// a question here, too: it is looked up until the first call can no longer land.

import type { Channel, Delivered } from '../../ports/channel';
import type { OpenTaskRecord } from '../../ports/deliveries';
import { CodedError } from '../../rules/base/errors';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { MassSendRef } from '../contract';
import type { ActivityDeps } from '../deps';
import { doubtMs, mayStillLand, refusedForNow } from '../touch/doubt';
import { assertInTime, type TouchContext } from '../touch/path';
import { followMassSends } from './follow';
import { endTasks, pagesOf } from './tasks';

interface Answered {
  readonly task: OpenTaskRecord;
  readonly answer: Delivered;
}

/** True: an execution before this one has begun to hand it over again. */
export const isReopened = (task: OpenTaskRecord, { msgid }: MassSendRef): boolean =>
  task.replaces === msgid && task.answer === undefined;

/**
 * @param reworded ids of those that are given in other words than they are kept with
 * @throws as long as a call of before may still land, or WeCom asks to wait
 */
export async function remake(
  context: TouchContext,
  ref: MassSendRef,
  tasks: readonly OpenTaskRecord[],
  reworded: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (tasks.length === 0) return;
  const channel = channelOf(context.deps);

  const found = await lookUp(
    context.deps,
    channel,
    tasks.filter((task) => isReopened(task, ref)),
  );
  await keep(context.deps, found);

  const taken = new Set(found.map(({ task }) => task.touchId));
  const left = tasks.filter(({ touchId }) => !taken.has(touchId));
  const now = context.deps.clock.now();
  const isOver = ({ settleBy = Number.POSITIVE_INFINITY }: OpenTaskRecord) => settleBy <= now;

  const ending = { settled: 'released', reason: { kind: 'unconfirmed' } } as const;
  await endTasks(
    context.deps,
    left.filter(isOver).map((task) => ({ task, ending })),
  );
  await handOverAgain(
    context,
    channel,
    ref,
    left.filter((task) => !isOver(task)),
    reworded,
  );
}

function channelOf({ channels }: ActivityDeps): Channel {
  const channel = channels.get('wecom');
  if (channel) return channel;
  throw new CodedError('UNAVAILABLE', 'this deployment speaks no WeCom');
}

async function lookUp(
  { clock }: ActivityDeps,
  channel: Channel,
  reopened: readonly OpenTaskRecord[],
): Promise<readonly Answered[]> {
  const answers = await mapInParallel(reopened, (task) => channel.lookup(task));

  return reopened.flatMap((task, i): Answered[] => {
    const answer = answers[i];
    if (answer) return [{ task, answer }];

    const waitMs = doubtMs(channel, task, clock.now());
    if (waitMs > 0) throw mayStillLand(channel, task, waitMs);
    return [];
  });
}

async function handOverAgain(
  { deps, execution }: TouchContext,
  channel: Channel,
  { msgid }: MassSendRef,
  tasks: readonly OpenTaskRecord[],
  reworded: ReadonlySet<string>,
): Promise<void> {
  if (tasks.length === 0) return;

  assertInTime(execution);
  const askedAt = deps.clock.now();
  const { deliveries } = deps.stores;
  await deliveries.rewordTasks(
    tasks.filter(({ touchId }) => reworded.has(touchId)),
    msgid,
    askedAt,
  );
  const ids = tasks.map(({ touchId }) => touchId);
  await deliveries.reopenTasks(ids, msgid, askedAt);

  assertInTime(execution); // opening the records may have taken long
  const results = await channel.deliverMany(
    tasks.map((task) => ({ ...task, askedAt, replaces: msgid })),
    execution.isOver,
  );
  await keep(
    deps,
    tasks.flatMap((task, i): Answered[] => {
      const result = results[i];
      return result?.status === 'fulfilled' ? [{ task, answer: result.value }] : [];
    }),
  );

  const unanswered = results.find(({ status }) => status === 'rejected');
  if (unanswered?.status === 'rejected') throw unanswered.reason;
}

/** In this order: a task that was answered is followed by whoever comes after a crash. */
async function keep(deps: ActivityDeps, answered: readonly Answered[]): Promise<void> {
  const { touches, deliveries } = deps.stores;
  const tasked = answered.flatMap(({ task, answer }) =>
    answer.kind === 'tasked' ? [{ ...task, answer, openTask: answer.channelRef }] : [],
  );
  const refused = answered.flatMap(({ task, answer }) =>
    answer.kind === 'refused' ? [{ task, answer }] : [],
  );

  for (const page of pagesOf(tasked)) {
    await touches.taskedMany(
      page.map(({ contactId, touchId, openTask }) => ({
        contactId,
        touchId,
        channelRef: openTask,
      })),
    );
    await deliveries.answerMany(page);
  }
  await followRemade(deps, tasked);

  const final = refused.filter(({ answer }) => !answer.retryable);
  await endTasks(
    deps,
    final.map(({ task, answer: { reason: code } }) => ({
      task,
      ending: { settled: 'released', reason: { kind: 'refused', code } },
    })),
  );

  const forNow = refused.filter(({ answer }) => answer.retryable);
  await deliveries.notTakenMany(forNow.map(({ task }) => task));
  const [first] = forNow;
  if (first) throw refusedForNow('wecom', first.answer);
}

export const followRemade = (
  { engine }: Pick<ActivityDeps, 'engine'>,
  tasks: readonly OpenTaskRecord[],
): Promise<void> =>
  followMassSends(
    engine,
    tasks.map(({ openTask: msgid, staffId = '', settleBy: deadline = 0 }) => ({
      msgid,
      staffId,
      deadline,
    })),
    { isRemade: true },
  );
