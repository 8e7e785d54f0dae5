// What was said from addresses, a document each, over MongoDB.

import { type Connection, type Model, Schema } from 'mongoose';
import type { AddressHold, AddressStore } from '../../ports/addresses';
import type { AddressWords, ConsentStatement } from '../../rules/contact/consentLog';
import { joinedWords } from '../../rules/contact/forgottenRefusals';
import { hashOfName, type Pseudonyms } from '../../rules/ledger/subject';
import { aliasKey } from '../aliasMoves';
import { guarded } from './failures';
import { modelOf } from './model';

export interface AddressDocument {
  readonly _id: string;
  readonly statements?: readonly ConsentStatement[];
  readonly holds?: readonly AddressHold[];
  /** See `AddressWords`; of hashed names only. */
  readonly endedLife?: number;
}

const free = Schema.Types.Mixed;

const schema = new Schema(
  {
    _id: { type: String, required: true },
    statements: { type: [free], default: undefined },
    holds: { type: [free], default: undefined },
    endedLife: Number,
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
async function wordsOf(
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

const wordsFrom = ({ statements = [], holds = [], endedLife }: AddressDocument): AddressWords => ({
  statements,
  heldChannels: [...new Set(holds.map(({ channel }) => channel))].sort(),
  ...(endedLife !== undefined && { endedLife }),
});

/** By the keys of addresses; what is bound to the hash of a name counts as said from it. */
export interface AddressReader {
  wordsOf(keys: readonly string[]): Promise<ReadonlyMap<string, AddressWords>>;
}

/** @param subjectOf absent: nobody was forgotten. */
export function createAddressReader(
  connection: Connection,
  subjectOf: Pseudonyms | undefined,
): AddressReader {
  const addresses = addressModel(connection);
  if (!subjectOf) return { wordsOf: (keys) => wordsOf(addresses, keys) };

  return {
    async wordsOf(keys) {
      const hashes = new Map(keys.map((key) => [key, hashOfName(subjectOf, key)]));
      const found = await wordsOf(addresses, [...hashes].flat());

      const said = [...hashes].flatMap(([key, hash]) => {
        const [own, forgotten] = [found.get(key), found.get(hash)];
        return own || forgotten ? [[key, joinedWords(own, forgotten)] as const] : [];
      });
      return new Map(said.sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}
