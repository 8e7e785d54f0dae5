// What was said from addresses, a document each, over MongoDB.

import { type Connection, type Model, Schema } from 'mongoose';
import type { AddressHold, AddressStore } from '../../ports/addresses';
import type { AddressWords, ConsentStatement } from '../../rules/contact/consentLog';
import { aliasKey } from '../aliasMoves';
import { guarded } from './failures';
import { modelOf } from './model';

export interface AddressDocument {
  readonly _id: string;
  readonly statements?: readonly ConsentStatement[];
  readonly holds?: readonly AddressHold[];
}

const free = Schema.Types.Mixed;

const schema = new Schema(
  {
    _id: { type: String, required: true },
    statements: { type: [free], default: undefined },
    holds: { type: [free], default: undefined },
  },
  { collection: 'addresses', versionKey: false, minimize: false, strict: 'throw', id: false },
);

export function addressModel(connection: Connection): Model<AddressDocument> {
  return modelOf(connection, 'Address', schema);
}

export function createAddressStore(connection: Connection): AddressStore {
  const addresses = addressModel(connection);
  const upsert = { upsert: true };

  return guarded<AddressStore>({
    async tell(address, statement) {
      const _id = aliasKey(address);
      // Its fields in one order: sets compare documents by it.
      const said = Object.fromEntries(Object.entries({ ...statement, address: _id }).sort());
      await addresses.updateOne({ _id }, { $addToSet: { statements: said } }, upsert);
    },

    async hold(address, { channel, reply }) {
      const _id = aliasKey(address);
      await addresses.updateOne({ _id }, { $addToSet: { holds: { channel, reply } } }, upsert);
    },

    async release(address, reply) {
      await addresses.updateOne({ _id: aliasKey(address) }, { $pull: { holds: { reply } } });
    },

    async find(address) {
      const words = await wordsOf(addresses, [aliasKey(address)]);
      return words.get(aliasKey(address)) ?? null;
    },
  });
}

/** What was said from each of these, by their keys; of one that never said anything there is none. */
export async function wordsOf(
  addresses: Model<AddressDocument>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, AddressWords>> {
  if (keys.length === 0) return new Map();

  const found = await addresses
    .find({ _id: { $in: [...keys] } })
    .sort({ _id: 1 })
    .lean<AddressDocument[]>();
  return new Map(found.map((document) => [document._id, wordsFrom(document)]));
}

const wordsFrom = ({ statements = [], holds = [] }: AddressDocument): AddressWords => ({
  statements,
  heldChannels: [...new Set(holds.map(({ channel }) => channel))].sort(),
});
