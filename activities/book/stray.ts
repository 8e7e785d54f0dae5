// A mass send that no record of ours was answered with. It may be ours all the same: made by a call that was given up on, and
// made again since. Then the customer must not receive it, too.

import type { DeliveryRecord } from '../../ports/deliveries';
import type { MadeMassSend, MassSendRow } from '../../ports/wecom';
import type { KeptTouch } from '../../rules/contact/contact';
import type { Difference } from '../../rules/ledger/bookReport';
import { isOpen } from '../../rules/ledger/touchState';
import { DAY_MS } from '../../rules/time/durations';
import type { BookDeps } from '../deps';
import { deliveryLearnt } from './compare';
import { keptTouchOf } from './keptTouch';
import { settleFound } from './settleFound';

/** Their clock counts whole seconds and may be a little behind ours. */
const CLOCK_SKEW_MS = 2_000;

/** A touch is asked for again and again for days at most, and its record says when it was first. */
const ASKED_WITHIN_MS = 7 * DAY_MS;

/** The touch that a row of the message was made for. */
interface Claimed {
  readonly record: DeliveryRecord;
  readonly touch: KeptTouch;
  readonly row: MassSendRow;
}

export async function judgeStray(
  deps: BookDeps,
  message: MadeMassSend,
): Promise<readonly Difference[]> {
  const rows = await deps.wecom.massSendRows(message.msgid);
  if (rows === null) return ['in-doubt'];

  const claimed = await claim(deps, message, rows);
  if (claimed.length === 0) return ['message-unknown'];

  // Whoever is at work on the touch finds the message by asking, and makes it its own.
  if (claimed.some(isStillAsked)) return ['in-doubt'];
  if (claimed.every(({ row }) => row.result.kind === 'sent' || row.result.kind === 'failed'))
    return settleSurplus(deps, message, claimed);

  const isStopped = await deps.wecom.stopMassSend(message.msgid);
  if (isStopped) deps.log.warn({ msgid: message.msgid }, 'a surplus mass send was cancelled');

  // What staff sent up to that moment is known now, and nothing can follow.
  const after = await deps.wecom.massSendRows(message.msgid);
  const settled = await settleSurplus(deps, message, await claim(deps, message, after ?? []));
  return isStopped ? ['message-cancelled', ...settled] : settled;
}

const isStillAsked = ({ record, touch }: Claimed): boolean =>
  record.answer === undefined && isOpen(touch);

/** Known again by the member, the customer, the text to the letter, and not having been made before it was asked for. */
async function claim(
  deps: BookDeps,
  { madeAt, text }: MadeMassSend,
  rows: readonly MassSendRow[],
): Promise<readonly Claimed[]> {
  const customers = rows.map(({ externalUserId }) => externalUserId);
  const records = await deps.stores.deliveries.toCustomers(customers, madeAt - ASKED_WITHIN_MS);
  const asked = records.filter(
    (record) =>
      record.channel === 'wecom' &&
      record.welcomeCode === undefined &&
      record.text === text &&
      record.askedAt - CLOCK_SKEW_MS <= madeAt,
  );

  const claimed: Claimed[] = [];
  for (const row of rows) {
    const record = latestFor(row, asked);
    const touch = record && (await keptTouchOf(deps, record));
    if (touch) claimed.push({ record, touch, row });
  }
  return claimed;
}

/** The touch asked for last before the message was made. */
const latestFor = (
  { staffId, externalUserId }: MassSendRow,
  asked: readonly DeliveryRecord[],
): DeliveryRecord | undefined =>
  asked
    .filter((record) => record.staffId === staffId && record.externalUserId === externalUserId)
    .sort((a, b) => b.askedAt - a.askedAt)[0];

async function settleSurplus(
  deps: BookDeps,
  { msgid }: MadeMassSend,
  claimed: readonly Claimed[],
): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const { record, touch, row } of claimed)
    if (row.result.kind === 'sent' && !isKnown(touch, msgid))
      found.push(await settleReceived(deps, msgid, record, touch, row.result.deliveredAt));
  return found;
}

/** Settled so by an earlier look. */
const isKnown = ({ state, channelRef }: KeptTouch, msgid: string): boolean =>
  state === 'sent' && channelRef === msgid;

/** The customer has it: once is a delivery of the touch, whose other message is stopped; twice is told to people. */
async function settleReceived(
  deps: BookDeps,
  msgid: string,
  { contactId, touchId }: DeliveryRecord,
  touch: KeptTouch,
  deliveredAt: number,
): Promise<Difference> {
  const about = { msgid, touchId, contactId };
  if (touch.state === 'sent') {
    deps.log.error(about, 'a customer has received a touch twice');
    return 'message-repeated';
  }

  if (touch.state === 'tasked' && touch.channelRef !== undefined)
    await deps.wecom.stopMassSend(touch.channelRef);
  await settleFound(deps, { ...touch, contactId }, deliveryLearnt(touch, msgid, deliveredAt));
  deps.log.warn(about, 'a surplus mass send was the one that arrived');
  return 'delivery-learnt';
}
