// When each trigger last fired for each contact: what the cooldown is measured from.

import { type Connection, type Model, Schema } from 'mongoose';
import { CodedError } from '../../rules/base/errors';
import { HOUR_MS } from '../../rules/time/durations';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface FiringDocument {
  readonly _id: string;
  /** Newest last; older ones are kept so that an event delivered again still gets its answer. */
  readonly fired: readonly { readonly eventId: string; readonly at: string }[];
  readonly revision: number;
}

const REMEMBERED = 50;
const MAX_RACES = 100;

const schema = new Schema<FiringDocument>(
  {
    _id: { type: String, required: true },
    fired: { type: Schema.Types.Mixed, required: true },
    revision: { type: Number, required: true },
  },
  { collection: 'firings', versionKey: false, strict: 'throw' },
);

export function firingModel(connection: Connection): Model<FiringDocument> {
  return modelOf(connection, 'Firing', schema);
}

export type Fire = (
  contactId: string,
  triggerId: string,
  eventId: string,
  at: string,
  cooldownHours: number,
) => Promise<boolean>;

/** Lets a trigger fire for a contact at most once per cooldown, and the same event as often as it is asked. */
export function createFire(connection: Connection): Fire {
  const firings = firingModel(connection);
  return async (contactId, triggerId, eventId, at, cooldownHours) => {
    const _id = JSON.stringify([contactId, triggerId]);
    for (let race = 0; race < MAX_RACES; race++) {
      const known = await firings.findOne({ _id }).lean();
      if (!known) {
        const [isNew] = await insertNew(firings, [{ _id, fired: [{ eventId, at }], revision: 1 }]);
        if (isNew) return true;
        continue;
      }
      if (known.fired.some((firing) => firing.eventId === eventId)) return true;

      const last = known.fired.at(-1);
      if (last && Date.parse(at) - Date.parse(last.at) < cooldownHours * HOUR_MS) return false;

      const fired = [...known.fired, { eventId, at }].slice(-REMEMBERED);
      const { matchedCount } = await firings.updateOne(
        { _id, revision: known.revision },
        { $set: { fired }, $inc: { revision: 1 } },
      );
      if (matchedCount === 1) return true;
    }

    throw new CodedError(
      'CONFLICT',
      `trigger ${triggerId}, contact ${contactId}: lost ${MAX_RACES} races in a row`,
    );
  };
}
