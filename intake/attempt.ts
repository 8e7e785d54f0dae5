// One try of one inbox item: handled, to be tried again, or refused for good because the item itself is wrong.

import type { Clock } from '../ports/clock';
import type { Inbound, Inbox } from '../ports/inbox';
import type { IntakeMetrics } from '../ports/intake';
import type { Log } from '../ports/log';
import { isCodedError } from '../rules/base/errors';

export interface AttemptDeps {
  readonly inbox: Inbox;
  readonly handle: (item: Inbound) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: IntakeMetrics;
}

/** The item itself is wrong: the same words will never be taken. */
const HOPELESS = new Set(['INVALID_INPUT', 'NOT_FOUND']);

/** True when the item needs no further try: it was handled, or refused for good. */
export async function attemptItem(deps: AttemptDeps, item: Inbound): Promise<boolean> {
  const { inbox, handle, clock, metrics } = deps;
  try {
    await handle(item);
    await inbox.done(item.key);
    metrics.processed(item.kind, 'done', (clock.now() - item.receivedAt) / 1000);
    return true;
  } catch (error) {
    return await recordFailure(deps, item, error);
  }
}

async function recordFailure(
  { inbox, log, metrics }: AttemptDeps,
  item: Inbound,
  error: unknown,
): Promise<boolean> {
  const { key, kind } = item;
  const code = isCodedError(error) ? error.code : 'INTERNAL';
  const hopeless = HOPELESS.has(code);

  log.warn(
    { key, kind, code, ...(code === 'INTERNAL' && { err: error }) },
    hopeless ? 'inbox item refused' : 'inbox item will be retried',
  );

  const text = error instanceof Error ? `${code}: ${error.message}` : code;
  try {
    if (hopeless) await inbox.refuse(key, text);
    else await inbox.failed(key, text);
  } catch (storeError) {
    log.warn({ key, err: storeError }, 'the inbox could not be written; the item stays pending');
    return false;
  }

  metrics.processed(kind, hopeless ? 'refused' : 'retried', 0);
  return hopeless;
}
