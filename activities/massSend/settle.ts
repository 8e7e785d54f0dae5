// What WeCom knows of a mass send becomes the end of its touches.

import type { MassSendResult } from '../../ports/wecom';
import { formatInstant } from '../../rules/time/instant';
import type { MassSendRef } from '../contract';
import type { ActivityDeps } from '../deps';
import { allOpenTasks, type EndedTask, endTasks, openTaskPages } from './tasks';

/** Settles what is known to have ended; answers how many touches still wait. */
export async function settleMassSend(deps: ActivityDeps, ref: MassSendRef): Promise<number> {
  // One small answer; the results of all its customers are worth reading only after that.
  if (await deps.wecom.hasSent(ref.msgid, ref.staffId)) await settleKnown(deps, ref);
  return deps.stores.deliveries.countOpenTasks(ref.msgid);
}

/** Cancelled before the results are read: what staff sent up to that moment is then known, and nothing can follow. */
export async function closeMassSend(deps: ActivityDeps, ref: MassSendRef): Promise<void> {
  await deps.wecom.cancelMassSend(ref.msgid);
  await settleKnown(deps, ref);

  const left = await allOpenTasks(deps, ref.msgid);
  const ending = { settled: 'released', reason: { kind: 'unconfirmed' } } as const;
  await endTasks(
    deps,
    left.map((task) => ({ task, ending })),
  );
}

/** Settles the touches whose result is final. Nothing is known while WeCom is still dispatching. */
export async function settleKnown(
  deps: ActivityDeps,
  { msgid, staffId }: MassSendRef,
): Promise<void> {
  const results = await deps.wecom.massSendResults(msgid, staffId);
  if (results === null) return;

  for await (const tasks of openTaskPages(deps, msgid)) {
    const ended = tasks.flatMap((task): EndedTask[] => {
      const ending = endingBy(results.get(task.externalUserId ?? ''));
      return ending ? [{ task, ending }] : [];
    });
    await endTasks(deps, ended);
  }
}

function endingBy(result: MassSendResult | undefined): EndedTask['ending'] | null {
  switch (result?.kind) {
    case 'sent':
      return { settled: 'sent', deliveredAt: formatInstant(result.deliveredAt) };
    case 'failed':
      return { settled: 'released', reason: { kind: result.why } };
    default:
      return null;
  }
}
