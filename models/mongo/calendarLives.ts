// The lives of calendars over MongoDB: one document each, changed against its revision.

import { type Connection, type Model, Schema } from 'mongoose';
import type { CalendarLifeStore } from '../../ports/calendars';
import type { CalendarLife } from '../../rules/calendar/life';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface CalendarLifeDocument extends Omit<CalendarLife, 'calendarId'> {
  readonly _id: string;
}

const schema = new Schema<CalendarLifeDocument>(
  {
    _id: { type: String, required: true },
    state: { type: String, enum: ['active', 'paused', 'ended'], required: true },
    takeovers: { type: [Schema.Types.Mixed], required: true },
    acts: { type: [Schema.Types.Mixed], default: undefined },
    revision: { type: Number, required: true },
  },
  { collection: 'calendarLives', versionKey: false, strict: 'throw', id: false },
);

export function calendarLifeModel(connection: Connection): Model<CalendarLifeDocument> {
  return modelOf(connection, 'CalendarLife', schema);
}

export function createCalendarLifeStore(connection: Connection): CalendarLifeStore {
  const lives = calendarLifeModel(connection);

  return guarded<CalendarLifeStore>({
    async find(calendarId) {
      const found = await lives.findOne({ _id: calendarId }).lean<CalendarLifeDocument>();
      return found && lifeFromDocument(found);
    },

    async list() {
      const found = await lives.find().sort({ _id: 1 }).lean<CalendarLifeDocument[]>();
      return found.map(lifeFromDocument);
    },

    async keep({ calendarId, ...life }) {
      if (life.revision === 1) {
        const [isNew = false] = await insertNew(lives, [{ _id: calendarId, ...life }]);
        return isNew;
      }

      const before = { _id: calendarId, revision: life.revision - 1 };
      const { modifiedCount } = await lives.updateOne(before, { $set: life });
      return modifiedCount === 1;
    },
  });
}

const lifeFromDocument = ({ _id, ...life }: CalendarLifeDocument): CalendarLife => ({
  calendarId: _id,
  ...life,
});
