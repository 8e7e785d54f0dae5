// Journey runs as a read model, and per contact the ids of its runs, so that those of a contact are found by keys alone.

import { type Connection, type Model, Schema } from 'mongoose';
import type { RunRecord, RunStore } from '../../ports/runs';
import { guarded } from './failures';
import { modelOf } from './model';

interface RunDocument extends Omit<RunRecord, 'workflowId'> {
  readonly _id: string;
}

interface ContactRunsDocument {
  readonly _id: string;
  readonly runs: readonly string[];
}

const runs = new Schema<RunDocument>(
  {
    _id: { type: String, required: true },
    journey: { type: String, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    staffId: String,
    state: { type: String, enum: ['running', 'closed'], required: true },
    outcome: String,
    startedAt: { type: String, required: true },
    closedAt: String,
  },
  { collection: 'runs', versionKey: false, strict: 'throw', id: false },
);
runs.index({ journey: 1, state: 1, _id: 1 });
runs.index({ city: 1, _id: 1 });

const contactRuns = new Schema<ContactRunsDocument>(
  { _id: { type: String, required: true }, runs: { type: [String], required: true } },
  { collection: 'contactRuns', versionKey: false, strict: 'throw', id: false },
);

export function runModels(connection: Connection): {
  runs: Model<RunDocument>;
  contactRuns: Model<ContactRunsDocument>;
} {
  return {
    runs: modelOf(connection, 'Run', runs),
    contactRuns: modelOf(connection, 'ContactRuns', contactRuns),
  };
}

const runOf = ({ _id, ...run }: RunDocument): RunRecord => ({ workflowId: _id, ...run });

export function createRunStore(connection: Connection): RunStore {
  const { runs, contactRuns } = runModels(connection);

  const idsOf = async (contactId: string): Promise<readonly string[]> =>
    (await contactRuns.findOne({ _id: contactId }).lean<ContactRunsDocument>())?.runs ?? [];

  const store: RunStore = {
    async open({ workflowId, ...run }) {
      // The list first: an id without a run is passed over, a run without its id would never be found.
      await contactRuns.updateOne(
        { _id: run.contactId },
        { $addToSet: { runs: workflowId } },
        { upsert: true },
      );
      const $set = { ...run, state: 'running' as const };
      const again = await runs.updateOne(
        { _id: workflowId, state: 'closed' },
        { $set, $unset: { outcome: '', closedAt: '' } },
      );
      if (again.matchedCount === 0)
        await runs.updateOne({ _id: workflowId }, { $set }, { upsert: true });
    },

    async close(workflowId, outcome, closedAt) {
      await runs.updateOne({ _id: workflowId }, { $set: { state: 'closed', outcome, closedAt } });
    },

    async find(workflowId) {
      const found = await runs.findOne({ _id: workflowId }).lean<RunDocument>();
      return found && runOf(found);
    },

    async ofContact(contactId) {
      const found = await runs
        .find({ _id: { $in: [...(await idsOf(contactId))] } })
        .lean<RunDocument[]>();
      return found
        .map(runOf)
        .sort((a, b) =>
          a.startedAt < b.startedAt
            ? 1
            : a.startedAt > b.startedAt
              ? -1
              : a.workflowId < b.workflowId
                ? -1
                : 1,
        );
    },

    async list({ journey, contactId, cities, state, after = '', limit }) {
      const ids =
        contactId === undefined ? undefined : (await idsOf(contactId)).filter((id) => id > after);
      const found = await runs
        .find({
          _id: ids ? { $in: ids } : { $gt: after },
          ...(journey && { journey }),
          ...(cities && { city: { $in: [...cities] } }),
          ...(state && { state }),
        })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<RunDocument[]>();
      return found.map(runOf);
    },

    async totals() {
      const groups = await runs.aggregate<{
        _id: Pick<RunRecord, 'journey' | 'state'> & { outcome?: string | null };
        count: number;
      }>([
        {
          $group: {
            _id: { journey: '$journey', state: '$state', outcome: '$outcome' },
            count: { $sum: 1 },
          },
        },
      ]);
      return groups.map(({ _id: { journey, state, outcome }, count }) => ({
        journey,
        state,
        ...(outcome != null && { outcome }),
        count,
      }));
    },
  };
  return guarded(store);
}
