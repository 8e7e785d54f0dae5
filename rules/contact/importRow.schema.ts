// Reads one row of an import: fields that are null are kept as "remove this", and only those that a list may take away.

import { CodedError } from '../base/errors';
import { parseWith } from '../input/parse';
import { importRow } from './contact.schema';
import type { ImportRow } from './profile';

/** What no list takes away: it says who the contact is, or comes from the customer or the systems. */
const LASTING = new Set([
  'contactId',
  'city',
  'asOf',
  'facts',
  'relations',
  'channels',
  'consents',
  'consentsAt',
  'dnd',
  'personalisation',
]);
const REMOVABLE: ReadonlySet<string> = new Set(
  Object.keys(importRow.shape).filter((field) => !LASTING.has(field)),
);

/** @throws CodedError INVALID_INPUT naming every place that is wrong */
export function readImportRow(value: unknown): ImportRow {
  const { name, ...others } = parseWith(importRow, value, '');
  const row = { ...others, ...(name && { name }) };
  const removed = nullsOf(value);
  for (const field of removed) if (!REMOVABLE.has(field)) throw notRemovable(field);

  const given = value as { readonly facts?: unknown }; // an object, or it would not have been read
  const removedFacts = nullsOf(given.facts ?? {});
  const facts = { ...row.facts, ...nulls(removedFacts) };

  return {
    ...row,
    ...nulls(removed),
    ...((row.facts || removedFacts.length > 0) && { facts }),
  } as ImportRow; // facts that are null are those to remove
}

const nullsOf = (value: unknown): string[] =>
  Object.entries(value as object).flatMap(([field, each]) => (each === null ? [field] : []));

const nulls = (fields: readonly string[]): Record<string, null> =>
  Object.fromEntries(fields.map((field) => [field, null]));

function notRemovable(field: string): CodedError {
  const allowed = [...REMOVABLE].join(', ');
  return new CodedError('INVALID_INPUT', `${field} cannot be removed`, [
    { path: field, message: 'cannot be removed', allowed },
  ]);
}
