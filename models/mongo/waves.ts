// Waves over MongoDB: one document a wave.

import { type Connection, type Model, Schema } from 'mongoose';
import type { WaveFilter, WaveRecord, WaveStore } from '../../ports/waves';
import { WAVE_STATES } from '../../rules/calendar/wave';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { createWaveContacts } from './waveContacts';

interface WaveDocument extends Omit<WaveRecord, 'waveId'> {
  readonly _id: string;
}

const schema = new Schema<WaveDocument>(
  {
    _id: { type: String, required: true },
    calendarId: { type: String, required: true },
    calendarVersion: { type: Number, required: true },
    slotId: { type: String, required: true },
    date: { type: String, required: true },
    state: { type: String, enum: WAVE_STATES, required: true },
    cities: { type: [String], default: undefined },
    template: String,
    startedAt: { type: String, required: true },
    endedAt: String,
    walkedTo: String,
    isWalked: { type: Boolean, required: true },
  },
  { collection: 'waves', versionKey: false, strict: 'throw', id: false },
);
schema.index({ calendarId: 1, _id: 1 });
schema.index({ state: 1, _id: 1 });
schema.index({ date: 1, _id: 1 });

export function waveModel(connection: Connection): Model<WaveDocument> {
  return modelOf(connection, 'Wave', schema);
}

export function createWaveStore(connection: Connection): WaveStore {
  const waves = waveModel(connection);

  return guarded<WaveStore>({
    async open({ waveId, ...wave }) {
      await insertNew(waves, [{ _id: waveId, ...wave }]);
      return (await findWave(waves, waveId)) ?? { waveId, ...wave };
    },

    find: (waveId) => findWave(waves, waveId),

    async list(filter) {
      const found = await waves
        .find(filterOf(filter))
        .sort({ _id: 1 })
        .limit(filter.limit)
        .lean<WaveDocument[]>();
      return found.map(waveFromDocument);
    },

    async move(waveId, from, to, at) {
      const isOver = to === 'ended' || to === 'missed';
      const { modifiedCount } = await waves.updateOne(
        { _id: waveId, state: { $in: [...from] } },
        isOver
          ? { $set: { state: to, endedAt: at } }
          : { $set: { state: to }, $unset: { endedAt: '' } },
      );
      return modifiedCount === 1;
    },

    async walked(waveId, { walkedTo, isWalked }) {
      if (walkedTo !== undefined)
        await waves.updateOne(
          { _id: waveId, $or: [{ walkedTo: null }, { walkedTo: { $lt: walkedTo } }] },
          { $set: { walkedTo } },
        );
      if (isWalked) await waves.updateOne({ _id: waveId }, { $set: { isWalked } });
    },

    ...createWaveContacts(connection),
  });
}

async function findWave(waves: Model<WaveDocument>, waveId: string): Promise<WaveRecord | null> {
  const found = await waves.findOne({ _id: waveId }).lean<WaveDocument>();
  return found && waveFromDocument(found);
}

function filterOf({ calendarId, state, date, cities, after }: WaveFilter): object {
  return {
    ...(calendarId !== undefined && { calendarId }),
    ...(state !== undefined && { state }),
    ...(date !== undefined && { date }),
    ...(cities && { $or: [{ cities: null }, { cities: { $in: [...cities] } }] }),
    ...(after !== undefined && { _id: { $gt: after } }),
  };
}

const waveFromDocument = ({ _id, ...wave }: WaveDocument): WaveRecord => ({ waveId: _id, ...wave });
