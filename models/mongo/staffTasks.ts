// Tasks of staff over MongoDB: one document each, changed only while it is open.

import { type Connection, type Model, Schema } from 'mongoose';
import type {
  NewStaffTask,
  StaffTask,
  StaffTaskFilter,
  StaffTaskNumber,
  StaffTaskStore,
} from '../../ports/staffTasks';
import { referredId } from '../../rules/base/ids';
import { STAFF_TASK_STATES, type StaffTaskAct } from '../../rules/contact/staffTask';
import { STAFF_ACTIONS } from '../../rules/sequence/sequence';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

export interface StaffTaskDocument extends Omit<StaffTask, 'taskId'> {
  readonly _id: string;
  /** ISO: when it is to be done, as it stands now. */
  readonly nextAt: string;
  /** Of all versions. */
  readonly sequenceId: string;
  /** True: the run that asked for it is to be told of the last act. */
  readonly isUntold?: true;
}

interface NumberGroup {
  readonly _id: Pick<StaffTaskNumber, 'sequence' | 'step' | 'state'>;
  readonly count: number;
}

const free = Schema.Types.Mixed;

const schema = new Schema<StaffTaskDocument>(
  {
    _id: { type: String, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    staffId: String,
    kind: { type: String, enum: STAFF_ACTIONS, required: true },
    origin: { type: free, required: true },
    words: free,
    openedAt: { type: String, required: true },
    dueAt: { type: String, required: true },
    dueBy: String,
    expiresAt: { type: String, required: true },
    state: { type: String, enum: STAFF_TASK_STATES, required: true },
    postponedUntil: String,
    acts: { type: [free], required: true },
    nextAt: { type: String, required: true },
    sequenceId: { type: String, required: true },
    isUntold: Boolean,
  } as object,
  { collection: 'staffTasks', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ staffId: 1, state: 1, nextAt: 1, _id: 1 });
schema.index({ city: 1, state: 1, nextAt: 1, _id: 1 });
schema.index({ state: 1, nextAt: 1, _id: 1 });
schema.index({ state: 1, expiresAt: 1 });
schema.index({ contactId: 1 });
schema.index({ isUntold: 1, _id: 1 });
schema.index({ sequenceId: 1 });

export function staffTaskModel(connection: Connection): Model<StaffTaskDocument> {
  return modelOf(connection, 'StaffTask', schema);
}

export function createStaffTaskStore(connection: Connection): StaffTaskStore {
  const tasks = staffTaskModel(connection);

  return guarded<StaffTaskStore>({
    async open(given) {
      await insertNew(tasks, given.map(newDocument));
    },

    async find(taskId) {
      const found = await tasks.findOne({ _id: taskId }).lean<StaffTaskDocument>();
      return found && taskOf(found);
    },

    list: async (filter) =>
      read(
        await tasks
          .find(filterOf(filter))
          .sort({ nextAt: 1, _id: 1 })
          .limit(filter.limit)
          .lean<StaffTaskDocument[]>(),
      ),

    act: (taskId, act) => actOn(tasks, taskId, act, { isUntold: true }),
    actOfRun: (taskId, act) => actOn(tasks, taskId, act, {}),

    expired: async (by, limit) =>
      read(
        await tasks
          .find({ state: 'open', expiresAt: { $lte: by } })
          .sort({ expiresAt: 1 })
          .limit(limit)
          .lean<StaffTaskDocument[]>(),
      ),

    untold: async (after, limit) =>
      read(
        await tasks
          .find({ isUntold: true, ...(after !== null && { _id: { $gt: after } }) })
          .sort({ _id: 1 })
          .limit(limit)
          .lean<StaffTaskDocument[]>(),
      ),

    async told(taskId, acts) {
      await tasks.updateOne({ _id: taskId, acts: { $size: acts } }, { $unset: { isUntold: '' } });
    },

    numbers: (sequenceId, scope) => numbersOf(tasks, sequenceId, scope?.cities),
  });
}

async function actOn(
  tasks: Model<StaffTaskDocument>,
  taskId: string,
  act: StaffTaskAct,
  untold: Pick<StaffTaskDocument, 'isUntold'>,
): Promise<boolean> {
  const { modifiedCount } = await tasks.updateOne(
    { _id: taskId, state: 'open' },
    { $set: { ...changeBy(act), ...untold }, $push: { acts: act } },
  );
  return modifiedCount === 1;
}

function changeBy({ did, until }: StaffTaskAct): Partial<StaffTaskDocument> {
  if (did !== 'postponed') return { state: did };
  return until === undefined ? {} : { postponedUntil: until, nextAt: until };
}

function filterOf(filter: StaffTaskFilter): object {
  const { staffId, contactId, kind, state, cities, dueBefore, after } = filter;
  return {
    ...(staffId !== undefined && { staffId }),
    ...(contactId !== undefined && { contactId }),
    ...(kind !== undefined && { kind }),
    ...(state !== undefined && { state }),
    ...(cities && { city: { $in: [...cities] } }),
    ...(dueBefore !== undefined && { nextAt: { $lt: dueBefore } }),
    ...(after && {
      $or: [{ nextAt: { $gt: after.dueAt } }, { nextAt: after.dueAt, _id: { $gt: after.taskId } }],
    }),
  };
}

async function numbersOf(
  tasks: Model<StaffTaskDocument>,
  sequenceId: string | undefined,
  cities: readonly string[] | undefined,
): Promise<StaffTaskNumber[]> {
  const groups = await tasks.aggregate<NumberGroup>([
    {
      $match: {
        ...(sequenceId !== undefined && { sequenceId }),
        ...(cities && { city: { $in: [...cities] } }),
      },
    },
    {
      $group: {
        _id: { sequence: '$origin.sequence', step: '$origin.step', state: '$state' },
        count: { $sum: 1 },
      },
    },
  ]);

  return groups.map(({ _id: { sequence, step, state }, count }) => ({
    ...{ sequence, step, state, count },
  }));
}

const newDocument = ({ taskId, ...task }: NewStaffTask): StaffTaskDocument => ({
  _id: taskId,
  ...task,
  state: 'open',
  acts: [],
  nextAt: task.dueAt,
  sequenceId: referredId(task.origin.sequence),
});

const read = (found: readonly StaffTaskDocument[]): StaffTask[] => found.map(taskOf);

function taskOf(document: StaffTaskDocument): StaffTask {
  const { _id, nextAt: _next, sequenceId: _sequence, isUntold: _untold, ...task } = document;
  return { taskId: _id, ...task };
}
