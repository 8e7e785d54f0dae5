// Touches that wait for staff have to be judged again when something has changed for many contacts at once.

import type { Engine } from '../ports/engine';
import type { Stores } from '../ports/stores';
import { mapInParallel } from '../rules/base/mapInParallel';
import type { ContactChanged } from '../rules/journey/messages';

export interface OpenTasksDeps {
  readonly stores: Pick<Stores, 'deliveries'>;
  readonly engine: Pick<Engine, 'signal'>;
}

/** Tasks that are read at once. */
const PAGE = 500;

/** Tells the runs that have open tasks of these contacts; without contacts all of them. Repeats are harmless. Answers how many. */
export async function reviewOpenTasks(
  { stores, engine }: OpenTasksDeps,
  what: ContactChanged['what'],
  contactIds?: readonly string[],
): Promise<number> {
  const about = contactIds && { contactIds };
  let told = 0;
  let page = await stores.deliveries.openTasks({ ...about, limit: PAGE });

  while (page.length > 0) {
    const runs = [...new Set(page.map(({ workflowId }) => workflowId))];
    await mapInParallel(runs, (workflowId) =>
      engine.signal(workflowId, { signal: 'changed', body: { what } }),
    );
    told += runs.length;

    const after = page.at(-1);
    page =
      page.length < PAGE || after === undefined
        ? []
        : await stores.deliveries.openTasks({ ...about, after, limit: PAGE });
  }

  return told;
}
