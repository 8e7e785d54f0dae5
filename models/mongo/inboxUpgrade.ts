// Rows of the inbox that an earlier version wrote, brought into today's shape; without any it reads one index and changes nothing.

import type { Connection } from 'mongoose';
import { partitionOf } from '../../rules/base/partition';
import { type InboundDocument, inboxModels } from './inboxDocument';

const PAGE = 1000;
/** Earlier versions counted microseconds: less than nothing keeps their order, before all that comes now. */
const BEFORE_ALL = 2 ** 52;

export async function upgradeInbox(connection: Connection): Promise<void> {
  const { inbox } = inboxModels(connection);
  const { collection } = inbox;
  const reason = JSON.stringify({ code: 'REFUSED', message: 'refused by an earlier version' });
  await collection.updateMany(
    { state: 'refused' },
    { $set: { state: 'parked', partition: 0, urgency: 'prompt', fence: 0, history: [], reason } },
  );

  for (let isMore = true; isMore; ) {
    const old = await inbox
      .find({ state: 'pending', partition: { $exists: false } })
      .limit(PAGE)
      .lean<InboundDocument[]>();
    const updates = old.map(({ _id, lane, seq }) => ({
      updateOne: {
        filter: { _id, partition: { $exists: false } },
        update: { $set: shape(lane, seq) },
      },
    }));
    if (updates.length > 0) await inbox.bulkWrite(updates);
    isMore = updates.length === PAGE;
  }
}

const shape = (lane: string, seq: number) => ({
  partition: partitionOf(lane),
  urgency: 'prompt' as const,
  seq: seq - BEFORE_ALL,
  fence: 0,
  history: [],
});
