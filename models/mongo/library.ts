// Versioned libraries over MongoDB: a document per version, and a head per id that counts versions and names the one in force.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Library, PublicationRecord, Version } from '../../ports/library';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { withoutId } from './plain';

const MAX_RACES = 100;

interface HeadDocument {
  readonly _id: string;
  readonly latest: number;
  readonly current?: number;
  /** Every change of the version in force. */
  readonly published?: readonly PublicationRecord[];
}

interface VersionDocument {
  readonly _id: string;
  readonly id: string;
  readonly version: number;
  readonly state: 'draft' | 'published';
  readonly body: unknown;
  readonly author: string;
  readonly at: string;
  /** Who wrote it, once somebody published it. */
  readonly drafted?: { readonly author: string; readonly at: string };
}

const heads = new Schema<HeadDocument>(
  {
    _id: { type: String, required: true },
    latest: { type: Number, required: true },
    current: Number,
    published: { type: [Schema.Types.Mixed], default: undefined },
  },
  { versionKey: false, strict: 'throw', id: false },
);

const versions = new Schema<VersionDocument>(
  {
    _id: { type: String, required: true },
    id: { type: String, required: true },
    version: { type: Number, required: true },
    state: { type: String, enum: ['draft', 'published'], required: true },
    body: { type: Schema.Types.Mixed, required: true },
    author: { type: String, required: true },
    at: { type: String, required: true },
    drafted: Schema.Types.Mixed,
  },
  { versionKey: false, minimize: false, strict: 'throw', id: false },
);

export type LibraryName = 'policies' | 'templates' | 'catalogues' | 'holidays' | 'quotas';

export const LIBRARIES: readonly LibraryName[] = [
  'policies',
  'templates',
  'catalogues',
  'holidays',
  'quotas',
];

/** The models of a library on a connection. */
export function libraryModels(
  connection: Connection,
  name: LibraryName,
): { heads: Model<HeadDocument>; versions: Model<VersionDocument> } {
  return {
    heads: modelOf(connection, `${name}Head`, heads, `${name}Heads`),
    versions: modelOf(connection, name, versions, name),
  };
}

export function createLibrary<T>(connection: Connection, name: LibraryName): Library<T> {
  const { heads, versions } = libraryModels(connection, name);

  // Bodies go in as T through `draft` alone.
  const versionOf = ({ drafted: _drafted, ...document }: VersionDocument): Version<T> =>
    withoutId(document) as Version<T>;

  async function published(
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

  const library: Library<T> = {
    async draft(id, body, author, at) {
      for (let race = 0; race < MAX_RACES; race++) {
        const head = await heads
          .findOneAndUpdate(
            { _id: id },
            { $inc: { latest: 1 } },
            { upsert: true, returnDocument: 'after' },
          )
          .lean<HeadDocument>();
        const version: Version<T> = {
          id,
          version: head?.latest ?? 1,
          state: 'draft',
          body,
          author,
          at,
        };
        // Where the first drafts of an id are made at once, a server may hand out a number twice: the document decides.
        const [isNew] = await insertNew(versions, [
          { _id: versionRef(id, version.version), ...version },
        ]);
        if (isNew) return version;
      }
      throw new CodedError(
        'CONFLICT',
        `${name} ${id}: lost ${MAX_RACES} races in a row for a version number`,
      );
    },

    async publish(id, version, author, at, effectiveFrom) {
      const found = await versions
        .findOne({ _id: versionRef(id, version) })
        .lean<VersionDocument>();
      const done = found && (await published(found, author, at));
      if (!done) return null;
      await heads.updateOne(
        { _id: id, current: { $ne: version } },
        {
          $set: { current: version },
          $push: {
            published: {
              version,
              author,
              at,
              ...(effectiveFrom !== undefined && { effectiveFrom }),
            },
          },
        },
      );
      return versionOf(done);
    },

    async publications(id) {
      return (
        (await heads.findOne({ _id: id }, { published: 1 }).lean<HeadDocument>())?.published ?? []
      );
    },

    async current(id) {
      const head = await heads.findOne({ _id: id }).lean<HeadDocument>();
      return head?.current === undefined ? null : await library.find(id, head.current);
    },

    async find(id, version) {
      const found = await versions
        .findOne({ _id: versionRef(id, version) })
        .lean<VersionDocument>();
      return found && versionOf(found);
    },

    async versions(id) {
      const head = await heads.findOne({ _id: id }).lean<HeadDocument>();
      const ids = Array.from({ length: head?.latest ?? 0 }, (_, i) => versionRef(id, i + 1));
      const found = await versions.find({ _id: { $in: ids } }).lean<VersionDocument[]>();
      return found.map(versionOf).sort((a, b) => b.version - a.version);
    },

    async list() {
      const all = await heads.find().sort({ _id: 1 }).lean<HeadDocument[]>();
      // Read by head and not by the newest number: a crash can leave a number without a version.
      const newest = await Promise.all(
        all.map(async ({ _id }) => (await library.versions(_id))[0]),
      );
      return newest.filter((version) => version !== undefined);
    },
  };
  return guarded(library);
}
