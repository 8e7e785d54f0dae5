// The reaper: touches past their time that nobody has settled. The channel is asked, and what it says is their end.

import type { DeliveryRecord } from '../../ports/deliveries';
import type { OverdueTouch } from '../../ports/touches';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { counted, type Difference } from '../../rules/ledger/bookReport';
import type { BookPageInput, BookPageResult } from '../contract';
import type { BookDeps } from '../deps';
import { askReserved } from './reserved';
import { settleFound } from './settleFound';
import { askTasked } from './tasked';

/** Contacts of one page: each may take some calls of five seconds at most. */
const PAGE = 20;

/** What the reaper works on: the touch as it is held, under a fence of the reaper's own. */
export interface FencedTouch {
  readonly touch: OverdueTouch;
  readonly fence: number;
  readonly record: DeliveryRecord | undefined;
}

/** A page of touches that had to be settled before `to`. */
export async function reapPage(
  deps: BookDeps,
  { to, cursor }: Pick<BookPageInput, 'to' | 'cursor'>,
): Promise<BookPageResult> {
  const { touches, next } = await deps.stores.touches.overdue(to, cursor, PAGE);
  const found = await mapInParallel(touches, (touch) => reap(deps, touch));

  return { next, looked: touches.length, found: counted(found.filter((each) => each !== null)) };
}

/** Null: somebody else has ended it meanwhile. */
async function reap(deps: BookDeps, touch: OverdueTouch): Promise<Difference | null> {
  const fenced = await takeOver(deps, touch);
  if (fenced === null) return null;

  const { touchId, contactId, channel, settleBy } = touch;
  const about = { touchId, contactId, channel, settleBy };

  const found = await (touch.state === 'tasked' ? askTasked : askReserved)(deps, fenced);
  if (found === 'in-doubt' || found === 'unanswered') {
    deps.log.warn({ ...about, found }, 'a touch past its time is left for the next look');
    return found;
  }

  const { settled, isNew } = await settleFound(deps, touch, found);
  if (!isNew) return null;

  deps.log.warn({ ...about, settled }, 'a touch past its time was settled by the reaper');
  return settled === 'sent' ? 'reaped-sent' : 'reaped-released';
}

/** From here on no execution of this attempt has any effect; null: it is open no more. */
async function takeOver(deps: BookDeps, seen: OverdueTouch): Promise<FencedTouch | null> {
  const { contacts, touches, deliveries } = deps.stores;
  const { contactId, touchId, attempt } = seen;

  const [fence = 0] = await touches.fenceMany([{ contactId, touchId, attempt }]);
  const [contact] = await contacts.findKept([contactId]);
  const kept = contact?.touches.find((each) => each.touchId === touchId);
  if (kept?.attempt !== attempt || (kept.state !== 'reserved' && kept.state !== 'tasked'))
    return null;

  const record = await deliveries.find(touchId);
  return {
    touch: { ...kept, contactId },
    fence,
    record: record?.attempt === attempt ? record : undefined,
  };
}
