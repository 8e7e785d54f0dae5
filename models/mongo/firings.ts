// When triggers fired for contacts, over MongoDB: one document a contact, changed against its revision.

import { type Connection, type Model, Schema } from 'mongoose';
import type { FiringStore } from '../../ports/firings';
import { type Firing, withFirings } from '../../rules/trigger/firing';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface FiringDocument {
  /** The contact. */
  readonly _id: string;
  readonly firings: readonly Firing[];
  readonly revision: number;
}

const schema = new Schema<FiringDocument>(
  {
    _id: { type: String, required: true },
    firings: { type: [Schema.Types.Mixed], required: true },
    revision: { type: Number, required: true },
  },
  { collection: 'triggerFirings', versionKey: false, strict: 'throw', id: false },
);

export function firingModel(connection: Connection): Model<FiringDocument> {
  return modelOf(connection, 'TriggerFiring', schema);
}

export function createFiringStore(connection: Connection): FiringStore {
  const documents = firingModel(connection);

  return guarded<FiringStore>({
    async of(contactId) {
      const found = await documents.findOne({ _id: contactId }).lean<FiringDocument>();
      return { firings: found?.firings ?? [], revision: found?.revision ?? 0 };
    },

    async ofMany(contactIds) {
      const found = await documents
        .find({ _id: { $in: [...contactIds] } })
        .lean<FiringDocument[]>();
      return new Map(found.map(({ _id, firings }) => [_id, firings]));
    },

    async add(contactId, further, { revision }, forgetBefore) {
      if (revision === 0) {
        const firings = withFirings([], further, forgetBefore);
        const [isNew = false] = await insertNew(documents, [
          { _id: contactId, firings, revision: 1 },
        ]);
        return isNew;
      }

      const known = { _id: contactId, revision };
      const found = await documents.findOne(known).lean<FiringDocument>();
      if (!found) return false;

      const firings = withFirings(found.firings, further, forgetBefore);
      const { modifiedCount } = await documents.updateOne(known, {
        $set: { firings },
        $inc: { revision: 1 },
      });
      return modifiedCount === 1;
    },
  });
}
