// Versioned libraries over MongoDB: a document per version, and a head per id that counts versions and names the one in force.

import type { Connection, Model } from 'mongoose';
import type { Library, PublicationRecord, Version, WithdrawnVersion } from '../../ports/library';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { guarded } from './failures';
import { insertNew } from './inserts';
import {
  type HeadDocument,
  type LibraryName,
  libraryModels,
  type VersionDocument,
} from './libraryDocuments';
import { withoutId } from './plain';

const MAX_RACES = 100;

interface LibraryState {
  readonly name: LibraryName;
  readonly heads: Model<HeadDocument>;
  readonly versions: Model<VersionDocument>;
}

export function createLibrary<T>(connection: Connection, name: LibraryName): Library<T> {
  const state: LibraryState = { name, ...libraryModels(connection, name) };

  return guarded<Library<T>>({
    draft: (id, body, author, at) => draft(state, { id, body, author, at }),
    publish: (id, version, author, at, effectiveFrom) =>
      publish(state, id, {
        version,
        author,
        at,
        ...(effectiveFrom !== undefined && { effectiveFrom }),
      }),

    withdraw: (id, version, withdrawn) => withdraw(state, id, version, withdrawn),
    publications: (id) => publications(state, id),
    current: (id) => currentVersion(state, id),
    inForce: () => versionsInForce(state),
    find: (id, version) => findVersion(state, id, version),
    versions: (id) => versionsOf(state, id),
    list: () => newestOfEach(state),
  });
}

async function draft<T>(
  { name, heads, versions }: LibraryState,
  given: Pick<Version<T>, 'id' | 'body' | 'author' | 'at'>,
): Promise<Version<T>> {
  const { id, body, author, at } = given;

  for (let race = 0; race < MAX_RACES; race++) {
    const number = await nextNumber(heads, id);
    const version: Version<T> = { id, version: number, state: 'draft', body, author, at };

    // Where the first drafts of an id are made at once, a server may hand out a number twice: the document decides.
    const [isNew] = await insertNew(versions, [{ _id: versionRef(id, number), ...version }]);
    if (isNew) return version;
  }

  throw new CodedError(
    'CONFLICT',
    `${name} ${id}: lost ${MAX_RACES} races in a row for a version number`,
  );
}

async function nextNumber(heads: Model<HeadDocument>, id: string): Promise<number> {
  const head = await heads
    .findOneAndUpdate(
      { _id: id },
      { $inc: { latest: 1 } },
      { upsert: true, returnDocument: 'after' },
    )
    .lean<HeadDocument>();
  return head?.latest ?? 1;
}

async function publish<T>(
  state: LibraryState,
  id: string,
  publication: PublicationRecord,
): Promise<Version<T> | null> {
  const { version, author, at } = publication;
  const found = await findDocument(state, id, version);
  const published = found && (await markPublished(state, found, author, at));
  if (!published) return null;

  await state.heads.updateOne(
    { _id: id, current: { $ne: version } },
    { $set: { current: version }, $push: { published: publication } },
  );

  return versionFromDocument(published);
}

async function markPublished(
  { versions }: LibraryState,
  document: VersionDocument,
  author: string,
  at: string,
): Promise<VersionDocument | null> {
  if (document.state === 'published') return document;

  const drafted = { author: document.author, at: document.at };
  await versions.updateOne(
    { _id: document._id, state: 'draft' },
    { $set: { state: 'published', author, at, drafted } },
  );

  return await versions.findOne({ _id: document._id }).lean<VersionDocument>(); // a rival may have been faster
}

async function withdraw<T>(
  { versions }: LibraryState,
  id: string,
  version: number,
  withdrawn: WithdrawnVersion,
): Promise<Version<T> | null> {
  const published = { _id: versionRef(id, version), state: 'published' } as const;
  const filter = { ...published, withdrawn: { $exists: false } };
  await versions.updateOne(filter, { $set: { withdrawn } });

  const found = await versions.findOne(published).lean<VersionDocument>();
  return found && versionFromDocument(found);
}

async function publications(
  { heads }: LibraryState,
  id: string,
): Promise<readonly PublicationRecord[]> {
  const head = await heads.findOne({ _id: id }, { published: 1 }).lean<HeadDocument>();
  return head?.published ?? [];
}

async function currentVersion<T>(state: LibraryState, id: string): Promise<Version<T> | null> {
  const head = await state.heads.findOne({ _id: id }).lean<HeadDocument>();
  if (head?.current === undefined) return null;

  const current = await findVersion<T>(state, id, head.current);
  return current?.withdrawn ? lastUsable(state, head) : current;
}

async function versionsInForce<T>(state: LibraryState): Promise<Version<T>[]> {
  const heads = await state.heads
    .find({ current: { $exists: true } })
    .sort({ _id: 1 })
    .lean<HeadDocument[]>();
  const refs = heads.flatMap(({ _id, current }) => versionRef(_id, current ?? 0));
  const found = await state.versions.find({ _id: { $in: refs } }).lean<VersionDocument[]>();
  const current = new Map(found.map((document) => [document.id, document]));

  const inForce = await Promise.all(
    heads.map(async (head) => {
      const version = current.get(head._id);
      if (version?.withdrawn) return lastUsable<T>(state, head);
      return version ? versionFromDocument<T>(version) : null;
    }),
  );
  return inForce.filter((version) => version !== null);
}

/** Published last of those that are not withdrawn. */
async function lastUsable<T>(
  state: LibraryState,
  { _id: id, published = [] }: HeadDocument,
): Promise<Version<T> | null> {
  const usable = (await versionsOf<T>(state, id)).filter(({ withdrawn }) => !withdrawn);
  const last = published.findLast(({ version }) => usable.some((each) => each.version === version));
  return usable.find(({ version }) => version === last?.version) ?? null;
}

async function findVersion<T>(
  state: LibraryState,
  id: string,
  version: number,
): Promise<Version<T> | null> {
  const found = await findDocument(state, id, version);
  return found && versionFromDocument(found);
}

async function findDocument(
  { versions }: LibraryState,
  id: string,
  version: number,
): Promise<VersionDocument | null> {
  return await versions.findOne({ _id: versionRef(id, version) }).lean<VersionDocument>();
}

async function versionsOf<T>({ heads, versions }: LibraryState, id: string): Promise<Version<T>[]> {
  const head = await heads.findOne({ _id: id }).lean<HeadDocument>();
  const ids = Array.from({ length: head?.latest ?? 0 }, (_, i) => versionRef(id, i + 1));

  const found = await versions.find({ _id: { $in: ids } }).lean<VersionDocument[]>();
  return found.map(versionFromDocument<T>).sort((a, b) => b.version - a.version);
}

async function newestOfEach<T>(state: LibraryState): Promise<Version<T>[]> {
  const all = await state.heads.find().sort({ _id: 1 }).lean<HeadDocument[]>();

  // Read by head and not by the newest number: a crash can leave a number without a version.
  const newest = await Promise.all(
    all.map(async ({ _id }) => (await versionsOf<T>(state, _id))[0]),
  );
  return newest.filter((version) => version !== undefined);
}

/** Bodies go in as T through `draft` alone. */
function versionFromDocument<T>({ drafted: _drafted, ...document }: VersionDocument): Version<T> {
  return withoutId(document) as Version<T>;
}
