// A mass send of ours, held against the ledger: each touch in it, and what its result says of the relation.

import type { DeliveryRecord } from '../../ports/deliveries';
import type { MadeMassSend, MassSendRow } from '../../ports/wecom';
import type { Difference } from '../../rules/ledger/bookReport';
import type { BookDeps } from '../deps';
import { differenceOf } from './compare';
import { keptTouchOf } from './keptTouch';
import { settleFound } from './settleFound';

export async function compareMessage(
  deps: BookDeps,
  message: MadeMassSend,
  records: readonly DeliveryRecord[],
): Promise<readonly Difference[]> {
  const rows = await deps.wecom.massSendRows(message.msgid);
  if (rows === null) return ['in-doubt'];

  const rowOf = new Map(rows.map((row) => [pairOf(row), row]));
  const found: Difference[] = [];
  for (const record of records) {
    const row = rowOf.get(pairOf(record));
    if (row) found.push(...(await compareTouch(deps, message, record, row)));
  }
  return found;
}

/** A message has ten thousand customers at most, each once a member. */
const pairOf = ({
  staffId,
  externalUserId,
}: Pick<DeliveryRecord, 'staffId' | 'externalUserId'>): string =>
  JSON.stringify([staffId, externalUserId]);

async function compareTouch(
  deps: BookDeps,
  message: MadeMassSend,
  record: DeliveryRecord,
  row: MassSendRow,
): Promise<readonly Difference[]> {
  const ended = await endedRelation(deps, message, row);
  const touch = await keptTouchOf(deps, record);
  const difference = touch && differenceOf(touch, message.msgid, row.result, deps.clock.now());
  if (!touch || !difference) return ended;

  const { contactId, touchId } = record;
  const { kind, end } = difference;
  await settleFound(deps, { ...touch, contactId }, end);
  deps.log.warn(
    { touchId, contactId, msgid: message.msgid, kind },
    'the books differed on a touch',
  );
  return [...ended, kind];
}

/**
 * A customer who has ended the friendship is listed as before; only a mass send that did not reach them says so. One that began
 * after the message was made stands.
 */
async function endedRelation(
  { stores, late }: BookDeps,
  { madeAt, msgid }: MadeMassSend,
  { staffId, externalUserId, result }: MassSendRow,
): Promise<readonly Difference[]> {
  if (result.kind !== 'failed' || result.why !== 'not-a-friend') return [];

  const [contact] = await stores.contacts.findByExternalUsers([externalUserId]);
  const isFriend = contact?.relations?.some(
    (relation) =>
      relation.staffId === staffId &&
      relation.externalUserId === externalUserId &&
      relation.state === 'friend' &&
      Date.parse(relation.addedAt) <= madeAt,
  );
  if (!isFriend) return [];

  const dedupeKey = `reconcile/not-a-friend/${msgid}/${staffId}/${externalUserId}`;
  const ending = { kind: 'removed-by-customer', staffId, externalUserId, at: madeAt } as const;
  return (await late.wecom([{ ...ending, dedupeKey }])) > 0 ? ['relation-ended'] : [];
}
