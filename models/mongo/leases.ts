// Leases over MongoDB: one small document, so that a beat says that a process lives and reads the whole table at once.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Lease, LeaseStore, LeaseTable } from '../../ports/leases';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface LeasesDocument {
  readonly _id: string;
  readonly lastFence: number;
  readonly beats?: LeaseTable['beats'];
  readonly leases?: LeaseTable['leases'];
}

const LEASES = 'leases';

const schema = new Schema<LeasesDocument>(
  {
    _id: { type: String, required: true },
    lastFence: { type: Number, required: true },
    beats: { type: Object },
    leases: { type: Object },
  },
  { collection: 'leases', versionKey: false, strict: 'throw' },
);

export function leasesModel(connection: Connection): Model<LeasesDocument> {
  return modelOf(connection, 'Leases', schema);
}

export function createLeaseStore(connection: Connection): LeaseStore {
  const leases = leasesModel(connection);

  return guarded<LeaseStore>({
    beat: (process) => beat(leases, process),
    take: (name, seen, process) => takeLease(leases, name, seen, process),
    release: (name, fence) => releaseLease(leases, name, fence),
    forget: (process) => forgetProcess(leases, process),
  });
}

async function beat(leases: Model<LeasesDocument>, process: string): Promise<LeaseTable> {
  const { beats = {}, leases: held = {} } = await increasing(leases, `beats.${process}`);
  return { beats: { ...beats, [process]: (beats[process] ?? 0) + 1 }, leases: held };
}

/** The fence first: one that is then not used is no harm. */
async function takeLease(
  leases: Model<LeasesDocument>,
  name: string,
  seen: Lease | undefined,
  process: string,
): Promise<number | null> {
  const fence = (await increasing(leases, 'lastFence')).lastFence + 1;
  const asSeen = {
    [`leases.${name}.fence`]: seen?.fence ?? { $exists: false },
    [`leases.${name}.holder`]: seen?.holder ?? { $exists: false },
  };
  const $set = { [`leases.${name}`]: { holder: process, fence } };

  const { matchedCount } = await leases.updateOne({ _id: LEASES, ...asSeen }, { $set });
  return matchedCount === 1 ? fence : null;
}

async function releaseLease(
  leases: Model<LeasesDocument>,
  name: string,
  fence: number,
): Promise<void> {
  const $unset = { [`leases.${name}.holder`]: '' };
  await leases.updateOne({ _id: LEASES, [`leases.${name}.fence`]: fence }, { $unset });
}

async function forgetProcess(leases: Model<LeasesDocument>, process: string): Promise<void> {
  await leases.updateOne({ _id: LEASES }, { $unset: { [`beats.${process}`]: '' } });
}

/** The document before one of its numbers grew by one; made when it is missing. */
async function increasing(leases: Model<LeasesDocument>, path: string): Promise<LeasesDocument> {
  // The stand-in shows what comes after together with what others made of it meanwhile.
  const before = await leases
    .findOneAndUpdate({ _id: LEASES }, { $inc: { [path]: 1 } }, { returnDocument: 'before' })
    .lean<LeasesDocument>();
  if (before) return before;

  await makeLeases(leases);
  return await increasing(leases, path);
}

/** Changes nothing when they are there. */
async function makeLeases(leases: Model<LeasesDocument>): Promise<void> {
  await insertNew(leases, [{ _id: LEASES, lastFence: 0 }]);
}
