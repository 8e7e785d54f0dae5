// One try of one inbox item: handled, to be tried again, or parked because it cannot be taken as it is.

import type { Clock } from '../ports/clock';
import type { Inbound, Inbox, ParkedReason } from '../ports/inbox';
import type { IntakeMetrics } from '../ports/intake';
import type { Log } from '../ports/log';
import { isCodedError } from '../rules/base/errors';
import { partitionOf } from '../rules/base/partition';
import { formatInstant } from '../rules/time/instant';
import { TooLateError } from './archivedTouch';
import { ElsewhereError, type ItemGuard, itemGuard } from './fenced';

export interface AttemptDeps {
  readonly inbox: Pick<Inbox, 'move' | 'done' | 'failed' | 'park' | 'discard'>;
  readonly handle: (item: Inbound, guard: ItemGuard) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: IntakeMetrics;
  /** Something was put into a lane that may be ours. */
  readonly moved: (lane: string) => void;
}

/** The item itself is wrong: the same words will never be taken. */
const HOPELESS: ReadonlySet<string> = new Set(['INVALID_INPUT', 'NOT_FOUND', 'TOO_LARGE']);
/** A system outside is away: it says nothing of the item, which waits. */
const AWAY = 'UNAVAILABLE';

/** Any other failure may be a passing one, or a fault of ours that only this item meets: half a minute of tries tells. */
const MAX_FAILURES = 8;
/** At half a minute each, a day: no outage lasts longer, and a system that is away for one item alone must not hold its lane for ever. */
const MAX_AWAY = 2880;

export interface AttemptedItem {
  readonly item: Inbound;
  /** Under which it was claimed. */
  readonly fence: number;
  /** Of this item before, in this process. */
  readonly tries: number;
  /** False: somebody else may have taken it. */
  readonly mayGoOn: () => boolean;
  /** Keeps the lane of another customer from beginning until the try has ended; false when something is going on there. */
  readonly hold: (lane: string) => boolean;
}

/** True when the item needs no further try here. */
export async function attemptItem(deps: AttemptDeps, attempted: AttemptedItem): Promise<boolean> {
  const { inbox, handle, clock, metrics } = deps;
  const { item, fence, mayGoOn, hold } = attempted;
  try {
    await handle(item, itemGuard(item.lane, mayGoOn, hold));
    const isDone = await inbox.done(item.key, fence);
    if (isDone) metrics.processed(item.kind, 'done', (clock.now() - item.receivedAt) / 1000);
    return true;
  } catch (error) {
    // Whoever has it now does it all again; here it holds its lane until that is known.
    if (!mayGoOn()) return false;
    if (error instanceof ElsewhereError) return await moveItem(deps, attempted, error.lane);
    if (error instanceof TooLateError) return await discardItem(deps, attempted, error);
    return await recordFailure(deps, attempted, error);
  }
}

/** True: it is done with in this lane. */
export async function moveItem(
  { inbox, log, moved }: Pick<AttemptDeps, 'inbox' | 'log' | 'moved'>,
  { item: { key }, fence }: Pick<AttemptedItem, 'item' | 'fence'>,
  lane: string,
): Promise<boolean> {
  try {
    await inbox.move(key, fence, { lane, partition: partitionOf(lane) });
    moved(lane);
    return true;
  } catch (error) {
    log.warn({ key, err: error }, 'an item could not be moved; trying again');
    return false;
  }
}

/** Kept with its reason, so that whoever looks for it finds it, and asking nobody. */
async function discardItem(
  { inbox, clock, log, metrics }: AttemptDeps,
  { item: { key, kind, receivedAt }, fence }: AttemptedItem,
  { message: why }: TooLateError,
): Promise<boolean> {
  const now = clock.now();
  const step = { at: formatInstant(now), by: 'sopflow', did: 'discarded', why } as const;
  try {
    // After a crash in between it is seen as parked, with the same words.
    await inbox.park(key, fence, { code: 'NOT_FOUND', message: why });
    await inbox.discard(key, step);
    log.info({ key, kind }, 'an inbox item came too late: discarded');
    metrics.processed(kind, 'done', (now - receivedAt) / 1000);
    return true;
  } catch (error) {
    log.warn({ key, err: error }, 'the inbox could not be written; the item stays pending');
    return false;
  }
}

async function recordFailure(
  deps: AttemptDeps,
  attempted: AttemptedItem,
  error: unknown,
): Promise<boolean> {
  const { log, metrics } = deps;
  const { key, kind } = attempted.item;
  const reason = reasonOf(error);
  const { code } = reason;

  try {
    const isParked = await parkOrCount(deps, attempted, reason);
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
  { item: { key }, fence, tries }: AttemptedItem,
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
