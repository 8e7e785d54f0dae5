// What there is of one contact, in the ledger and in archives, brought together for its proof.

import {
  type Beginning,
  chainEndOf,
  isArchived,
  isSameEnd,
} from '../../rules/ledger/archive/beginning';
import type { KeyRing } from '../../rules/ledger/keyRing';
import { underOwnName } from '../../rules/ledger/proof/archived';
import { type Violation, violation } from '../../rules/ledger/proof/violation';
import type { LedgerRow } from '../../rules/ledger/rows';
import { isBeginningSigned } from './archiveRecords';
import type { RowsOfContact } from './rowLines';

export interface ContactEvidence {
  readonly rows: readonly LedgerRow[];
  /** Where they begin; absent: with the contact's first row. */
  readonly before?: Beginning;
  readonly violations: readonly Violation[];
}

interface Given {
  /** ISO: where the files of archives begin that are given, without a gap to the ledger; empty: with the first of all. Absent: none are. */
  readonly archivesFrom: string | undefined;
  /** Rows of the latest archive may still be in the ledger. */
  readonly isLeaving: boolean;
}

export function evidenceOf(
  contact: RowsOfContact,
  { archivesFrom, isLeaving }: Given,
  ring: KeyRing,
): ContactEvidence {
  const kept = contact.beginnings.at(-1);
  const isChanged = kept !== undefined && !isBeginningSigned(kept, ring);
  const recorded = isChanged ? undefined : kept;
  const back = recorded ? contact.rows.filter((row) => isArchived(row, recorded)) : [];
  const live = contact.rows.filter((row) => !back.includes(row));
  const violations = [
    ...(isChanged ? [changed(kept, 'it is not as it was signed')] : []),
    ...(isLeaving ? [] : back.map((row) => violation('row-back', row, 'it was archived'))),
  ];

  if (archivesFrom === undefined)
    return { rows: live, ...(recorded && { before: recorded }), violations };

  const before = contact.began.find(({ until }) => until <= archivesFrom);
  const archived = underOwnName(contact.archived, live);
  violations.push(...brokenCut(archived, before, kept, contact));
  return { rows: [...archived, ...live], ...(before && { before }), violations };
}

/** The ledger of a contact begins where its archives end. */
function* brokenCut(
  archived: readonly LedgerRow[],
  before: Beginning | undefined,
  kept: Beginning | undefined,
  { rows }: RowsOfContact,
): Iterable<Violation> {
  const [first] = [...archived, ...rows];
  if (archived.length === 0 && !before) {
    if (kept) yield changed(kept, 'its archives have no row of it');
  } else if (!kept) {
    if (first) yield violation('beginning-changed', first, 'it was archived, and begins nowhere');
  } else if (!isSameEnd(chainEndOf(archived, before), kept)) {
    yield changed(kept, 'its archives end otherwise');
  }
}

const changed = ({ contactId, until }: Beginning, detail: string): Violation => ({
  kind: 'beginning-changed',
  ...{ contactId, touchId: '', at: until, detail },
});
