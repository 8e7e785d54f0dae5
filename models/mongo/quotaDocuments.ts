// The documents of the quota store: a counter per scope and a hold per key.

import { type Connection, type Model, Schema } from 'mongoose';
import { modelOf } from './model';

export interface CounterDocument {
  readonly _id: string;
  readonly used: number;
  /** Latest keys counted, and latest given back: proof of steps whose hold does not show them yet. */
  readonly taken: readonly string[];
  readonly given: readonly string[];
}

export interface HoldDocument {
  readonly _id: string;
  readonly scopes: readonly string[];
  /** `undoing` ends a taking that was not finished, `giving` one that was. */
  readonly state: 'taking' | 'held' | 'undoing' | 'giving';
}

const counters = new Schema<CounterDocument>(
  {
    _id: { type: String, required: true },
    used: { type: Number, required: true },
    taken: { type: [String], required: true },
    given: { type: [String], required: true },
  },
  { collection: 'quotaCounters', versionKey: false, strict: 'throw', id: false },
);

const holds = new Schema<HoldDocument>(
  {
    _id: { type: String, required: true },
    scopes: { type: [String], required: true },
    state: { type: String, enum: ['taking', 'held', 'undoing', 'giving'], required: true },
  },
  { collection: 'quotaHolds', versionKey: false, strict: 'throw', id: false },
);

export function quotaModels(connection: Connection): {
  counters: Model<CounterDocument>;
  holds: Model<HoldDocument>;
} {
  return {
    counters: modelOf(connection, 'QuotaCounter', counters),
    holds: modelOf(connection, 'QuotaHold', holds),
  };
}
