// Other names of contacts, each a document of its own, so that finding the contacts of a phone or WeCom id is a look-up by key.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Alias, SharedName } from '../../ports/contacts';
import { aliasKey, aliasMoves, aliasOf, type NamesChanged } from '../aliasMoves';
import { modelOf } from './model';

interface AliasDocument {
  readonly _id: string;
  readonly contactIds?: readonly string[];
  /** Its only contact, as an earlier version wrote it. */
  readonly contactId?: string;
}

const schema = new Schema<AliasDocument>(
  {
    _id: { type: String, required: true },
    contactIds: { type: [String], default: undefined },
    contactId: String,
  },
  { collection: 'aliases', versionKey: false, strict: 'throw' },
);
schema.index({ 'contactIds.1': 1, _id: 1 }, { sparse: true }); // names that several have

export function aliasModel(connection: Connection): Model<AliasDocument> {
  return modelOf(connection, 'Alias', schema);
}

export interface Aliases {
  /** Ids of the contacts that have any of these names, ascending. */
  find(aliases: readonly Alias[]): Promise<string[]>;
  /** Of each name the ids of its contacts, ascending. */
  findEach(aliases: readonly Alias[]): Promise<string[][]>;
  /** Names with several contacts, by key, after `after`. */
  shared(after: string | null, limit: number): Promise<SharedName[]>;
  /** Gives contacts their new names. Before they are written: who looks for a name must not miss one who has it already. */
  claim(changes: readonly NamesChanged[]): Promise<void>;
  /** Takes from contacts the names that they gave up. */
  release(changes: readonly NamesChanged[]): Promise<void>;
}

export function createAliases(connection: Connection): Aliases {
  const aliases = aliasModel(connection);
  return {
    async find(asked) {
      const found = await aliases.find({ _id: { $in: asked.map(aliasKey) } }).lean();
      return [...new Set(found.flatMap(holdersOf))].sort();
    },

    async findEach(asked) {
      const found = await aliases.find({ _id: { $in: asked.map(aliasKey) } }).lean();
      const holders = new Map(found.map((name) => [name._id, holdersOf(name)]));
      return asked.map((alias) => [...new Set(holders.get(aliasKey(alias)))].sort());
    },

    async shared(after, limit) {
      const found = await aliases
        .find({ 'contactIds.1': { $exists: true }, _id: { $gt: after ?? '' } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean();
      return found.map((name) => ({
        key: name._id,
        name: aliasOf(name._id),
        contactIds: [...new Set(holdersOf(name))].sort(),
      }));
    },

    async claim(changes) {
      const writes = changes.flatMap((change) =>
        aliasMoves(change).claimed.map((_id) => ({
          updateOne: {
            filter: { _id },
            update: { $addToSet: { contactIds: change.after.contactId } },
            upsert: true,
          },
        })),
      );
      if (writes.length > 0) await aliases.bulkWrite(writes, { ordered: true });
    },

    async release(changes) {
      const writes = changes.flatMap((change) =>
        aliasMoves(change).released.flatMap((_id) => releaseOf(_id, change.after.contactId)),
      );
      if (writes.length > 0) await aliases.bulkWrite(writes, { ordered: true });
    },
  };
}

const holdersOf = ({ contactIds = [], contactId }: AliasDocument): string[] =>
  contactId === undefined ? [...contactIds] : [...contactIds, contactId];

/** A name that nobody has any more goes. */
const releaseOf = (_id: string, contactId: string) => [
  { updateOne: { filter: { _id, contactId }, update: { $unset: { contactId: '' as const } } } },
  { updateOne: { filter: { _id }, update: { $pull: { contactIds: contactId } } } },
  { deleteOne: { filter: { _id, contactId: { $exists: false }, contactIds: { $size: 0 } } } },
];
