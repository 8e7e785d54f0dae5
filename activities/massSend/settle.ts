// What WeCom knows of a mass send becomes the end of its touches.

import type { MassSendResult } from '../../ports/wecom';
import { CodedError } from '../../rules/base/errors';
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
  await settleCancelled(deps, ref);

  const left = await allOpenTasks(deps, ref.msgid);
  const ending = { settled: 'released', reason: { kind: 'unconfirmed' } } as const;
  await endTasks(
    deps,
    left.map((task) => ({ task, ending })),
  );
}

/**
 * The results of a mass send that was cancelled: what is not known to be sent is about to be given up, so they are waited for.
 * @throws CodedError UNAVAILABLE while WeCom is still dispatching
 */
export async function settleCancelled(deps: ActivityDeps, ref: MassSendRef): Promise<void> {
  if (!(await settleKnown(deps, ref)))
    throw new CodedError('UNAVAILABLE', `WeCom is still dispatching mass send ${ref.msgid}`);
}

/** Settles the touches whose result is final. False while WeCom is still dispatching: nothing is known. */
async function settleKnown(deps: ActivityDeps, { msgid, staffId }: MassSendRef): Promise<boolean> {
  const results = await deps.wecom.massSendResults(msgid, staffId);
  if (results === null) return false;

  for await (const tasks of openTaskPages(deps, msgid)) {
    const ended = tasks.flatMap((task): EndedTask[] => {
      const ending = endingBy(results.get(task.externalUserId ?? ''));
      return ending ? [{ task, ending }] : [];
    });
    await endTasks(deps, ended);
  }

  return true;
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
