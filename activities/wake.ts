// Tells the runs of a contact that one of its touches has ended: what waits for its slot, or for its deadline, is asked again.

import { mapInParallel } from '../rules/base/mapInParallel';
import type { ActivityDeps } from './deps';

type WakeDeps = {
  readonly stores: Pick<ActivityDeps['stores'], 'runs'>;
  readonly engine: Pick<ActivityDeps['engine'], 'signal'>;
};

/** Repeating it is harmless: who asks again is answered as before. The own run of a touch may hold another one behind it. */
export async function wakeAfterEnd(
  { stores, engine }: WakeDeps,
  contactIds: readonly string[],
): Promise<void> {
  const running = contactIds.length > 0 ? await stores.runs.runningOf(contactIds) : [];

  await mapInParallel(running, ({ workflowId }) =>
    engine.signal(workflowId, { signal: 'changed', body: { what: 'slots' } }),
  );
}
