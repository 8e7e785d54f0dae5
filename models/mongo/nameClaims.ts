// Claims of names over MongoDB.

import { type Connection, type Model, Schema } from 'mongoose';
import type { NameClaim, NameClaimStore } from '../../ports/nameClaims';
import { citiesOfClaim } from '../claimCities';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface NameClaimDocument extends Omit<NameClaim, 'claimId'> {
  readonly _id: string;
  readonly cities: readonly string[];
}

const free = Schema.Types.Mixed;

const schema = new Schema(
  {
    _id: { type: String, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    cities: { type: [String], required: true },
    name: { type: free, required: true },
    holders: { type: [free], required: true },
    by: { type: String, required: true },
    at: { type: String, required: true },
    state: { type: String, enum: ['waiting', 'granted', 'refused'], required: true },
    decision: free,
  },
  { collection: 'nameClaims', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ state: 1, _id: 1 });

export function nameClaimModel(connection: Connection): Model<NameClaimDocument> {
  return modelOf(connection, 'NameClaim', schema);
}

export function createNameClaimStore(connection: Connection): NameClaimStore {
  const claims = nameClaimModel(connection);

  return guarded<NameClaimStore>({
    async keep(given) {
      if (given.length > 0) await insertNew(claims, given.map(documentOf));
    },

    async find(claimId) {
      const found = await claims.findOne({ _id: claimId }).lean<NameClaimDocument>();
      return found && claimOf(found);
    },

    async list({ state, cities, after, limit }) {
      const filter = {
        ...(state !== undefined && { state }),
        ...(after !== undefined && { _id: { $gt: after } }),
        ...(cities && { cities: { $in: [...cities] } }),
      };
      const found = await claims
        .find(filter)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<NameClaimDocument[]>();
      return found.map(claimOf);
    },

    async decide(claimId, state, decision) {
      const filter = { _id: claimId, state: 'waiting' as const };
      const { matchedCount } = await claims.updateOne(filter, { $set: { state, decision } });
      return matchedCount === 1;
    },
  });
}

const documentOf = (claim: NameClaim): NameClaimDocument => {
  const { claimId, ...rest } = claim;
  return { _id: claimId, ...rest, cities: citiesOfClaim(claim) };
};

const claimOf = ({ _id, cities: _cities, ...claim }: NameClaimDocument): NameClaim => ({
  claimId: _id,
  ...claim,
});
