// The proof of a bucket of the ledger, contact by contact: by the seals, by the rules, and over the cut to what was archived.

import { setImmediate as breathe } from 'node:timers/promises';
import { NO_KEYS } from '../../rules/ledger/keyRing';
import { unjudgedRows } from '../../rules/ledger/proof/archived';
import { proveContact } from '../../rules/ledger/proof/contact';
import { brokenBySeals } from '../../rules/ledger/proof/sealed';
import type { Violation } from '../../rules/ledger/proof/violation';
import { groupOf, isSubject } from '../../rules/ledger/subject';
import type { Check, LedgerCheck } from './check';
import { evidenceOf } from './contactEvidence';
import { type GroupOf, noRows, put, type RowsOfContact, rowsByContact } from './rowLines';

/** Rows proved in one go; others on the same thread have their turn in between. */
const TURN_ROWS = 500;

/** Instants (ISO) that the proof needs. */
interface Until {
  readonly horizon: string;
  /** Absent: no seals are given. */
  readonly sealedUntil: string | undefined;
}

export interface ProvedContact {
  readonly rows: number;
  /** False: all that is known is where it begins. */
  readonly isKnown: boolean;
  readonly isForgotten: boolean;
  readonly unjudged: number;
  /** Those that were asked for. */
  readonly violations: readonly Violation[];
}

export async function* proveBucket(
  ledger: LedgerCheck,
  lines: readonly string[],
  until: Until,
): AsyncGenerator<ProvedContact> {
  let turn = 0;

  for (const contact of rowsByContact(lines, groupIn(ledger.check)).values()) {
    const { rows, archived, sealed } = contact;
    // All that is known is where it begins: its rows are archived, or it is nobody who was asked for.
    const isKnown = rows.length + archived.length + sealed.length > 0;
    if (!isKnown && ledger.check.contactId !== undefined) continue;

    const { found, unjudged } = await violationsOf(ledger, contact, until);
    const violations = found.filter((violation) => isAsked(ledger.check, violation));
    const isForgotten = rows.some(({ contactId }) => isSubject(contactId));
    yield { rows: rows.length, isKnown, isForgotten, unjudged, violations };

    turn += rows.length + archived.length;
    if (turn < TURN_ROWS) continue;

    turn = 0;
    await breathe();
  }
}

interface Judged {
  readonly found: readonly Violation[];
  readonly unjudged: number;
}

async function violationsOf(
  ledger: LedgerCheck,
  contact: RowsOfContact,
  { horizon, sealedUntil }: Until,
): Promise<Judged> {
  const { ledgerKeys = NO_KEYS, sealsOnly } = ledger.check;
  const { rows, before } = evidenceIn(ledger, contact);
  const span = { sealedUntil: sealedUntil ?? '', archivedUntil: before?.until };
  const bySeals =
    sealedUntil === undefined
      ? []
      : brokenBySeals(rows, contact.sealed, span, ledgerKeys.subjectOf);
  if (sealsOnly) return { found: bySeals, unjudged: 0 };

  const byRules = await judgeByRules(ledger, contact, horizon);
  return { ...byRules, found: [...bySeals, ...byRules.found] };
}

/** A contact that was written to while its rows were being read may look broken: it is judged by a second look. */
async function judgeByRules(
  ledger: LedgerCheck,
  contact: RowsOfContact,
  horizon: string,
): Promise<Judged> {
  const { check, history } = ledger;
  const judged = judge(ledger, contact, horizon);
  const contactId = contact.rows[0]?.contactId;
  if (judged.found.length === 0 || contactId === undefined || !check.again) return judged;

  const fresh = noRows();
  let isLeaving: boolean | undefined;
  for (const line of await check.again(contactId)) {
    if (line.kind === 'archive') {
      isLeaving = line.state === 'removing';
      continue;
    }
    if (line.kind !== 'beginning') await history.read(line);
    put(fresh, line);
  }

  return judge(ledger, fresh, horizon, isLeaving);
}

function judge(
  ledger: LedgerCheck,
  contact: RowsOfContact,
  horizon: string,
  isLeaving?: boolean,
): Judged {
  const { check, history } = ledger;
  const { rows, before, violations } = evidenceIn(ledger, contact, isLeaving);
  const found = proveContact(rows, history.policies, horizon, check.ledgerKeys, before);
  const unjudged = before ? unjudgedRows(rows, before, history.policies) : 0;

  return { found: [...violations, ...found], unjudged };
}

function evidenceIn(
  { check: { ledgerKeys = NO_KEYS }, records, files }: LedgerCheck,
  contact: RowsOfContact,
  isLeaving = records.latest()?.state === 'removing',
) {
  const archivesFrom = files.map(({ header }) => header.after ?? '').sort()[0];
  return evidenceOf(contact, { archivesFrom, isLeaving }, ledgerKeys);
}

/** Rows of a contact belong together under its pseudonym, whether or not they have one. */
export const groupIn =
  ({ ledgerKeys }: Check): GroupOf =>
  (row) =>
    groupOf(row, ledgerKeys?.subjectOf);

function isAsked({ since, until }: Check, { at }: Violation): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}
