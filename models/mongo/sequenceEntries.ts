// Entries into sequences over MongoDB: one document each. Its id begins with sequence and contact, so that those of a contact are
// found by keys alone.

import { type Connection, type Model, Schema } from 'mongoose';
import type {
  SequenceEntry,
  SequenceEntryFilter,
  SequenceEntryNumber,
  SequenceEntryStore,
} from '../../ports/sequenceEntries';
import { SEQUENCE_ENTRY_STATES } from '../../rules/journey/reentry';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { present } from './plain';

interface SequenceEntryDocument extends Omit<SequenceEntry, 'entryId'> {
  readonly _id: string;
}

interface NumberGroup {
  readonly _id: Pick<SequenceEntryNumber, 'version' | 'state'> & {
    readonly reason?: string | null;
    readonly outcome?: string | null;
  };
  readonly count: number;
}

const schema = new Schema<SequenceEntryDocument>(
  {
    _id: { type: String, required: true },
    sequenceId: { type: String, required: true },
    version: { type: Number, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    staffId: String,
    ordinal: { type: Number, required: true },
    occasion: { type: String, required: true },
    entry: { type: String, required: true },
    at: { type: String, required: true },
    askedAt: { type: String, required: true },
    workflowId: { type: String, required: true },
    state: { type: String, enum: SEQUENCE_ENTRY_STATES, required: true },
    reason: String,
    outcome: String,
    endedAt: String,
  },
  { collection: 'sequenceEntries', versionKey: false, strict: 'throw', id: false },
);
schema.index({ sequenceId: 1, contactId: 1 });
schema.index({ contactId: 1 });
schema.index({ workflowId: 1 });
schema.index({ state: 1, askedAt: 1 });
schema.index({ sequenceId: 1, state: 1, _id: 1 });

export function sequenceEntryModel(connection: Connection): Model<SequenceEntryDocument> {
  return modelOf(connection, 'SequenceEntry', schema);
}

export function createSequenceEntryStore(connection: Connection): SequenceEntryStore {
  const entries = sequenceEntryModel(connection);

  return guarded<SequenceEntryStore>({
    async find(entryId) {
      const [found = null] = read(
        await entries.find({ _id: entryId }).limit(1).lean<SequenceEntryDocument[]>(),
      );
      return found;
    },

    of: async (sequenceId, contactIds) =>
      read(
        await entries
          .find({
            ...(sequenceId !== null && { sequenceId }),
            contactId: { $in: [...contactIds] },
          })
          .lean<SequenceEntryDocument[]>(),
      ),

    async add({ entryId, ...entry }) {
      const [isNew = false] = await insertNew(entries, [{ _id: entryId, ...present(entry) }]);
      return isNew;
    },

    async begun(entryId) {
      await entries.updateOne({ _id: entryId, state: 'admitted' }, { $set: { state: 'running' } });
    },

    async ended({ workflowId, entry }, outcome, endedAt) {
      await entries.updateMany(
        { workflowId, entry, state: { $in: ['admitted', 'running'] } },
        { $set: { state: 'ended', outcome, endedAt } },
      );
    },

    unstarted: async (before, limit) =>
      read(
        await entries
          .find({ state: 'admitted', askedAt: { $lt: before } })
          .limit(limit)
          .lean<SequenceEntryDocument[]>(),
      ),

    list: async (filter) =>
      read(
        await entries
          .find(filterOf(filter))
          .sort({ _id: 1 })
          .limit(filter.limit)
          .lean<SequenceEntryDocument[]>(),
      ),

    numbers: (sequenceId, scope) => numbersOf(entries, sequenceId, scope?.cities),
  });
}

function filterOf(filter: SequenceEntryFilter): object {
  const { sequenceId, version, contactId, state, cities, after } = filter;
  return {
    sequenceId,
    ...(version !== undefined && { version }),
    ...(contactId !== undefined && { contactId }),
    ...(state !== undefined && { state }),
    ...(cities && { city: { $in: [...cities] } }),
    ...(after !== undefined && { _id: { $gt: after } }),
  };
}

async function numbersOf(
  entries: Model<SequenceEntryDocument>,
  sequenceId: string,
  cities: readonly string[] | undefined,
): Promise<SequenceEntryNumber[]> {
  const groups = await entries.aggregate<NumberGroup>([
    { $match: { sequenceId, ...(cities && { city: { $in: [...cities] } }) } },
    {
      $group: {
        _id: { version: '$version', state: '$state', reason: '$reason', outcome: '$outcome' },
        count: { $sum: 1 },
      },
    },
  ]);

  return groups.map(({ _id: { version, state, reason, outcome }, count }) => ({
    version,
    state,
    ...(reason != null && { reason }),
    ...(outcome != null && { outcome }),
    count,
  }));
}

const read = (found: readonly SequenceEntryDocument[]): SequenceEntry[] =>
  found.map(({ _id, ...entry }) => ({ entryId: _id, ...entry }));
