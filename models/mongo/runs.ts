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

type RunFilter = Parameters<RunStore['list']>[0];

interface RunGroup {
  readonly _id: Pick<RunRecord, 'journey' | 'state'> & { readonly outcome?: string | null };
  readonly count: number;
}

const runs = new Schema<RunDocument>(
  {
    _id: { type: String, required: true },
    journey: { type: String, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    staffId: String,
    entry: String,
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

type NewRun = Omit<RunRecord, 'state'>;

interface RunStoreState {
  readonly runs: Model<RunDocument>;
  readonly contactRuns: Model<ContactRunsDocument>;
}

export function createRunStore(connection: Connection): RunStore {
  const state: RunStoreState = runModels(connection);

  return guarded<RunStore>({
    open: (run) => openRun(state, run),
    openNew: (run) => openNewRun(state, run),
    close: (workflowId, outcome, closedAt) => closeRun(state, workflowId, outcome, closedAt),
    find: (workflowId) => findRun(state, workflowId),
    ofContact: (contactId) => runsOfContact(state, contactId),
    handOver: (contactId, to, workflowIds) => handOverRuns(state, contactId, to, workflowIds),
    runningOf: (contactIds) => runningRunsOf(state, contactIds),
    list: (filter) => listRuns(state, filter),
    totals: () => runTotals(state),
  });
}

async function openRun(state: RunStoreState, { workflowId, ...run }: NewRun): Promise<void> {
  const { runs } = state;
  await listForContact(state, run.contactId, workflowId);

  const $set = { ...run, state: 'running' as const };
  const $unset = { ...(run.staffId === undefined && { staffId: '' }), outcome: '', closedAt: '' };
  const otherEntry = run.entry === undefined ? {} : { entry: { $ne: run.entry } };
  const again = await runs.updateOne(
    { _id: workflowId, state: 'closed', ...otherEntry },
    { $set, $unset },
  );
  if (again.matchedCount > 0) return;

  const going = await runs.updateOne({ _id: workflowId, state: 'running' }, { $set });
  if (going.matchedCount === 0) await insertRun(state, workflowId, run);
}

async function openNewRun(state: RunStoreState, { workflowId, ...run }: NewRun): Promise<void> {
  await listForContact(state, run.contactId, workflowId);
  await insertRun(state, workflowId, run);
}

/** Before the run's own row: an id without a run is passed over, a run without its id would never be found. */
async function listForContact(
  { contactRuns }: RunStoreState,
  contactId: string,
  workflowId: string,
): Promise<void> {
  await contactRuns.updateOne(
    { _id: contactId },
    { $addToSet: { runs: workflowId } },
    { upsert: true },
  );
}

/** Changes nothing of a row that is there. */
async function insertRun(
  { runs }: RunStoreState,
  workflowId: string,
  run: Omit<NewRun, 'workflowId'>,
): Promise<void> {
  const $setOnInsert = { ...run, state: 'running' as const };
  await runs.updateOne({ _id: workflowId }, { $setOnInsert }, { upsert: true });
}

async function closeRun(
  { runs }: RunStoreState,
  workflowId: string,
  outcome: string,
  closedAt: string,
): Promise<void> {
  await runs.updateOne({ _id: workflowId }, { $set: { state: 'closed', outcome, closedAt } });
}

async function findRun({ runs }: RunStoreState, workflowId: string): Promise<RunRecord | null> {
  const found = await runs.findOne({ _id: workflowId }).lean<RunDocument>();
  return found && runFromDocument(found);
}

async function runningRunsOf(
  { runs, contactRuns }: RunStoreState,
  contactIds: readonly string[],
): Promise<RunRecord[]> {
  const listed = await contactRuns
    .find({ _id: { $in: [...new Set(contactIds)] } })
    .lean<ContactRunsDocument[]>();
  const ids = listed.flatMap((each) => each.runs);
  if (ids.length === 0) return [];

  const found = await runs.find({ _id: { $in: ids }, state: 'running' }).lean<RunDocument[]>();
  return found.map(runFromDocument);
}

async function handOverRuns(
  state: RunStoreState,
  contactId: string,
  to: string,
  workflowIds?: readonly string[],
): Promise<void> {
  const ids = [...(workflowIds ?? (await runIdsOf(state, contactId)))];
  if (ids.length === 0) return;

  const update = { $addToSet: { runs: { $each: ids } } };
  await state.contactRuns.updateOne({ _id: to }, update, { upsert: true });
  await state.runs.updateMany({ _id: { $in: ids }, contactId }, { $set: { contactId: to } });
  await state.contactRuns.updateOne({ _id: contactId }, { $pull: { runs: { $in: ids } } });
}

async function runsOfContact(state: RunStoreState, contactId: string): Promise<RunRecord[]> {
  const ids = await runIdsOf(state, contactId);
  const found = await state.runs.find({ _id: { $in: [...ids] } }).lean<RunDocument[]>();
  return found.map(runFromDocument).sort(latestFirst);
}

function latestFirst(a: RunRecord, b: RunRecord): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
  return a.workflowId < b.workflowId ? -1 : 1;
}

async function listRuns(
  state: RunStoreState,
  { journey, contactId, cities, state: runState, after = '', limit }: RunFilter,
): Promise<RunRecord[]> {
  const ids = contactId === undefined ? undefined : await runIdsOf(state, contactId);
  const left = ids?.filter((id) => id > after);

  const found = await state.runs
    .find({
      _id: left ? { $in: left } : { $gt: after },
      ...(journey && { journey }),
      ...(cities && { city: { $in: [...cities] } }),
      ...(runState && { state: runState }),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<RunDocument[]>();

  return found.map(runFromDocument);
}

async function runTotals({ runs }: RunStoreState): ReturnType<RunStore['totals']> {
  const groups = await runs.aggregate<RunGroup>([
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
}

async function runIdsOf(
  { contactRuns }: RunStoreState,
  contactId: string,
): Promise<readonly string[]> {
  const found = await contactRuns.findOne({ _id: contactId }).lean<ContactRunsDocument>();
  return found?.runs ?? [];
}

const runFromDocument = ({ _id, ...run }: RunDocument): RunRecord => ({ workflowId: _id, ...run });
