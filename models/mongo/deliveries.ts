// Deliveries over MongoDB: one document a touch, holding its latest attempt.

import { type Connection, type Model, Schema } from 'mongoose';
import type {
  DeliveryAnswer,
  DeliveryRecord,
  DeliveryStore,
  Opened,
  OpenedRef,
  OpenTaskRecord,
  OpenTasksFilter,
  RewordedTask,
} from '../../ports/deliveries';
import { CodedError } from '../../rules/base/errors';
import { answeredBy, isOpenedBy, isReplacedBy, notOpenedBy } from '../openDeliveries';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { removeOldest } from './removals';

interface DeliveryDocument extends Omit<DeliveryRecord, 'touchId'> {
  readonly _id: string;
}

const MAX_RACES = 50;

const schema = new Schema<DeliveryDocument>(
  {
    _id: { type: String, required: true },
    contactId: { type: String, required: true },
    text: { type: String },
    phone: String,
    externalUserId: String,
    staffId: String,
    welcomeCode: String,
    askedAt: { type: Number, required: true },
    expiresAt: Number,
    attempt: { type: Number, required: true },
    channel: { type: String, required: true },
    workflowId: { type: String, required: true },
    template: String,
    fence: Number,
    inDoubtSince: Number,
    answer: Schema.Types.Mixed,
    openTask: String,
    settleBy: Number,
    replaces: String,
  },
  { collection: 'deliveries', versionKey: false, strict: 'throw', id: false },
);

schema.index({ openTask: 1, _id: 1 }, { sparse: true });
schema.index({ contactId: 1, openTask: 1 });
schema.index({ replaces: 1 }, { sparse: true });
schema.index({ 'answer.channelRef': 1 }, { sparse: true });
schema.index({ externalUserId: 1, askedAt: 1 });
// What is old enough to go.
schema.index({ askedAt: 1 });

export function deliveryModel(connection: Connection): Model<DeliveryDocument> {
  return modelOf(connection, 'Delivery', schema);
}

interface DeliveryState {
  readonly deliveries: Model<DeliveryDocument>;
}

export function createDeliveryStore(connection: Connection): DeliveryStore {
  const state: DeliveryState = { deliveries: deliveryModel(connection) };

  return guarded<DeliveryStore>({
    openMany: (records) => openMany(state, records),
    answerMany: (answers) => answerMany(state, answers),
    notTakenMany: (refs) => notTakenMany(state, refs),

    openTasks: (filter) => openTasks(state, filter),
    countOpenTasks: async (openTask) => await state.deliveries.countDocuments({ openTask }),
    closeTasks: (touchIds) => closeTasks(state, touchIds),
    reopenTasks: (touchIds, openTask, at) => reopenTasks(state, touchIds, openTask, at),
    rewordTasks: (tasks, openTask, at) => rewordTasks(state, tasks, openTask, at),

    find: (touchId) => findDelivery(state, touchId),
    findMany: (touchIds) => findDeliveries(state, touchIds),
    removeBefore: (before, limit) =>
      removeOldest(state.deliveries, {
        filter: { askedAt: { $lt: before }, openTask: { $exists: false } },
        by: 'askedAt',
        limit,
      }),
    ofContact: (contactId) => findBy(state, { contactId }),
    ofChannelRefs: (channelRefs) =>
      findBy(state, {
        $or: [
          { 'answer.channelRef': { $in: [...channelRefs] } },
          { replaces: { $in: [...channelRefs] } },
        ],
      }),
    toCustomers: (externalUserIds, askedSince) =>
      findBy(state, {
        externalUserId: { $in: [...externalUserIds] },
        askedAt: { $gte: askedSince },
      }),
  });
}

async function openMany(
  state: DeliveryState,
  records: readonly DeliveryRecord[],
): Promise<Opened[]> {
  const isNew = await insertNew(state.deliveries, records.map(documentFromRecord));
  return await Promise.all(
    records.map((record, i) => (isNew[i] ? { opened: true, record } : reopen(state, record))),
  );
}

/** Opens an attempt whose touch has a record already. */
async function reopen(state: DeliveryState, record: DeliveryRecord): Promise<Opened> {
  const { touchId } = record;

  for (let race = 0; race < MAX_RACES; race++) {
    const known = await findDelivery(state, touchId);
    if (known && !isReplacedBy(known, record)) return { opened: false, record: known };

    const isOpened = known
      ? await replaceRecord(state, known, record)
      : await insertAttempt(state, record);
    if (isOpened) return { opened: true, record };
  }

  throw new CodedError('CONFLICT', `delivery of ${touchId}: lost ${MAX_RACES} races in a row`);
}

/** False when a rival has replaced or answered it meanwhile. */
async function replaceRecord(
  { deliveries }: DeliveryState,
  known: DeliveryRecord,
  { touchId: _, ...record }: DeliveryRecord,
): Promise<boolean> {
  const unanswered = known.answer === undefined ? { answer: { $exists: false } } : {};
  const filter = { ...openedBy(known), ...unanswered };
  const { matchedCount } = await deliveries.replaceOne(filter, record);
  return matchedCount === 1;
}

/** See `isOpenedBy`: the records of first executions have no fence. */
const openedBy = ({ touchId, attempt, fence = 0 }: OpenedRef): object => ({
  _id: touchId,
  attempt,
  fence: fence === 0 ? { $exists: false } : fence,
});

/** False when a rival has put a record there meanwhile. */
async function insertAttempt(
  { deliveries }: DeliveryState,
  record: DeliveryRecord,
): Promise<boolean> {
  const [isNew] = await insertNew(deliveries, [documentFromRecord(record)]);
  return isNew === true;
}

async function answerMany(state: DeliveryState, answers: readonly DeliveryAnswer[]): Promise<void> {
  if (answers.length === 0) return;

  // The driver's own call: the channel's answer is kept as it is.
  const { matchedCount } = await state.deliveries.collection.bulkWrite(
    answers.map(({ answer, ...ref }) => ({
      updateOne: { filter: openedBy(ref), update: { $set: answeredBy(answer) } },
    })),
    { ordered: false },
  );

  if (matchedCount !== answers.length) await refuseOtherAttempts(state, answers);
}

async function notTakenMany(
  { deliveries }: DeliveryState,
  refs: readonly OpenedRef[],
): Promise<void> {
  if (refs.length === 0) return;

  await deliveries.collection.bulkWrite(
    refs.map((ref) => ({
      updateOne: { filter: openedBy(ref), update: { $unset: { inDoubtSince: '' } } },
    })),
    { ordered: false },
  );
}

async function openTasks(
  { deliveries }: DeliveryState,
  { openTask, contactIds, replaces, after, limit }: OpenTasksFilter,
): Promise<OpenTaskRecord[]> {
  const later = after && [
    { openTask: { $gt: after.openTask } },
    { openTask: after.openTask, _id: { $gt: after.touchId } },
  ];
  const filter = {
    openTask: openTask ?? { $exists: true },
    ...(replaces !== undefined && { replaces }),
    ...(contactIds && { contactId: { $in: [...contactIds] } }),
    ...(later && { $or: later }),
  };
  const found = await deliveries
    .find(filter)
    .sort({ openTask: 1, _id: 1 })
    .limit(limit)
    .lean<DeliveryDocument[]>();

  return found.map((document) => recordFromDocument(document) as OpenTaskRecord); // by the filter
}

async function closeTasks(
  { deliveries }: DeliveryState,
  touchIds: readonly string[],
): Promise<void> {
  if (touchIds.length === 0) return;
  await deliveries.updateMany({ _id: { $in: [...touchIds] } }, { $unset: { openTask: '' } });
}

/** A crash between the two writes leaves what was never handed over with the doubt of the cancelled task, which is over. */
async function reopenTasks(
  { deliveries }: DeliveryState,
  touchIds: readonly string[],
  openTask: string,
  at: number,
): Promise<void> {
  const open = { _id: { $in: [...touchIds] }, openTask };
  await deliveries.updateMany(
    { ...open, replaces: { $ne: openTask } },
    { $set: { replaces: openTask, askedAt: at }, $unset: { answer: '' } },
  );
  await deliveries.updateMany(open, { $set: { inDoubtSince: at }, $unset: { answer: '' } });
}

async function rewordTasks(
  { deliveries }: DeliveryState,
  tasks: readonly RewordedTask[],
  openTask: string,
  at: number,
): Promise<void> {
  if (tasks.length === 0) return;

  const asked = { replaces: openTask, askedAt: at, inDoubtSince: at };
  await deliveries.collection.bulkWrite(
    tasks.map(({ touchId, text, template }) => ({
      updateOne: {
        filter: { _id: touchId as never, openTask, replaces: { $ne: openTask } },
        update: {
          $set: { ...asked, text, ...(template !== undefined && { template }) },
          $unset: { answer: '' },
        },
      },
    })),
    { ordered: false },
  );
}

async function refuseOtherAttempts(
  state: DeliveryState,
  answers: readonly DeliveryAnswer[],
): Promise<void> {
  const known = await findDeliveries(
    state,
    answers.map(({ touchId }) => touchId),
  );
  const records = new Map(known.map((record) => [record.touchId, record]));

  const other = answers.find((each) => !isOpenedBy(records.get(each.touchId), each));
  if (other) throw notOpenedBy(other);
}

async function findDelivery(
  { deliveries }: DeliveryState,
  touchId: string,
): Promise<DeliveryRecord | null> {
  const found = await deliveries.findOne({ _id: touchId }).lean<DeliveryDocument>();
  return found && recordFromDocument(found);
}

async function findDeliveries(
  state: DeliveryState,
  touchIds: readonly string[],
): Promise<DeliveryRecord[]> {
  return await findBy(state, { _id: { $in: [...touchIds] } });
}

async function findBy({ deliveries }: DeliveryState, filter: object): Promise<DeliveryRecord[]> {
  const found = await deliveries.find(filter).lean<DeliveryDocument[]>();
  return found.map(recordFromDocument);
}

const documentFromRecord = ({ touchId, ...record }: DeliveryRecord): DeliveryDocument => ({
  _id: touchId,
  ...record,
});

const recordFromDocument = ({ _id, ...record }: DeliveryDocument): DeliveryRecord => ({
  touchId: _id,
  ...record,
});
