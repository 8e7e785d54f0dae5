// Touches that wait for staff have to be judged again when something has changed for many contacts at once.

import type { OpenTaskRecord } from '../ports/deliveries';
import type { Engine } from '../ports/engine';
import type { Stores } from '../ports/stores';
import { mapInParallel } from '../rules/base/mapInParallel';
import { reviewTasksOfWaves } from './launch';

export interface OpenTasksDeps {
  readonly stores: Pick<Stores, 'deliveries' | 'waves'>;
  readonly engine: Pick<Engine, 'signal' | 'reviewWaves'>;
}

/** Tasks that are read at once. */
const PAGE = 500;

/** Tells the runs that have open tasks of these contacts that what is known of them has changed. Repeats are harmless. */
export async function reviewOpenTasks(
  { stores, engine }: OpenTasksDeps,
  contactIds: readonly string[],
): Promise<void> {
  let after: OpenTaskRecord | undefined;

  do {
    const page = await stores.deliveries.openTasks({
      contactIds,
      limit: PAGE,
      ...(after && { after }),
    });
    const runs = [...new Set(page.map(({ workflowId }) => workflowId))];
    await mapInParallel(runs, (workflowId) =>
      engine.signal(workflowId, { signal: 'changed', body: { what: 'profile' } }),
    );
    after = page.length < PAGE ? undefined : page.at(-1);
  } while (after);

  await reviewTasksOfWaves({ stores, engine }, contactIds);
}
