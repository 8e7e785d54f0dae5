// Open tasks are judged again under rules that were published: by the runs that wait for them, which are told a page at a time.

import type { Version } from '../ports/library';
import { mapInParallel } from '../rules/base/mapInParallel';
import type { TaskReviewInput } from '../rules/journey/messages';
import type { TaskPageInput, TaskPageResult } from './contract';
import type { ActivityDeps } from './deps';

/** Tasks of one call. */
const PAGE = 1000;

export async function isPublished(
  { stores }: ActivityDeps,
  { rules, id, number }: Pick<TaskReviewInput, 'rules' | 'id' | 'number'>,
): Promise<boolean> {
  const found: Version<unknown> | null = await stores[rules].find(id, number);
  return found?.state === 'published';
}

export async function reviewTaskPage(
  { stores, engine }: ActivityDeps,
  { after }: TaskPageInput,
): Promise<TaskPageResult> {
  const tasks = await stores.deliveries.openTasks({ limit: PAGE, ...(after && { after }) });
  const runs = [...new Set(tasks.map(({ workflowId }) => workflowId))];

  await mapInParallel(runs, (workflowId) =>
    engine.signal(workflowId, { signal: 'changed', body: { what: 'policy' } }),
  );

  const last = tasks.at(-1);
  if (last === undefined || tasks.length < PAGE) return { told: runs.length };
  return { told: runs.length, after: { openTask: last.openTask, touchId: last.touchId } };
}
