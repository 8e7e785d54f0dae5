// Mass sends as WeCom made them, a page of its list at a time: those of ours are compared touch by touch, the others may be
// second messages of a touch whose first call was given up on.

import type { DeliveryRecord } from '../../ports/deliveries';
import type { MadeMassSend } from '../../ports/wecom';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { counted, type Difference } from '../../rules/ledger/bookReport';
import { REAP_AFTER_MS } from '../../rules/ledger/grace';
import { formatInstant, instantAt } from '../../rules/time/instant';
import type { BookPageInput, BookPageResult } from '../contract';
import type { BookDeps } from '../deps';
import { compareMessage } from './ourMessage';
import { judgeStray } from './stray';

interface ReadMessages {
  readonly made: readonly MadeMassSend[];
  /** Our records by the message that they were answered with. */
  readonly ours: ReadonlyMap<string, readonly DeliveryRecord[]>;
  readonly next: string | null;
}

/** All of them. */
export async function readMassSends(deps: BookDeps, input: BookPageInput): Promise<BookPageResult> {
  const { made, ours, next } = await readMessages(deps, input);
  const found = await mapInParallel(made, (message) => {
    const records = ours.get(message.msgid);
    return records ? compareMessage(deps, message, records) : judgeStray(deps, message);
  });
  return pageOf(made, found.flat(), next);
}

/**
 * Only those that we do not know: they must be found before staff confirm them, so up to this very moment. Messages of others,
 * and those that may still find their touch, are no news.
 */
export async function readStrays(deps: BookDeps, input: BookPageInput): Promise<BookPageResult> {
  const to = formatInstant(instantAt(input.to, 'to') + REAP_AFTER_MS);
  const { made, ours, next } = await readMessages(deps, { ...input, to });

  const strays = made.filter(({ msgid }) => !ours.has(msgid));
  const found = await mapInParallel(strays, (message) => judgeStray(deps, message));
  return pageOf(strays, found.flat().filter(isNews), next);
}

const isNews = (kind: Difference): boolean => kind !== 'message-unknown' && kind !== 'in-doubt';

const pageOf = (
  { length: looked }: readonly MadeMassSend[],
  found: readonly Difference[],
  next: string | null,
): BookPageResult => ({ looked, found: counted(found), next });

async function readMessages(
  { stores, wecom }: BookDeps,
  { from, to, cursor }: BookPageInput,
): Promise<ReadMessages> {
  const span = { from: instantAt(from, 'from'), to: instantAt(to, 'to') };
  const { rows, next } = await wecom.massSendsMade({ ...span, cursor });

  const records = await stores.deliveries.ofChannelRefs(rows.map(({ msgid }) => msgid));
  return { made: rows, ours: byMessage(records), next };
}

function byMessage(
  records: readonly DeliveryRecord[],
): ReadonlyMap<string, readonly DeliveryRecord[]> {
  const messages = new Map<string, DeliveryRecord[]>();
  for (const record of records)
    for (const msgid of msgidsOf(record))
      messages.set(msgid, [...(messages.get(msgid) ?? []), record]);
  return messages;
}

/** One that was cancelled and made again is ours under both names. */
const msgidsOf = ({ answer, replaces }: DeliveryRecord): readonly string[] => [
  ...(answer && 'channelRef' in answer ? [answer.channelRef] : []),
  ...(replaces === undefined ? [] : [replaces]),
];
