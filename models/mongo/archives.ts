// Archives of the ledger: a document each, numbered, and one for every contact of which rows were archived.

import { type Connection, type Model, Schema } from 'mongoose';
import type { ArchiveStore } from '../../ports/archives';
import type { KeptArchive, LedgerArchive } from '../../rules/ledger/archive/archive';
import type { Beginning } from '../../rules/ledger/archive/beginning';
import { type LedgerRow, rowId } from '../../rules/ledger/rows';
import { countingAt, type LaidBeginning, withNext } from '../laidBeginning';
import { type ContactDocument, contactModel } from './contactDocument';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { type LedgerDocument, ledgerModel, rowFromDocument } from './ledger';
import { modelOf } from './model';
import { flushOutboxes } from './outbox';
import { withoutId } from './plain';

/** `_id` is the number: of two that are made at once, one is kept. */
type ArchiveDocument = KeptArchive & { readonly _id: string };
/** `_id` is the contact's pseudonym. */
type BeginningDocument = LaidBeginning & { readonly _id: string };

interface ArchiveState {
  readonly connection: Connection;
  readonly archives: Model<ArchiveDocument>;
  readonly beginnings: Model<BeginningDocument>;
  readonly ledger: Model<LedgerDocument>;
  readonly contacts: Model<ContactDocument>;
}

const archive = new Schema(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: ['archive'], required: true },
    number: { type: Number, required: true },
    until: { type: String, required: true },
    hours: { type: Number, required: true },
    rows: { type: Number, required: true },
    contacts: { type: Number, required: true },
    file: { type: String, required: true },
    seal: { type: String, required: true },
    beginnings: { type: String, required: true },
    previous: String,
    by: { type: String, required: true },
    reason: { type: String, required: true },
    at: { type: String, required: true },
    key: String,
    code: { type: String, required: true },
    state: { type: String, enum: ['removing', 'removed'], required: true },
    removedAt: String,
  },
  { collection: 'ledgerArchives', versionKey: false, strict: 'throw', id: false },
);
archive.index({ until: 1 }, { unique: true });
const beginning = new Schema(
  { _id: { type: String, required: true }, current: Schema.Types.Mixed, next: Schema.Types.Mixed },
  { collection: 'ledgerBeginnings', versionKey: false, strict: 'throw', id: false },
);

export const archiveModels = (connection: Connection) => ({
  archives: modelOf<ArchiveDocument>(connection, 'LedgerArchive', archive),
  beginnings: modelOf<BeginningDocument>(connection, 'LedgerBeginning', beginning),
});

export function createArchiveStore(connection: Connection): ArchiveStore {
  const state = {
    ...{ connection, ...archiveModels(connection) },
    ...{ ledger: ledgerModel(connection), contacts: contactModel(connection) },
  };

  return guarded<ArchiveStore>({
    list: async () => (await allOf(state)).map(archiveOf),
    latest: async () => latest(state),
    find: async (until) =>
      plain(await state.archives.findOne({ until }).lean<ArchiveDocument | null>()),
    rowsBefore: (until) => rowsBefore(state, until),
    layDown: (given) => layDown(state, given),
    keep: (given) => keep(state, given),
    beginnings: (until) => beginnings(state, until),
    beginningsOf: (contactIds, until) => beginningsOf(state, contactIds, until),
    remove: (rows) => remove(state, rows),

    async end(until, removedAt) {
      const removing = { until, state: 'removing' } as const;
      await state.archives.updateOne(removing, { $set: { state: 'removed', removedAt } });
    },
  });
}

const archiveOf = (document: ArchiveDocument): KeptArchive => withoutId(document);
const plain = (document: ArchiveDocument | null): KeptArchive | null =>
  document && archiveOf(document);

const allOf = ({ archives }: ArchiveState): Promise<ArchiveDocument[]> =>
  archives.find().sort({ until: 1 }).lean<ArchiveDocument[]>().exec();

const latest = async ({ archives }: ArchiveState): Promise<KeptArchive | null> =>
  plain(await archives.findOne().sort({ until: -1 }).lean<ArchiveDocument | null>());

/** In the order of the index by contact. */
async function* rowsBefore(
  { connection, ledger }: ArchiveState,
  until: string,
): AsyncGenerator<LedgerRow> {
  await flushOutboxes(connection);

  const found = ledger
    .find({ at: { $lt: until } })
    .sort({ contactId: 1, at: 1 })
    .allowDiskUse(true)
    .lean<LedgerDocument[]>()
    .cursor({ batchSize: 1000 });
  for await (const document of found) yield rowFromDocument(document);
}

async function layDown(state: ArchiveState, given: readonly Beginning[]): Promise<void> {
  if (given.length === 0) return;

  const inForce = (await latest(state))?.until ?? '';
  const laid = await laidOf(
    state,
    given.map(({ contactId }) => contactId),
  );

  await state.beginnings.collection.bulkWrite(
    given.map((next) => ({
      replaceOne: {
        filter: { _id: next.contactId } as object,
        replacement: withNext(laid.get(next.contactId) ?? {}, next, inForce),
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

async function laidOf(
  { beginnings }: ArchiveState,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, BeginningDocument>> {
  const found = await beginnings
    .find({ _id: { $in: [...contactIds] } })
    .lean<BeginningDocument[]>();
  return new Map(found.map((each) => [each._id, each]));
}

async function keep(state: ArchiveState, given: LedgerArchive): Promise<boolean> {
  const before = await latest(state);
  if (given.number !== (before?.number ?? 0) + 1) return false;

  const kept = { _id: String(given.number), ...given, state: 'removing' } as const;
  const [isNew] = await insertNew(state.archives, [kept]);
  return isNew === true;
}

async function* beginnings(state: ArchiveState, until: string): AsyncGenerator<Beginning> {
  const all = state.beginnings
    .find()
    .sort({ _id: 1 })
    .lean<BeginningDocument[]>()
    .cursor({ batchSize: 1000 });
  for await (const laid of all) {
    const counting = countingAt(laid, until);
    if (counting) yield counting;
  }
}

async function beginningsOf(
  state: ArchiveState,
  contactIds: readonly string[],
  until: string,
): Promise<readonly Beginning[]> {
  const laid = await laidOf(state, contactIds);
  return [...laid.values()].flatMap((each) => countingAt(each, until) ?? []);
}

/** First out of the contacts' documents, from where a row that the ledger lacks would be put into it again. */
async function remove(
  { contacts, ledger }: ArchiveState,
  rows: readonly LedgerRow[],
): Promise<number> {
  if (rows.length === 0) return 0;

  const chains = rows.flatMap(({ chain }) => chain ?? []);
  const holders = [...new Set(rows.map(({ contactId }) => contactId))];
  await contacts.collection.updateMany(
    { _id: { $in: holders }, 'outbox.chain': { $in: chains } } as object,
    { $pull: { outbox: { chain: { $in: chains } } } } as object,
  );
  return (await ledger.deleteMany({ _id: { $in: rows.map(rowId) } })).deletedCount;
}
