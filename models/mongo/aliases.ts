// Other names of contacts, each a document of its own, so that finding a contact by phone or WeCom id is a look-up by key.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Alias } from '../../ports/contacts';
import { aliasKey, aliasMoves, type NamesChanged } from '../aliasMoves';
import { modelOf } from './model';

interface AliasDocument {
  readonly _id: string;
  readonly contactId: string;
}

const schema = new Schema<AliasDocument>(
  { _id: { type: String, required: true }, contactId: { type: String, required: true } },
  { collection: 'aliases', versionKey: false, strict: 'throw' },
);

export function aliasModel(connection: Connection): Model<AliasDocument> {
  return modelOf(connection, 'Alias', schema);
}

export interface Aliases {
  find(alias: Alias): Promise<string | null>;
  /** Contact ids, in no order. */
  findMany(aliases: readonly Alias[]): Promise<string[]>;
  /** Makes names follow profiles that changed, in the given order: of two contacts with one name the later has it. */
  follow(changes: readonly NamesChanged[]): Promise<void>;
}

export function createAliases(connection: Connection): Aliases {
  const aliases = aliasModel(connection);
  return {
    async find(alias) {
      const found = await aliases.findOne({ _id: aliasKey(alias) }).lean();
      return found?.contactId ?? null;
    },

    async findMany(asked) {
      const found = await aliases.find({ _id: { $in: asked.map(aliasKey) } }).lean();
      return found.map(({ contactId }) => contactId);
    },

    async follow(changes) {
      const writes = changes.flatMap((change) => {
        const { released, claimed } = aliasMoves(change);
        const { contactId } = change.after;

        return [
          // Only its own: another contact may have taken the name meanwhile.
          ...released.map((_id) => ({ deleteOne: { filter: { _id, contactId } } })),
          ...claimed.map((_id) => ({
            updateOne: { filter: { _id }, update: { $set: { contactId } }, upsert: true },
          })),
        ];
      });
      if (writes.length > 0) await aliases.bulkWrite(writes, { ordered: true });
    },
  };
}
