// The inbox over MongoDB: a document per fact under its own key, so that a repeat is refused by the server itself.

import type { Connection } from 'mongoose';
import type { Inbound, InboundRef, Inbox, InboxStep, ParkedReason } from '../../ports/inbox';
import { contentDigest } from '../inboxContent';
import { guarded } from './failures';
import {
  INBOX_STATES,
  type InboundDocument,
  type InboxModels,
  inboxModels,
  inboxRowOf,
  itemFromDocument,
  refFromDocument,
} from './inboxDocument';
import { markForeign, putItems, readMarks, takeSeqs } from './inboxPut';
import { inGroups } from './inGroups';
import { removeOldest } from './removals';

export function createInbox(connection: Connection): Inbox {
  const models = inboxModels(connection);
  // Many customers' items are handled at once: each is claimed and done with beside those of others.
  const claim = inGroups((held: readonly HeldItem[]) => claimItems(models, held));
  const done = inGroups((held: readonly HeldItem[]) => endItems(models, held));

  return guarded<Inbox>({
    put: (items) => putItems(models, items),
    marks: () => readMarks(models),
    waiting: (partitions, limit) => waitingRefs(models, partitions, limit),

    claim: async (key, fence) => (await claim([{ key, fence }]))[0] ?? null,
    move: (key, fence, to) => moveItem(models, key, fence, to),
    isWaitingBefore: (lane, seq) => isWaitingBefore(models, lane, seq),

    done: async (key, fence) => (await done([{ key, fence }]))[0] === true,
    failed: (key, fence, lastError) => countFailure(models, key, fence, lastError),
    park: (key, fence, reason) => parkItem(models, key, fence, reason),

    find: (key) => findRow(models, key),
    list: (filter) => listRows(models, filter),
    removeBefore: (before, limit) =>
      removeOldest(models.inbox, {
        filter: { state: { $in: ['done', 'discarded'] }, receivedAt: { $lt: before } },
        by: 'receivedAt',
        limit,
      }),
    ofLanes: (lanes) => rowsOfLanes(models, lanes),
    replay: (key, as, step) => replayItem(models, key, as, step),
    discard: (key, step) => endParked(models, key, step, { state: 'discarded' }),
    count: (state) => models.inbox.countDocuments({ state }).exec(),
  });
}

async function waitingRefs(
  { inbox }: InboxModels,
  partitions: readonly number[],
  limit: number,
): Promise<InboundRef[]> {
  const found = await inbox
    .find({ state: 'pending', partition: { $in: [...partitions] } }, { payload: 0, history: 0 })
    .sort({ seq: 1 })
    .limit(limit)
    .lean<InboundDocument[]>();
  return found.map(refFromDocument);
}

interface HeldItem {
  readonly key: string;
  readonly fence: number;
}

/** Whoever comes later has the higher fence: an item whose fence is ours is ours. */
async function claimItems(
  { inbox }: InboxModels,
  held: readonly HeldItem[],
): Promise<readonly (Inbound | null)[]> {
  await inbox.bulkWrite(
    held.map(({ key, fence }) => ({
      updateOne: {
        filter: { _id: key, state: 'pending', fence: { $lte: fence } },
        update: { $set: { fence } },
      },
    })),
    { ordered: false },
  );

  const found = await inbox
    .find({ _id: { $in: held.map(({ key }) => key) }, state: 'pending' })
    .lean<InboundDocument[]>();
  return held.map(({ key, fence }) => {
    const own = found.find((document) => document._id === key && document.fence === fence);
    return own ? itemFromDocument(own) : null;
  });
}

/** False for those that were no longer pending under their fence. */
async function endItems(
  models: InboxModels,
  held: readonly HeldItem[],
): Promise<readonly boolean[]> {
  const [first] = held;
  if (first && held.length === 1)
    return [await change(models, first.key, first.fence, { state: 'done' })];

  const { matchedCount } = await models.inbox.bulkWrite(
    held.map(({ key, fence }) => ({
      updateOne: {
        filter: { _id: key, state: 'pending', fence },
        update: { $set: { state: 'done' as const } },
      },
    })),
    { ordered: false },
  );
  if (matchedCount === held.length) return held.map(() => true);

  // Some were taken over: their fences tell which.
  const ended = await models.inbox
    .find({ _id: { $in: held.map(({ key }) => key) }, state: 'done' }, { fence: 1 })
    .lean<Pick<InboundDocument, '_id' | 'fence'>[]>();
  return held.map(({ key, fence }) =>
    ended.some((document) => document._id === key && document.fence === fence),
  );
}

async function moveItem(
  models: InboxModels,
  key: string,
  fence: number,
  { lane, partition }: Parameters<Inbox['move']>[2],
): Promise<boolean> {
  const isMoved = await change(models, key, fence, { lane, partition, fence: 0 });
  if (isMoved) await markForeign(models, [partition]);
  return isMoved;
}

async function isWaitingBefore(
  { inbox }: InboxModels,
  lane: string,
  seq: number,
): Promise<boolean> {
  return (await inbox.exists({ state: 'pending', lane, seq: { $lt: seq } })) !== null;
}

/** False unless the item waits, claimed under this fence. */
async function change(
  { inbox }: InboxModels,
  key: string,
  fence: number,
  $set: Partial<InboundDocument>,
): Promise<boolean> {
  const { matchedCount } = await inbox.updateOne({ _id: key, state: 'pending', fence }, { $set });
  return matchedCount === 1;
}

async function countFailure(
  { inbox }: InboxModels,
  key: string,
  fence: number,
  lastError: string,
): Promise<number | null> {
  const counted = await inbox
    .findOneAndUpdate(
      { _id: key, state: 'pending', fence },
      { $inc: { attempts: 1 }, $set: { lastError } },
      { returnDocument: 'after' },
    )
    .lean<InboundDocument>();
  return counted?.attempts ?? null;
}

function parkItem(
  models: InboxModels,
  key: string,
  fence: number,
  reason: ParkedReason,
): Promise<boolean> {
  return change(models, key, fence, { state: 'parked', reason: JSON.stringify(reason) });
}

async function findRow({ inbox }: InboxModels, key: string): ReturnType<Inbox['find']> {
  const found = await inbox.findOne({ _id: key }).lean<InboundDocument>();
  return found && inboxRowOf(found);
}

async function listRows(
  { inbox }: InboxModels,
  { state, after = '', limit }: Parameters<Inbox['list']>[0],
): ReturnType<Inbox['list']> {
  const found = await inbox
    .find({ state, _id: { $gt: after } })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<InboundDocument[]>();
  return found.map(inboxRowOf);
}

/** By the index of what waits in a lane, which begins with the state. */
async function rowsOfLanes(
  { inbox }: InboxModels,
  lanes: readonly string[],
): ReturnType<Inbox['ofLanes']> {
  const found = await inbox
    .find({ state: { $in: [...INBOX_STATES] }, lane: { $in: [...lanes] } })
    .sort({ seq: 1 })
    .lean<InboundDocument[]>();
  return found.map(inboxRowOf);
}

async function replayItem(
  models: InboxModels,
  key: string,
  { payload, ...as }: Parameters<Inbox['replay']>[1],
  step: InboxStep,
): Promise<boolean> {
  const [seq] = await takeSeqs(models, 1);
  const isParked = await endParked(models, key, step, {
    ...as,
    payload: JSON.stringify(payload),
    digest: contentDigest({ kind: as.kind, payload }),
    state: 'pending',
    attempts: 0,
    fence: 0,
    seq: seq ?? 0,
  });

  if (isParked) await markForeign(models, [as.partition]);
  return isParked;
}

async function endParked(
  { inbox }: InboxModels,
  key: string,
  step: InboxStep,
  $set: Partial<InboundDocument>,
): Promise<boolean> {
  const { matchedCount } = await inbox.updateOne(
    { _id: key, state: 'parked' },
    { $set, $push: { history: JSON.stringify(step) } },
  );
  return matchedCount === 1;
}
