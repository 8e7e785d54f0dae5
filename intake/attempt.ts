// One try of one inbox item: handled, to be tried again, or parked because it cannot be taken as it is.

import type { Clock } from '../ports/clock';
import type { Inbound, Inbox, ParkedReason } from '../ports/inbox';
import type { IntakeMetrics } from '../ports/intake';
import type { Log } from '../ports/log';
import { isCodedError } from '../rules/base/errors';

export interface AttemptDeps {
  readonly inbox: Pick<Inbox, 'done' | 'failed' | 'park'>;
  readonly handle: (item: Inbound) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: IntakeMetrics;
}

/** The item itself is wrong: the same words will never be taken. */
const HOPELESS: ReadonlySet<string> = new Set(['INVALID_INPUT', 'NOT_FOUND', 'TOO_LARGE']);
/** A system outside is away: it says nothing of the item, which waits. */
const AWAY = 'UNAVAILABLE';

/** Any other failure may be a passing one, or a fault of ours that only this item meets: half a minute of tries tells. */
const MAX_FAILURES = 8;
/** At half a minute each, a day: no outage lasts longer, and a system that is away for one item alone must not hold its lane for ever. */
const MAX_AWAY = 2880;

/** @param tries of this item before, in this process. @returns true when the item needs no further try here */
export async function attemptItem(
  deps: AttemptDeps,
  item: Inbound,
  fence: number,
  tries: number,
): Promise<boolean> {
  const { inbox, handle, clock, metrics } = deps;
  try {
    await handle(item);
    const isDone = await inbox.done(item.key, fence);
    if (isDone) metrics.processed(item.kind, 'done', (clock.now() - item.receivedAt) / 1000);
    return true;
  } catch (error) {
    return await recordFailure(deps, item, fence, tries, error);
  }
}

async function recordFailure(
  deps: AttemptDeps,
  item: Inbound,
  fence: number,
  tries: number,
  error: unknown,
): Promise<boolean> {
  const { log, metrics } = deps;
  const { key, kind } = item;
  const reason = reasonOf(error);
  const { code } = reason;

  try {
    const isParked = await parkOrCount(deps, key, fence, tries, reason);
    log.warn(
      { key, kind, code, ...(code === 'INTERNAL' && { err: error }) },
      isParked ? 'inbox item parked' : 'inbox item will be retried',
    );
    metrics.processed(kind, isParked ? 'parked' : 'retried', 0);
    return isParked;
  } catch (storeError) {
    log.warn({ key, err: storeError }, 'the inbox could not be written; the item stays pending');
    return false;
  }
}

/** True: the item waits no more. */
async function parkOrCount(
  { inbox }: AttemptDeps,
  key: string,
  fence: number,
  tries: number,
  reason: ParkedReason,
): Promise<boolean> {
  const { code, message } = reason;
  if (code === AWAY && tries + 1 < MAX_AWAY) return false;

  if (code !== AWAY && !HOPELESS.has(code)) {
    const failures = await inbox.failed(key, fence, `${code}: ${message}`);
    if (failures !== null && failures < MAX_FAILURES) return false;
  }

  await inbox.park(key, fence, reason);
  return true;
}

function reasonOf(error: unknown): ParkedReason {
  const message = error instanceof Error ? error.message : String(error);
  if (!isCodedError(error)) return { code: 'INTERNAL', message };

  const { code, issues } = error;
  return { code, message, ...(issues.length > 0 && { issues }) };
}
