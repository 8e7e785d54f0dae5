// The open tasks of a mass send, and how they end: in the ledger first, then for the journeys that wait for them.

import type { OpenTaskRecord } from '../../ports/deliveries';
import type { Settlement } from '../../ports/touches';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { formatSettlementReason } from '../../rules/contact/settlementReason';
import { formatInstant } from '../../rules/time/instant';
import type { ActivityDeps } from '../deps';
import { wakeAfterEnd } from '../wake';

/** Contacts that a store reads and writes at once. */
const PAGE = 500;

/** A task with what became of it. */
export interface EndedTask {
  readonly task: OpenTaskRecord;
  readonly ending: Omit<Settlement, 'at' | 'channelRef'>;
}

/** By page. A page may end its tasks while the next one is not read yet. */
export async function* openTaskPages(
  { stores }: Pick<ActivityDeps, 'stores'>,
  openTask: string,
): AsyncGenerator<readonly OpenTaskRecord[]> {
  let after: OpenTaskRecord | undefined;

  for (;;) {
    const page = await stores.deliveries.openTasks({
      openTask,
      limit: PAGE,
      ...(after && { after }),
    });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}

export async function allOpenTasks(
  deps: Pick<ActivityDeps, 'stores'>,
  openTask: string,
): Promise<readonly OpenTaskRecord[]> {
  const tasks: OpenTaskRecord[] = [];
  for await (const page of openTaskPages(deps, openTask)) tasks.push(...page);
  return tasks;
}

/** A crash on the way leaves them open: they end again, which changes nothing, and the runs hear of it. */
export async function endTasks(deps: ActivityDeps, ended: readonly EndedTask[]): Promise<void> {
  for (const page of pagesOf(ended)) await endPage(deps, page);
}

/** In portions that stores take at once. */
export function pagesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / PAGE);
  return Array.from({ length: count }, (_, i) => items.slice(i * PAGE, (i + 1) * PAGE));
}

async function endPage(deps: ActivityDeps, ended: readonly EndedTask[]): Promise<void> {
  const { stores, engine, clock } = deps;
  const at = formatInstant(clock.now());
  await stores.touches.settleMany(
    ended.map(({ task: { contactId, touchId, openTask, attempt, fence = 0 }, ending }) => ({
      contactId,
      touchId,
      channelRef: openTask,
      at,
      ...ending,
      // Told again after a crash, it frees no slot of an attempt made since; what was sent is true for ever.
      ...(ending.settled === 'released' && { by: { attempt, fence } }),
    })),
  );

  await mapInParallel(ended, ({ task, ending: { settled, reason } }) =>
    engine.signal(task.workflowId, {
      signal: 'settled',
      body: {
        touchId: task.touchId,
        settled,
        ...(reason !== undefined && { why: formatSettlementReason(reason) }),
      },
    }),
  );

  await wakeAfterEnd(
    deps,
    ended.map(({ task }) => task.contactId),
  );

  await stores.deliveries.closeTasks(ended.map(({ task }) => task.touchId));
}
