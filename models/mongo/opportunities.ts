// What became of triggers for events, over MongoDB: a document each.

import { type Connection, type Model, type QueryFilter, Schema } from 'mongoose';
import type {
  OpportunityCount,
  OpportunityFilter,
  OpportunityStore,
} from '../../ports/opportunities';
import type { OpportunityRow } from '../../rules/trigger/opportunity';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { withoutId } from './plain';

interface OpportunityDocument extends OpportunityRow {
  /** `triggerId/eventId`. */
  readonly _id: string;
  /** `at` and the id: the order in which they are listed. */
  readonly place: string;
}

const schema = new Schema<OpportunityDocument>(
  {
    _id: { type: String, required: true },
    place: { type: String, required: true },
    triggerId: { type: String, required: true },
    version: { type: Number, required: true },
    eventId: { type: String, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    occurredAt: { type: String, required: true },
    receivedAt: { type: String, required: true },
    date: { type: String, required: true },
    at: { type: String, required: true },
    answer: { type: Schema.Types.Mixed, required: true },
  } as object,
  { collection: 'opportunities', versionKey: false, strict: 'throw', id: false },
);
schema.index({ triggerId: 1, place: -1 });
schema.index({ city: 1, place: -1 });
schema.index({ contactId: 1, place: -1 });
schema.index({ eventId: 1 });
schema.index({ place: -1 });
schema.index({ date: 1, city: 1, triggerId: 1 });

export function opportunityModel(connection: Connection): Model<OpportunityDocument> {
  return modelOf(connection, 'Opportunity', schema);
}

export function createOpportunityStore(connection: Connection): OpportunityStore {
  const documents = opportunityModel(connection);

  return guarded<OpportunityStore>({
    async keep(rows) {
      if (rows.length > 0) await insertNew(documents, rows.map(newDocument));
    },

    async list(filter) {
      const { limit } = filter;
      const found = await documents
        .find(filterOf(filter))
        .sort({ place: -1 })
        .limit(limit + 1)
        .lean<OpportunityDocument[]>();
      const page = found.slice(0, limit);
      return {
        rows: page.map(rowOf),
        next: found.length > limit ? (page.at(-1)?.place ?? null) : null,
      };
    },

    async counts({ from, to, cities, triggerId }) {
      const group = {
        triggerId: '$triggerId',
        date: '$date',
        city: '$city',
        outcome: '$answer.outcome',
      };
      const found = await documents.aggregate<{
        readonly _id: Omit<OpportunityCount, 'count'>;
        readonly count: number;
      }>([
        {
          $match: {
            date: { $gte: from, $lte: to },
            ...(cities && { city: { $in: [...cities] } }),
            ...(triggerId !== undefined && { triggerId }),
          },
        },
        { $group: { _id: group, count: { $sum: 1 } } },
      ]);
      return found.map(({ _id, count }) => ({ ..._id, count }));
    },
  });
}

const newDocument = (row: OpportunityRow): OpportunityDocument => {
  const _id = `${row.triggerId}/${row.eventId}`;
  return { _id, place: `${row.at} ${_id}`, ...row };
};

function filterOf({
  cities,
  triggerId,
  contactId,
  eventId,
  outcome,
  after,
}: OpportunityFilter): QueryFilter<OpportunityDocument> {
  return {
    ...(cities && { city: { $in: [...cities] } }),
    ...(triggerId !== undefined && { triggerId }),
    ...(contactId !== undefined && { contactId }),
    ...(eventId !== undefined && { eventId }),
    ...(outcome !== undefined && { 'answer.outcome': outcome }),
    ...(after !== undefined && { place: { $lt: after } }),
  };
}

const rowOf = ({ place: _place, ...document }: OpportunityDocument): OpportunityRow =>
  withoutId(document);
