// Touches that have become wrong are taken out of a mass send: it is cancelled, and made again without them when others hang on it.

import type { OpenTaskRecord } from '../../ports/deliveries';
import type { MassSendRef } from '../contract';
import type { ActivityDeps } from '../deps';
import type { TouchContext } from '../touch/path';
import { followRemade, isReopened, remake } from './remake';
import { hasOutdated, reword } from './rewording';
import { settleCancelled } from './settle';
import { allOpenTasks, endTasks, pagesOf } from './tasks';

/** Answers how many touches still wait under this mass send: after a withdrawal none. */
export async function withdrawFromMassSend(
  context: TouchContext,
  ref: MassSendRef,
): Promise<number> {
  const { deps } = context;
  // A crash may have come between making it again and following it.
  await followRemade(deps, await remadeTasks(deps, ref));

  const open = await allOpenTasks(deps, ref.msgid);
  const isBegun = open.some((task) => isReopened(task, ref));
  const isRight =
    (await withdrawnAmong(deps, open)).size === 0 && !(await hasOutdated(context.published, open));
  if (!isBegun && isRight) return open.length;

  // What staff sent up to that moment is then known, and nothing can follow.
  await deps.wecom.cancelMassSend(ref.msgid);
  await settleCancelled(deps, ref);
  await takeOut(context, ref);

  return deps.stores.deliveries.countOpenTasks(ref.msgid);
}

/**
 * One that may be in the new mass send already stays with the others: whoever follows that one takes it out. Those taken out are
 * ended last, for as long as they are open, a crash leaves the cancelled mass send to be made again.
 */
async function takeOut(context: TouchContext, ref: MassSendRef): Promise<void> {
  const { deps } = context;
  const open = await allOpenTasks(deps, ref.msgid);
  const withdrawn = await withdrawnAmong(
    deps,
    open.filter((task) => !isReopened(task, ref)),
  );

  const others = open.filter(({ touchId }) => !withdrawn.has(touchId));
  const { tasks, reworded, ended } = await inWordsInForce(context, ref, others);
  await remake(context, ref, tasks, reworded);

  const ending = { settled: 'released', reason: { kind: 'withdrawn' } } as const;
  const takenBack = open.filter(({ touchId }) => withdrawn.has(touchId));
  await endTasks(deps, [...ended, ...takenBack.map((task) => ({ task, ending }))]);
}

/** Those that were reopened before keep the words that they were reopened with: they may be on their way. */
async function inWordsInForce(
  context: TouchContext,
  ref: MassSendRef,
  tasks: readonly OpenTaskRecord[],
) {
  const closed = tasks.filter((task) => !isReopened(task, ref));
  const { tasks: fresh, ended } = await reword(context, closed);
  const before = new Map(closed.map(({ touchId, template }) => [touchId, template]));
  const reworded = fresh.filter(({ touchId, template }) => before.get(touchId) !== template);

  return {
    tasks: [...tasks.filter((task) => isReopened(task, ref)), ...fresh],
    reworded: new Set(reworded.map(({ touchId }) => touchId)),
    ended,
  };
}

/** Tasks that have another mass send by now in the place of this one. */
async function remadeTasks(
  { stores }: ActivityDeps,
  { msgid }: MassSendRef,
): Promise<readonly OpenTaskRecord[]> {
  const moved = await stores.deliveries.openTasks({ replaces: msgid, limit: MAX_TOUCHES });
  return moved.filter(({ openTask }) => openTask !== msgid);
}

/** Customers of one mass send at WeCom. */
const MAX_TOUCHES = 10_000;

/** The ids of those whose contacts' documents say that they were taken back. */
async function withdrawnAmong(
  { stores }: ActivityDeps,
  tasks: readonly OpenTaskRecord[],
): Promise<ReadonlySet<string>> {
  const asked = new Set(tasks.map(({ touchId }) => touchId));
  const found = new Set<string>();

  for (const page of pagesOf(tasks)) {
    const contacts = await stores.contacts.findKept(page.map(({ contactId }) => contactId));
    for (const { touchId, withdrawn } of contacts.flatMap(({ touches }) => touches))
      if (withdrawn !== undefined && asked.has(touchId)) found.add(touchId);
  }

  return found;
}
