// The ledger as it is handed over: what is known of its archives, where contacts begin since, and its rows.

import type { Stores } from '../ports/stores';
import { groupOf, type Pseudonyms } from '../rules/ledger/subject';
import type { LedgerLine } from './proof/rows';

type LedgerStores = Pick<Stores, 'archives' | 'touches'>;

/** Archives, beginnings by contact, and all rows in order of time. */
export async function* ledgerLines({
  archives,
  touches,
}: LedgerStores): AsyncGenerator<LedgerLine> {
  const known = await archives.list();
  const latest = known.at(-1);
  yield* known;
  if (latest) yield* archives.beginnings(latest.until);
  yield* touches.export();
}

/** The same of one contact, as it is now. */
export async function linesOfContact(
  { archives, touches }: LedgerStores,
  contactId: string,
  subjectOf: Pseudonyms | undefined,
): Promise<readonly LedgerLine[]> {
  const rows = await touches.timeline(contactId);
  const known = await archives.list();
  const latest = known.at(-1);
  if (!latest) return rows;

  const named = rows.length > 0 ? rows : [{ contactId }];
  const subjects = named.map((each) => groupOf(each, subjectOf));
  const beginnings = await archives.beginningsOf([...new Set(subjects)], latest.until);
  return [...known, ...beginnings, ...rows];
}
