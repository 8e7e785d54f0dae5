// Open tasks are judged again under rules that were published, by the runs that wait for them; those in words that were withdrawn
// are taken back or put into other words. A page at a time.

import type { OpenTaskRecord } from '../ports/deliveries';
import type { Version } from '../ports/library';
import { mapInParallel } from '../rules/base/mapInParallel';
import { isWaveId } from '../rules/calendar/wave';
import { LONG_AGO } from '../rules/contact/earlierConsents';
import type { TaskReviewInput } from '../rules/journey/messages';
import type { TaskPageInput, TaskPageResult } from './contract';
import type { ActivityDeps } from './deps';
import { recallWords } from './massSend/rewording';
import type { PublishedVersions } from './published';

/** Tasks of one call. */
const PAGE = 1000;

export async function isPublished(
  { stores }: ActivityDeps,
  { rules, id, number }: Pick<TaskReviewInput, 'rules' | 'id' | 'number'>,
): Promise<boolean> {
  const found: Version<unknown> | null = await stores[rules].find(id, number);
  return rules === 'templates' ? found?.withdrawn !== undefined : found?.state === 'published';
}

export async function reviewTaskPage(
  deps: ActivityDeps,
  published: PublishedVersions,
  { after, rules }: TaskPageInput,
): Promise<TaskPageResult> {
  const tasks = await deps.stores.deliveries.openTasks({ limit: PAGE, ...(after && { after }) });
  const told =
    rules === 'templates' ? await recallWords(deps, published, tasks) : await tellRuns(deps, tasks);

  const last = tasks.at(-1);
  if (last === undefined || tasks.length < PAGE) return { told };
  return { told, after: { openTask: last.openTask, touchId: last.touchId } };
}

/** Touches of waves have no run that would judge them. */
async function tellRuns(
  { stores, engine }: ActivityDeps,
  tasks: readonly OpenTaskRecord[],
): Promise<number> {
  const ofWaves = tasks.filter(({ workflowId }) => isWaveId(workflowId));
  const hastened = await stores.waves.hasten(
    ofWaves.map(({ contactId }) => contactId),
    LONG_AGO,
  );
  if (hastened > 0) await engine.reviewWaves();

  const others = tasks.filter((task) => !ofWaves.includes(task));
  const runs = [...new Set(others.map(({ workflowId }) => workflowId))];
  await mapInParallel(runs, (workflowId) =>
    engine.signal(workflowId, { signal: 'changed', body: { what: 'policy' } }),
  );

  return runs.length;
}
