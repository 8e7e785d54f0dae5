// Importing profiles in pages: read those known, merge, write each on the condition that it did not move, and try the moved again.

import { randomUUID } from 'node:crypto';
import type { AnyBulkWriteOperation, Connection } from 'mongoose';
import { CodedError } from '../../rules/base/errors';
import type { Profile } from '../../rules/contact/contact';
import { imported, importedEvidence } from '../../rules/contact/profile';
import type { Aliases } from './aliases';
import { type ContactDocument, contactModel, profileFromDocument } from './contactDocument';
import { insertNew } from './inserts';
import { changeOf } from './profileChange';

const PAGE = 500;
const MAX_RACES = 50;

/** Imports of one contact at once that can still be told apart. */
const RIVALS = 16;

interface Update {
  readonly contactId: string;
  readonly write: AnyBulkWriteOperation<ContactDocument>;
}

interface Imported {
  created: number;
  updated: number;
}

/** Imports profiles; a contact given twice is imported twice, in the given order. */
export function createImport(
  connection: Connection,
  aliases: Aliases,
): (rows: readonly Profile[], at?: string) => Promise<Imported> {
  const contacts = contactModel(connection);

  /** Answers the ids of the contacts that did not move meanwhile. */
  async function update(updates: readonly Update[], importId: string): Promise<string[]> {
    if (updates.length === 0) return [];
    const ids = updates.map(({ contactId }) => contactId);
    const writes = updates.map(({ write }) => write);
    const { matchedCount } = await contacts.bulkWrite(writes, {
      ordered: false,
      throwOnValidationError: true,
    });
    if (matchedCount === updates.length) return ids;
    const mine = await contacts.find({ _id: { $in: ids }, imports: importId }, { _id: 1 }).lean();
    return mine.map(({ _id }) => _id);
  }

  /** Rows of different contacts; answers those that a rival moved meanwhile. */
  async function importOnce(
    rows: readonly Profile[],
    at: string | undefined,
    done: Imported,
  ): Promise<Profile[]> {
    const importId = randomUUID();
    const ids = rows.map(({ contactId }) => contactId);
    const known = new Map(
      (await contacts.find({ _id: { $in: ids } }).lean<ContactDocument[]>()).map((each) => [
        each._id,
        each,
      ]),
    );
    const changes = rows.map((row) => {
      const document = known.get(row.contactId);
      const before = document ? profileFromDocument(document) : null;
      return { row, document, before, after: imported(before, row) };
    });

    const fresh = changes.filter(({ document }) => !document);
    const isNew = await insertNew(
      contacts,
      fresh.map(({ after }) => newDocument(after, at)),
    );
    const updates = changes.flatMap(({ document, before, after, row }) =>
      document && before ? [updateOf(document, { before, after, row, importId, at })] : [],
    );
    const written = new Set(await update(updates, importId));
    fresh.forEach(({ row }, i) => {
      if (isNew[i]) written.add(row.contactId);
    });

    const through = changes.filter(({ row }) => written.has(row.contactId));
    done.created += through.filter(({ document }) => !document).length;
    done.updated += through.filter(({ document }) => document).length;
    await aliases.follow(through.map(({ before, after, row }) => ({ before, after, given: row })));
    return rows.filter(({ contactId }) => !written.has(contactId));
  }

  return async (rows, at) => {
    const done: Imported = { created: 0, updated: 0 };
    for (const page of pagesOf(rows)) {
      let left: readonly Profile[] = page;
      for (let race = 0; left.length > 0; race++) {
        if (race === MAX_RACES)
          throw new CodedError(
            'CONFLICT',
            `import lost ${MAX_RACES} races in a row for ${left.length} contacts`,
          );
        left = await importOnce(left, at, done);
      }
    }
    return done;
  };
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

interface Merge {
  readonly before: Profile;
  readonly after: Profile;
  readonly row: Profile;
  readonly importId: string;
  readonly at: string | undefined;
}

function updateOf(
  { _id, profileRevision, consentLog = [] }: ContactDocument,
  { before, after, row, importId, at }: Merge,
): Update {
  const evidence = importedEvidence(row, consentLog, at);
  const update = {
    ...changeOf(before, after),
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
