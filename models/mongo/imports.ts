// Importing rows in pages: read those known, merge, write what changes on the condition that it did not move, and try the moved again.

import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { AnyBulkWriteOperation } from 'mongoose';
import type { ImportOptions, RowOutcome } from '../../ports/contacts';
import { CodedError } from '../../rules/base/errors';
import {
  type AddressWords,
  type ConsentStatement,
  importedStatements,
  withAddresses,
  withStatements,
} from '../../rules/contact/consentLog';
import type { Profile } from '../../rules/contact/contact';
import { LONG_AGO } from '../../rules/contact/earlierConsents';
import { type ImportRow, imported } from '../../rules/contact/profile';
import { addressKeysOf, hasOtherNames, type NamesChanged } from '../aliasMoves';
import { type ContactDocument, profileFromDocument } from './contactDocument';
import { type ContactState, takeOver } from './contactEdits';
import { insertNew } from './inserts';
import { changeOf, conditionOf, isNews } from './profileChange';

const PAGE = 500;
const MAX_RACES = 50;

/** Imports of one contact at once that can still be told apart. */
const RIVALS = 16;

/** What is the same for all rows of a call. */
interface ImportCall extends ImportOptions {
  readonly at: string;
}

/** A row that can be written, and what it makes of the contact as it was read. */
interface Merge {
  readonly row: ImportRow;
  readonly after: Profile;
  /** Statements for the log. */
  readonly added: readonly ConsentStatement[];
  /** Of a contact who was forgotten and comes back: which life this is. */
  readonly life?: number;
  readonly known: KnownContact | null;
}

interface KnownContact {
  readonly document: ContactDocument;
  readonly profile: Profile;
}

interface Update {
  readonly contactId: string;
  /** False: it says no more than of how late an instant the facts are known. */
  readonly isNews: boolean;
  readonly write: AnyBulkWriteOperation<ContactDocument>;
}

/** By contact. */
type Outcomes = ReadonlyMap<string, RowOutcome>;

/** Imports rows; a contact given twice is imported twice, in the given order. */
export function createImport(
  state: ContactState,
): (
  rows: readonly ImportRow[],
  at?: string,
  options?: ImportOptions,
) => Promise<readonly RowOutcome[]> {
  return (rows, at = LONG_AGO, options) => importRows(state, rows, { at, ...options });
}

async function importRows(
  state: ContactState,
  rows: readonly ImportRow[],
  call: ImportCall,
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];

  for (const page of pagesOf(rows)) {
    const done = await importPage(state, page, call);
    outcomes.push(...page.map(({ contactId }) => done.get(contactId) ?? 'no-city'));
  }

  return outcomes;
}

/** Rows of different contacts. */
async function importPage(
  state: ContactState,
  page: readonly ImportRow[],
  call: ImportCall,
): Promise<Outcomes> {
  const outcomes = new Map<string, RowOutcome>();

  let left = page;
  for (let race = 0; left.length > 0; race++) {
    if (race === MAX_RACES)
      throw new CodedError(
        'CONFLICT',
        `import lost ${MAX_RACES} races in a row for ${left.length} contacts`,
      );

    for (const [contactId, outcome] of await importOnce(state, left, call))
      outcomes.set(contactId, outcome);
    left = left.filter(({ contactId }) => !outcomes.has(contactId));
  }

  return outcomes;
}

/** Answers what became of the rows: all but those of contacts that a rival moved meanwhile. */
async function importOnce(
  state: ContactState,
  rows: readonly ImportRow[],
  call: ImportCall,
): Promise<Outcomes> {
  const { merges: given, homeless } = await mergeWithKnown(state, rows, call);
  if (call.dryRun) return foreseen(given, homeless);

  await state.aliases.claim(given.map(namesOf));
  const words = await wordsFor(state, given);
  const merges = given.map((merge) => withWords(merge, words));
  const created = await insertContacts(state, merges, call);
  const updated = await updateContacts(state, merges, call);

  const outcomes = new Map<string, RowOutcome>([
    ...homeless.map((contactId) => [contactId, 'no-city'] as const),
    ...created.map((contactId) => [contactId, 'created'] as const),
    ...updated,
  ]);
  const written = merges.filter(({ row }) => outcomes.has(row.contactId));
  await state.aliases.release(written.map(namesOf));
  await takeOverNews(state, written, words);

  return outcomes;
}

/** By the key of an address. */
type Words = ReadonlyMap<string, AddressWords>;

/** What was said from the addresses that contacts get. */
async function wordsFor({ addresses }: ContactState, merges: readonly Merge[]): Promise<Words> {
  const moved = merges.filter(hasMoved);
  return await addresses.wordsOf(moved.flatMap(({ after }) => addressKeysOf(after)));
}

/** A contact's own id, too, is a new name: somebody who was forgotten may have had it. */
const hasMoved = ({ known, after }: Merge): boolean =>
  known === null || hasOtherNames(known.profile, after);

function withWords(merge: Merge, words: Words): Merge {
  if (!hasMoved(merge)) return merge;

  const { after: profile, added: before, known } = merge;
  const own = addressKeysOf(profile).flatMap((key) => words.get(key) ?? []);
  const log = known?.document.consentLog ?? [];
  const { profile: after, added } = withAddresses({ profile, added: before }, log, own);
  const lives = own.flatMap(({ endedLife }) => endedLife ?? []);
  return { ...merge, after, added, ...(lives.length > 0 && { life: Math.max(...lives) + 1 }) };
}

/** What was said while contacts were written found names that led to nobody yet. */
async function takeOverNews(
  state: ContactState,
  written: readonly Merge[],
  known: Words,
): Promise<void> {
  const now = await wordsFor(state, written);
  const news = [...now.keys()].filter((key) => !isDeepStrictEqual(now.get(key), known.get(key)));

  for (const { after } of written)
    if (addressKeysOf(after).some((key) => news.includes(key)))
      await takeOver(state, after.contactId);
}

function foreseen(merges: readonly Merge[], homeless: readonly string[]): Outcomes {
  const outcomes = new Map<string, RowOutcome>(homeless.map((id) => [id, 'no-city']));
  for (const merge of merges) {
    const { row, known } = merge;
    const update = known && updateOf({ ...merge, known }, '');
    outcomes.set(row.contactId, !known ? 'created' : update?.isNews ? 'updated' : 'unchanged');
  }

  return outcomes;
}

const namesOf = ({ row, after, known }: Merge): NamesChanged => ({
  before: known?.profile ?? null,
  after,
  given: row,
});

async function mergeWithKnown(
  { contacts }: ContactState,
  rows: readonly ImportRow[],
  { mode, at }: ImportCall,
): Promise<{ readonly merges: readonly Merge[]; readonly homeless: readonly string[] }> {
  const ids = rows.map(({ contactId }) => contactId);
  const found = await contacts.find({ _id: { $in: ids } }).lean<ContactDocument[]>();
  const documents = new Map(found.map((document) => [document._id, document]));

  const merges: Merge[] = [];
  const homeless: string[] = [];

  for (const row of rows) {
    const document = documents.get(row.contactId);
    const known = document ? { document, profile: profileFromDocument(document) } : null;
    const merged = imported(known?.profile ?? null, row, mode, at);
    if (merged) merges.push({ row, known, ...withClaims(merged, row, document, at) });
    else homeless.push(row.contactId);
  }

  return { merges, homeless };
}

/** The profile with what the row claims of consents. */
function withClaims(
  merged: Profile,
  row: ImportRow,
  { consentLog = [] }: Pick<ContactDocument, 'consentLog'> = {},
  at: string,
): Pick<Merge, 'after' | 'added'> {
  const claims = importedStatements(row, consentLog, at);
  const { profile: after, added } = withStatements(merged, consentLog, claims);
  return { after, added };
}

/** Answers the ids of the contacts that nobody else made meanwhile. */
async function insertContacts(
  { contacts }: ContactState,
  merges: readonly Merge[],
  call: ImportCall,
): Promise<string[]> {
  const documents = merges.filter(({ known }) => !known).map((merge) => newDocument(merge, call));

  const isNew = await insertNew(contacts, documents);
  return documents.filter((_, i) => isNew[i]).map(({ _id }) => _id);
}

/** Answers the known contacts that did not move meanwhile. */
async function updateContacts(
  state: ContactState,
  merges: readonly Merge[],
  call: ImportCall,
): Promise<(readonly [string, RowOutcome])[]> {
  const importId = call.batch ?? randomUUID();
  const updates: Update[] = [];
  const outcomes = new Map<string, RowOutcome>();

  for (const merge of merges) {
    const { row, known } = merge;
    if (!known) continue;

    const update = updateOf({ ...merge, known }, importId);
    if (update) updates.push(update);
    const isWritten = update?.isNews || known.document.imports?.includes(importId);
    outcomes.set(row.contactId, isWritten ? 'updated' : 'unchanged');
  }

  const written = new Set(await writeUpdates(state, updates, importId));
  for (const { contactId } of updates) if (!written.has(contactId)) outcomes.delete(contactId);

  return [...outcomes];
}

/** Answers the ids of the contacts that did not move meanwhile. */
async function writeUpdates(
  { contacts }: ContactState,
  updates: readonly Update[],
  importId: string,
): Promise<string[]> {
  if (updates.length === 0) return [];

  const ids = updates.map(({ contactId }) => contactId);
  const { matchedCount } = await contacts.bulkWrite(
    updates.map(({ write }) => write),
    { ordered: false, throwOnValidationError: true },
  );
  if (matchedCount === updates.length) return ids;

  const mine = await contacts.find({ _id: { $in: ids }, imports: importId }, { _id: 1 }).lean();
  return mine.map(({ _id }) => _id);
}

/** Pages in which no contact comes twice. */
function pagesOf(rows: readonly ImportRow[]): ImportRow[][] {
  const pages: ImportRow[][] = [];
  let page: ImportRow[] = [];
  let ids = new Set<string>();

  for (const row of rows) {
    if (page.length === PAGE || ids.has(row.contactId)) {
      pages.push(page);
      page = [];
      ids = new Set();
    }

    page.push(row);
    ids.add(row.contactId);
  }

  return page.length > 0 ? [...pages, page] : pages;
}

function newDocument({ after, added, life }: Merge, { batch }: ImportCall): ContactDocument {
  const { contactId, ...profile } = after;
  return {
    _id: contactId,
    ...profile,
    touches: [],
    outbox: [],
    revision: 0,
    profileRevision: 1,
    writes: 0,
    ...(added.length > 0 && { consentLog: added }),
    ...(life !== undefined && { life }),
    ...(batch !== undefined && { imports: [batch] }),
  };
}

/** Null: the row says nothing new. */
function updateOf(
  { after, added, known }: Merge & { readonly known: KnownContact },
  importId: string,
): Update | null {
  const { document, profile } = known;
  const change = changeOf(profile, after);
  const isRevision = isNews(change);
  const isNewRow = isRevision || added.length > 0;
  if (Object.keys(change).length === 0 && !isNewRow) return null;

  const { filter, $inc } = conditionOf(change, document, isRevision);
  const $push = {
    imports: { $each: [importId], $slice: -RIVALS },
    ...(added.length > 0 && { consentLog: { $each: added } }),
  };
  const update = { ...change, ...($inc && { $inc }), ...(isNewRow && { $push }) };

  const write = { updateOne: { filter, update } } as AnyBulkWriteOperation<ContactDocument>;
  return { contactId: document._id, isNews: isNewRow, write };
}
