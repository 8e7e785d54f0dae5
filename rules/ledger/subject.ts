// Whom a row is about, without saying who: a keyed pseudonym stands for the contact in all codes over the row, so that the contact's
// id can be taken out of the ledger later and every code still fits.

import { CodedError } from '../base/errors';
import { ledgerKey } from './chain';
import { type LedgerRow, rowId } from './rows';

/** The pseudonym of a contact. `life` counts from 1: whoever was forgotten and comes back is somebody else to the ledger. */
export type Pseudonyms = (contactId: string, life?: number) => string;

/** The pseudonyms of a deployment that has some. @throws CodedError CONFLICT naming the setting that is missing */
export function pseudonymsOf(subjectOf: Pseudonyms | undefined): Pseudonyms {
  if (subjectOf) return subjectOf;

  const allowed = 'at least 16 characters, with SOPFLOW_LEDGER_KEYS';
  throw new CodedError('CONFLICT', 'nobody can be forgotten without SOPFLOW_PSEUDONYM_KEY', [
    { path: 'SOPFLOW_PSEUDONYM_KEY', message: 'not set', allowed },
  ]);
}

/** No id of a contact begins with it. */
const MARK = '~';
const LENGTH = 32;

/** Nobody without the secret can tell whose pseudonym one is, not even by trying all ids. */
export function createPseudonyms(secret: string): Pseudonyms {
  const { codeOf } = ledgerKey('pseudonyms', secret); // keeps the states of the hash: every row asks
  return (contactId, life = 1) => MARK + codeOf(`${life}\n${contactId}`).slice(0, LENGTH);
}

/** Names are hashed apart from contacts: no pseudonym says which name it is of. */
const OF_NAMES = 0;

/** Stands for a name of somebody who was forgotten: `phone:…`, `unionId:…`, `externalUserId:…`, `contactId:…`. */
export const hashOfName = (subjectOf: Pseudonyms, name: string): string =>
  subjectOf(name, OF_NAMES);

export const isSubject = (contactId: string): boolean => contactId.startsWith(MARK);

/** The row with its pseudonym in place of the contact's id, wherever it stands; a row without one as it is. */
export function pseudonymous<R extends LedgerRow>(row: R): R {
  const { subject, contactId, touchId } = row;
  if (subject === undefined || subject === contactId) return row;

  const named = { ...row, contactId: subject, touchId: withSubject(touchId, contactId, subject) };
  return row.kind === 'decision'
    ? { ...named, workflowId: withSubject(row.workflowId, contactId, subject) }
    : named;
}

/** What the id of a row adds to that of its touch: the attempt of a decision, the revision of a settlement. */
const OF_ROW = /[#!]\d+$/;

/** A joined id (rules/base/ids.ts), of a touch, a run or a row, with a pseudonym in place of the contact's. */
export function withSubject(id: string, contactId: string, subject: string): string {
  if (!id.includes(contactId)) return id;

  const renamed = (part: string): string => {
    const own = part === contactId ? part : part.replace(OF_ROW, '');
    return own === contactId ? `${subject}${part.slice(own.length)}` : part;
  };
  return id.split('/').map(renamed).join('/');
}

/** Whose rows belong together: the pseudonym of who is meant, where it is known. */
export const groupOf = (
  { contactId, subject }: { readonly contactId: string; readonly subject?: string },
  subjectOf?: Pseudonyms,
): string => subject ?? (isSubject(contactId) ? contactId : (subjectOf?.(contactId) ?? contactId));

/** The id under which the seals know a row. */
export const sealedRowId = (row: LedgerRow): string => rowId(pseudonymous(row));
