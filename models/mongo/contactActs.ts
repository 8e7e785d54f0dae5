// Acts about contacts over MongoDB.

import { type Connection, type Model, Schema } from 'mongoose';
import type { ContactAct, ContactActStore } from '../../ports/contactActs';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface ContactActDocument extends Omit<ContactAct, 'actId'> {
  readonly _id: string;
}

const free = Schema.Types.Mixed;

const schema = new Schema(
  {
    _id: { type: String, required: true },
    contactId: { type: String, required: true },
    kind: { type: String, required: true },
    other: String,
    by: { type: String, required: true },
    at: { type: String, required: true },
    reason: String,
    before: free,
    after: free,
  },
  { collection: 'contactActs', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ contactId: 1, at: 1 });
schema.index({ other: 1, at: 1 }, { sparse: true });

export function contactActModel(connection: Connection): Model<ContactActDocument> {
  return modelOf(connection, 'ContactAct', schema);
}

export function createContactActStore(connection: Connection): ContactActStore {
  const acts = contactActModel(connection);

  return guarded<ContactActStore>({
    async record({ actId, ...act }) {
      await insertNew(acts, [{ _id: actId, ...act }]);
    },
    async ofContact(contactId) {
      const found = await acts
        .find({ $or: [{ contactId }, { other: contactId }] })
        .sort({ at: 1, _id: 1 })
        .lean<ContactActDocument[]>();
      return found.map(({ _id, ...act }) => ({ actId: _id, ...act }));
    },
  });
}
