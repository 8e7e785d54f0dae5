// The contacts of waves over MongoDB: one document each, changed against its revision.

import { type Connection, type Model, Schema } from 'mongoose';
import type { WaveContact, WaveNumber, WaveStore } from '../../ports/waves';
import { WAVE_CONTACT_STATES } from '../../rules/calendar/wave';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface WaveContactDocument extends WaveContact {
  readonly _id: string;
}

interface NumberGroup {
  readonly _id: Pick<WaveNumber, 'waveId' | 'state'> & { readonly reason?: string | null };
  readonly count: number;
}

type WaveContactStore = Omit<WaveStore, 'open' | 'find' | 'list' | 'move' | 'walked'>;

const schema = new Schema<WaveContactDocument>(
  {
    _id: { type: String, required: true },
    waveId: { type: String, required: true },
    contactId: { type: String, required: true },
    city: { type: String, required: true },
    state: { type: String, enum: WAVE_CONTACT_STATES, required: true },
    plannedAt: { type: String, required: true },
    dueAt: String,
    channel: { type: String, required: true },
    attempt: { type: Number, required: true },
    isAsked: Boolean,
    staffId: String,
    looks: Number,
    fullStaff: { type: [String], default: undefined },
    takenBack: String,
    reason: String,
    rule: String,
    at: { type: String, required: true },
    revision: { type: Number, required: true },
  },
  { collection: 'waveContacts', versionKey: false, strict: 'throw', id: false },
);
schema.index({ waveId: 1, dueAt: 1, contactId: 1 });
schema.index({ waveId: 1, state: 1, reason: 1, city: 1 });
schema.index({ waveId: 1, contactId: 1 });
schema.index({ contactId: 1, state: 1 });
schema.index({ state: 1, dueAt: 1 });

export function waveContactModel(connection: Connection): Model<WaveContactDocument> {
  return modelOf(connection, 'WaveContact', schema);
}

export function createWaveContacts(connection: Connection): WaveContactStore {
  const contacts = waveContactModel(connection);

  return {
    async enrol(given) {
      await insertNew(contacts, given.map(documentFromContact));
    },

    findContacts: (waveId, contactIds) =>
      findBy(contacts, { _id: { $in: contactIds.map((id) => keyOf(waveId, id)) } }),

    due: async (waveId, until, limit) =>
      read(
        await contacts
          .find({ waveId, dueAt: { $lte: until } })
          .sort({ dueAt: 1, contactId: 1 })
          .limit(limit)
          .lean<WaveContactDocument[]>(),
      ),

    async nextDue(waveId, place = 1) {
      const next = await contacts
        .findOne({ waveId, dueAt: { $gt: '' } }, { dueAt: 1 })
        .sort({ dueAt: 1 })
        .skip(place - 1)
        .lean<Pick<WaveContactDocument, 'dueAt'>>();
      return next?.dueAt ?? null;
    },

    keep: (given) => keep(contacts, given),

    async retryFailed(waveId, at) {
      const { matchedCount } = await contacts.updateMany(
        { waveId, state: 'failed' },
        {
          $set: { state: 'waiting', dueAt: at, at },
          $inc: { attempt: 1, revision: 1 },
          $unset: { reason: '', rule: '' },
        },
      );
      return matchedCount;
    },

    async hasten(contactIds, at) {
      const { matchedCount } = await contacts.updateMany(
        { contactId: { $in: [...contactIds] }, state: 'tasked' },
        { $set: { dueAt: at }, $inc: { revision: 1 } },
      );
      return matchedCount;
    },

    dueTasks: async (until, limit) =>
      read(
        await contacts
          .find({ state: 'tasked', dueAt: { $lte: until } })
          .sort({ dueAt: 1, _id: 1 })
          .limit(limit)
          .lean<WaveContactDocument[]>(),
      ),

    contacts: async (waveId, { state, cities, after, limit }) =>
      read(
        await contacts
          .find({
            waveId,
            ...(state !== undefined && { state }),
            ...(cities && { city: { $in: [...cities] } }),
            contactId: { $gt: after ?? '' },
          })
          .sort({ contactId: 1 })
          .limit(limit)
          .lean<WaveContactDocument[]>(),
      ),

    numbers: (waveIds, scope) => numbersOf(contacts, waveIds, scope?.cities),
  };
}

/** The driver's own call: what a change leaves out is gone from the document. */
async function keep(
  contacts: Model<WaveContactDocument>,
  given: readonly WaveContact[],
): Promise<void> {
  if (given.length === 0) return;

  await contacts.collection.bulkWrite(
    given.map((contact) => {
      const { _id, ...document } = documentFromContact(contact);
      const filter = { _id: _id as never, revision: contact.revision - 1 };
      return { replaceOne: { filter, replacement: document } };
    }),
    { ordered: false },
  );
}

async function numbersOf(
  contacts: Model<WaveContactDocument>,
  waveIds: readonly string[],
  cities: readonly string[] | undefined,
): Promise<WaveNumber[]> {
  const groups = await contacts.aggregate<NumberGroup>([
    { $match: { waveId: { $in: [...waveIds] }, ...(cities && { city: { $in: [...cities] } }) } },
    {
      $group: {
        _id: { waveId: '$waveId', state: '$state', reason: '$reason' },
        count: { $sum: 1 },
      },
    },
  ]);

  return groups.map(({ _id: { waveId, state, reason }, count }) => ({
    waveId,
    state,
    ...(reason !== null && reason !== undefined && { reason }),
    count,
  }));
}

async function findBy(
  contacts: Model<WaveContactDocument>,
  filter: object,
): Promise<WaveContact[]> {
  return read(await contacts.find(filter).lean<WaveContactDocument[]>());
}

const read = (found: readonly WaveContactDocument[]): WaveContact[] =>
  found.map(({ _id, ...contact }) => contact);

const keyOf = (waveId: string, contactId: string): string => `${waveId}/${contactId}`;

/** Nothing that is undefined gets into a document. */
function documentFromContact(contact: WaveContact): WaveContactDocument {
  const given = Object.entries(contact).filter(([, value]) => value !== undefined);
  const { waveId, contactId } = contact;
  return {
    _id: keyOf(waveId, contactId),
    ...(Object.fromEntries(given) as unknown as WaveContact),
  };
}
