// What WeCom knows of a mass send becomes the end of its touches.

import type { OpenTaskRecord } from '../../ports/deliveries';
import type { RowResult } from '../../ports/wecom';
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
  const results = await settleCancelled(deps, ref);

  const left = await allOpenTasks(deps, ref.msgid);
  const unreadable = left.filter((task) => resultFor(results, task)?.kind === 'unreadable');
  const ending = { settled: 'released', reason: { kind: 'unconfirmed' } } as const;
  await endTasks(
    deps,
    left.filter((task) => !unreadable.includes(task)).map((task) => ({ task, ending })),
  );

  // It may have been sent: it is asked for until it can be read.
  if (unreadable.length > 0)
    throw new CodedError(
      'UNAVAILABLE',
      `WeCom says of ${unreadable.length} touches of mass send ${ref.msgid} what we cannot read`,
    );
}

type Results = ReadonlyMap<string, RowResult>;

const resultFor = (results: Results, { externalUserId = '' }: OpenTaskRecord) =>
  results.get(externalUserId);

/**
 * The results of a mass send that was cancelled: what is not known to be sent is about to be given up, so they are waited for.
 * @throws CodedError UNAVAILABLE while WeCom is still dispatching
 */
export async function settleCancelled(deps: ActivityDeps, ref: MassSendRef): Promise<Results> {
  const results = await settleKnown(deps, ref);
  if (results) return results;
  throw new CodedError('UNAVAILABLE', `WeCom is still dispatching mass send ${ref.msgid}`);
}

/** Settles the touches whose result is final. Null while WeCom is still dispatching: nothing is known. */
async function settleKnown(
  deps: ActivityDeps,
  { msgid, staffId }: MassSendRef,
): Promise<Results | null> {
  const results = await deps.wecom.massSendResults(msgid, staffId);
  if (results === null) return null;

  for await (const tasks of openTaskPages(deps, msgid)) {
    const ended = tasks.flatMap((task): EndedTask[] => {
      const ending = endingBy(resultFor(results, task));
      return ending ? [{ task, ending }] : [];
    });
    await endTasks(deps, ended);
  }

  return results;
}

function endingBy(result: RowResult | undefined): EndedTask['ending'] | null {
  switch (result?.kind) {
    case 'sent':
      return { settled: 'sent', deliveredAt: formatInstant(result.deliveredAt) };
    case 'failed':
      return { settled: 'released', reason: { kind: result.why } };
    default:
      return null;
  }
}
