// Items on their way into the inbox: an order that holds for all processes, repeats told from conflicts, and marks for whoever processes them.

import type { Arrival, Marks, PutOutcome, PutResult } from '../../ports/inbox';
import { conflictKey, conflictReason, contentDigest } from '../inboxContent';
import type { InboundDocument, InboxModels, MarksDocument } from './inboxDocument';
import { insertNew } from './inserts';

const MARKS = 'inbox';

export async function putItems(models: InboxModels, items: readonly Arrival[]): Promise<PutResult> {
  if (items.length === 0) return { outcomes: [], seqs: [], marks: { foreign: {} } };

  const order = await takeOrder(models, items.length);
  const documents = items.map((item, i) => documentOf(item, order.seqs[i] ?? 0));
  const isNew = await insertNew(models.inbox, documents);
  const outcomes = await outcomesOf(models, documents, isNew);

  // After the items: whoever sees a mark move finds them.
  const foreign = items.filter(({ fence }, i) => isNew[i] && fence === undefined);
  await markForeign(
    models,
    foreign.map(({ partition }) => partition),
  );

  return { outcomes, ...order };
}

async function takeOrder(
  { marks }: Pick<InboxModels, 'marks'>,
  count: number,
): Promise<Pick<PutResult, 'seqs' | 'marks'>> {
  // As it was before: the stand-in shows what comes after together with what others made of it meanwhile.
  const before = await marks
    .findOneAndUpdate({ _id: MARKS }, { $inc: { seq: count } }, { returnDocument: 'before' })
    .lean<MarksDocument>();
  if (!before) {
    await makeMarks(marks);
    return await takeOrder({ marks }, count);
  }

  const first = before.seq + 1;
  return {
    seqs: Array.from({ length: count }, (_, i) => first + i),
    marks: { foreign: before.foreign ?? {} },
  };
}

/** Changes nothing when they are there. */
async function makeMarks(marks: InboxModels['marks']): Promise<void> {
  await insertNew(marks, [{ _id: MARKS, seq: 0 }]);
}

export const takeSeqs = async (models: InboxModels, count: number): Promise<readonly number[]> =>
  (await takeOrder(models, count)).seqs;

export async function readMarks({ marks }: InboxModels): Promise<Marks> {
  const found = await marks.findOne({ _id: MARKS }).lean<MarksDocument>();
  return { foreign: found?.foreign ?? {} };
}

export async function markForeign(
  { marks }: InboxModels,
  partitions: readonly number[],
): Promise<void> {
  const moved = [...new Set(partitions)].map((partition) => [`foreign.${partition}`, 1]);
  if (moved.length > 0) await marks.updateOne({ _id: MARKS }, { $inc: Object.fromEntries(moved) });
}

async function outcomesOf(
  models: InboxModels,
  documents: readonly InboundDocument[],
  isNew: readonly boolean[],
): Promise<PutOutcome[]> {
  const seen = documents.filter((_, i) => !isNew[i]);
  const conflicts = await conflictsAmong(models, seen);
  await insertNew(models.inbox, [...conflicts].map(conflictDocument));

  return documents.map((document, i) => {
    if (isNew[i]) return 'new';
    return conflicts.has(document) ? 'conflict' : 'duplicate';
  });
}

/** Those whose key was seen before with other content. */
async function conflictsAmong(
  { inbox }: InboxModels,
  seen: readonly InboundDocument[],
): Promise<ReadonlySet<InboundDocument>> {
  if (seen.length === 0) return new Set();

  const kept = await inbox
    .find({ _id: { $in: seen.map(({ _id }) => _id) } }, { digest: 1 })
    .lean<Pick<InboundDocument, '_id' | 'digest'>[]>();
  const digests = new Map(kept.map(({ _id, digest }) => [_id, digest]));

  // Kept by an earlier version, an item has no digest: then nobody knows better.
  return new Set(seen.filter(({ _id, digest }) => (digests.get(_id) ?? digest) !== digest));
}

const conflictDocument = (document: InboundDocument): InboundDocument => ({
  ...document,
  _id: conflictKey(document._id, document.digest),
  state: 'parked',
  fence: 0,
  reason: JSON.stringify(conflictReason(document._id)),
});

const documentOf = (
  { key, payload, fence = 0, ...item }: Arrival,
  seq: number,
): InboundDocument => ({
  _id: key,
  ...item,
  payload: JSON.stringify(payload),
  digest: contentDigest({ kind: item.kind, payload }),
  state: 'pending',
  seq,
  fence,
  attempts: 0,
  history: [],
});
