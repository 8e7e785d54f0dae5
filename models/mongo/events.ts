// What happened to customers, over MongoDB: a document an event.

import { type Connection, type Model, type QueryFilter, Schema } from 'mongoose';
import type { EventFilter, EventStore, StoredEvent } from '../../ports/events';
import { guarded } from './failures';
import { inGroups } from './inGroups';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface EventDocument extends Omit<StoredEvent, 'eventId'> {
  /** The event's id. */
  readonly _id: string;
  /** `receivedAt` and the id: the order in which they are read. */
  readonly place: string;
}

const BATCH = 5000;

const schema = new Schema<EventDocument>(
  {
    _id: { type: String, required: true },
    place: { type: String, required: true },
    type: { type: String, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    occurredAt: { type: String, required: true },
    receivedAt: { type: String, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    typeVersion: Number,
  } as object,
  { collection: 'events', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ type: 1, place: 1 });
schema.index({ receivedAt: 1 });
schema.index({ contactId: 1 });

export function eventModel(connection: Connection): Model<EventDocument> {
  return modelOf(connection, 'CustomerEvent', schema);
}

export function createEventStore(connection: Connection): EventStore {
  const documents = eventModel(connection);
  const insert = inGroups((events: readonly StoredEvent[]) =>
    insertNew(documents, events.map(newDocument)),
  );

  return guarded<EventStore>({
    async add(events) {
      await insert(events);
    },

    async find(eventId) {
      const found = await documents.findOne({ _id: eventId }).lean<EventDocument>();
      return found && eventOf(found);
    },

    async *walk(filter) {
      const found = documents
        .find(filterOf(filter))
        .sort({ place: 1 })
        .lean<EventDocument>()
        .cursor({ batchSize: BATCH });
      for await (const document of found) yield eventOf(document);
    },

    async removeBefore(before, limit) {
      const old = await documents
        .find({ receivedAt: { $lt: before } }, { _id: 1 })
        .limit(limit)
        .lean();
      const { deletedCount } = await documents.deleteMany({
        _id: { $in: old.map(({ _id }) => _id) },
      });
      return deletedCount;
    },
  });
}

/** Places begin with `receivedAt`, so that one index serves filter and order. */
const filterOf = ({ from, to, types, cities }: EventFilter): QueryFilter<EventDocument> => ({
  type: { $in: [...types] },
  place: { $gte: from, $lt: to },
  ...(cities && { city: { $in: [...cities] } }),
});

const newDocument = ({ eventId, ...event }: StoredEvent): EventDocument => ({
  _id: eventId,
  place: `${event.receivedAt} ${eventId}`,
  ...event,
});

const eventOf = ({ _id, place: _place, ...event }: EventDocument): StoredEvent => ({
  eventId: _id,
  ...event,
});
