// Importing profiles in pages: read those known, merge, write each on the condition that it did not move, and try the moved again.

import { randomUUID } from 'node:crypto';
import type { AnyBulkWriteOperation, Connection, Model } from 'mongoose';
import { CodedError } from '../../rules/base/errors';
import type { Profile } from '../../rules/contact/contact';
import { imported, importedEvidence } from '../../rules/contact/profile';
import type { NamesChanged } from '../aliasMoves';
import type { Aliases } from './aliases';
import { type ContactDocument, contactModel, profileFromDocument } from './contactDocument';
import { insertNew } from './inserts';
import { changeOf } from './profileChange';

const PAGE = 500;
const MAX_RACES = 50;

/** Imports of one contact at once that can still be told apart. */
const RIVALS = 16;

interface ImportState {
  readonly contacts: Model<ContactDocument>;
  readonly aliases: Aliases;
}

interface ImportCount {
  readonly created: number;
  readonly updated: number;
}

/** A row, and what it makes of the contact as it was read. */
interface Merge {
  readonly row: Profile;
  readonly after: Profile;
  readonly known: KnownContact | null;
}

interface KnownContact {
  readonly document: ContactDocument;
  readonly profile: Profile;
}

interface Update {
  readonly contactId: string;
  readonly write: AnyBulkWriteOperation<ContactDocument>;
}

/** Imports profiles; a contact given twice is imported twice, in the given order. */
export function createImport(
  connection: Connection,
  aliases: Aliases,
): (rows: readonly Profile[], at?: string) => Promise<ImportCount> {
  const state: ImportState = { contacts: contactModel(connection), aliases };
  return (rows, at) => importRows(state, rows, at);
}

async function importRows(
  state: ImportState,
  rows: readonly Profile[],
  at: string | undefined,
): Promise<ImportCount> {
  let created = 0;
  let updated = 0;

  for (const page of pagesOf(rows)) {
    const merges = await importPage(state, page, at);
    const known = merges.filter((merge) => merge.known);
    created += merges.length - known.length;
    updated += known.length;
  }

  return { created, updated };
}

/** Rows of different contacts; answers what was written of each. */
async function importPage(
  state: ImportState,
  page: readonly Profile[],
  at: string | undefined,
): Promise<Merge[]> {
  const written: Merge[] = [];

  let left = page;
  for (let race = 0; left.length > 0; race++) {
    if (race === MAX_RACES)
      throw new CodedError(
        'CONFLICT',
        `import lost ${MAX_RACES} races in a row for ${left.length} contacts`,
      );

    const merges = await importOnce(state, left, at);
    written.push(...merges);

    const ids = new Set(merges.map(({ row }) => row.contactId));
    left = left.filter(({ contactId }) => !ids.has(contactId));
  }

  return written;
}

/** Answers what was written: all but the contacts that a rival moved meanwhile. */
async function importOnce(
  state: ImportState,
  rows: readonly Profile[],
  at: string | undefined,
): Promise<Merge[]> {
  const merges = await mergeWithKnown(state, rows);
  await state.aliases.claim(merges.map(namesOf));
  const inserted = await insertContacts(state, merges, at);
  const updated = await updateContacts(state, merges, at);

  const ids = new Set([...inserted, ...updated]);
  const written = merges.filter(({ row }) => ids.has(row.contactId));

  await state.aliases.release(written.map(namesOf));

  return written;
}

const namesOf = ({ row, after, known }: Merge): NamesChanged => ({
  before: known?.profile ?? null,
  after,
  given: row,
});

async function mergeWithKnown(
  { contacts }: ImportState,
  rows: readonly Profile[],
): Promise<Merge[]> {
  const ids = rows.map(({ contactId }) => contactId);
  const found = await contacts.find({ _id: { $in: ids } }).lean<ContactDocument[]>();
  const documents = new Map(found.map((document) => [document._id, document]));

  return rows.map((row) => {
    const document = documents.get(row.contactId);
    const known = document ? { document, profile: profileFromDocument(document) } : null;
    return { row, after: imported(known?.profile ?? null, row), known };
  });
}

/** Answers the ids of the contacts that nobody else made meanwhile. */
async function insertContacts(
  { contacts }: ImportState,
  merges: readonly Merge[],
  at: string | undefined,
): Promise<string[]> {
  const documents = merges.filter(({ known }) => !known).map(({ after }) => newDocument(after, at));

  const isNew = await insertNew(contacts, documents);
  return documents.filter((_, i) => isNew[i]).map(({ _id }) => _id);
}

/** Answers the ids of the contacts that did not move meanwhile. */
async function updateContacts(
  { contacts }: ImportState,
  merges: readonly Merge[],
  at: string | undefined,
): Promise<string[]> {
  const importId = randomUUID();
  const updates = merges.flatMap((merge) =>
    merge.known ? [updateOf(merge, merge.known, importId, at)] : [],
  );
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
function pagesOf(rows: readonly Profile[]): Profile[][] {
  const pages: Profile[][] = [];
  let page: Profile[] = [];
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

function newDocument({ contactId, ...profile }: Profile, at: string | undefined): ContactDocument {
  const evidence = importedEvidence(profile, [], at);
  return {
    _id: contactId,
    ...profile,
    touches: [],
    outbox: [],
    revision: 0,
    profileRevision: 1,
    writes: 0,
    ...(evidence.length > 0 && { consentLog: evidence }),
  };
}

function updateOf(
  { row, after }: Merge,
  { document, profile }: KnownContact,
  importId: string,
  at: string | undefined,
): Update {
  const { _id, profileRevision, consentLog = [] } = document;
  const evidence = importedEvidence(row, consentLog, at);

  const update = {
    ...changeOf(profile, after),
    $inc: { profileRevision: 1 },
    $push: {
      imports: { $each: [importId], $slice: -RIVALS },
      ...(evidence.length > 0 && { consentLog: { $each: evidence } }),
    },
  };

  const write = {
    updateOne: { filter: { _id, profileRevision }, update },
  } as AnyBulkWriteOperation<ContactDocument>;

  return { contactId: _id, write };
}
