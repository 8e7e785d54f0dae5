// Imports of files over MongoDB: the job, the pieces of its file, and the rows that it left, each in documents of their own.

import { type Connection, type Model, mongo, Schema } from 'mongoose';
import type {
  ImportAsked,
  ImportJob,
  ImportState,
  ImportStore,
  LeftKind,
  LeftRow,
} from '../../ports/imports';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { withoutId } from './plain';

/** `asked` is kept as a text: headers of files are keys in it, and may have dots. */
interface JobDocument extends Omit<ImportJob, 'id' | 'asked'> {
  readonly _id: string;
  readonly asked: string;
}

/** `_id` is the file and the number of the piece. */
interface PieceDocument {
  readonly _id: string;
  readonly bytes: mongo.Binary;
}

/** `_id` is the job and the row. */
interface LeftDocument extends LeftRow {
  readonly _id: string;
  readonly kind: LeftKind;
}

interface ImportJobState {
  readonly jobs: Model<JobDocument>;
  readonly pieces: Model<PieceDocument>;
  readonly left: Model<LeftDocument>;
}

const free = Schema.Types.Mixed;
const job = new Schema(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    fileName: { type: String, required: true },
    format: { type: String, required: true },
    bytes: { type: Number, required: true },
    digest: { type: String, required: true },
    asked: { type: String, required: true },
    owner: { type: String, required: true },
    author: { type: String, required: true },
    cities: { type: [String], default: undefined },
    createdAt: { type: String, required: true },
    startedAt: String,
    endedAt: String,
    reading: free,
    columns: { type: [free], default: undefined },
    total: Number,
    sums: { type: free, required: true },
    problem: free,
  },
  { collection: 'imports', versionKey: false, minimize: false, strict: 'throw', id: false },
);
job.index({ state: 1, _id: 1 });
job.index({ digest: 1 });

const piece = new Schema(
  { _id: { type: String, required: true }, bytes: { type: Buffer, required: true } },
  { collection: 'importPieces', versionKey: false, strict: 'throw', id: false },
);
const left = new Schema(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    row: { type: Number, required: true },
    line: { type: Number, required: true },
    contactId: String,
    countingLine: Number,
    cells: { type: [String], default: undefined },
    json: String,
    faults: { type: [free], default: undefined },
    issues: { type: [free], default: undefined },
  },
  { collection: 'importRows', versionKey: false, strict: 'throw', id: false },
);
left.index({ contactId: 1 }, { sparse: true });

export const importModels = (connection: Connection): ImportJobState => ({
  jobs: modelOf(connection, 'ImportJob', job),
  pieces: modelOf(connection, 'ImportPiece', piece),
  left: modelOf(connection, 'ImportRow', left),
});

const WAITING: ImportState[] = ['waiting', 'running'];
const OPEN = { state: { $in: ['uploading', ...WAITING] } };
const ROW_DIGITS = 10;

const pieceId = (fileId: string, number: number): string => `${fileId}/${number}`;
const rowId = (id: string, row: number): string => `${id}/${String(row).padStart(ROW_DIGITS, '0')}`;
/** Ids that begin with that of a job and a slash. */
const under = (id: string) => ({ _id: { $gte: `${id}/`, $lt: `${id}0` } });

export function createImportStore(connection: Connection): ImportStore {
  const state = importModels(connection);
  const { jobs, pieces } = state;

  return guarded<ImportStore>({
    async keepPiece(fileId, number, bytes) {
      const document = { bytes: new mongo.Binary(bytes) };
      const filter = { _id: pieceId(fileId, number) } as object;
      await pieces.collection.replaceOne(filter, document, { upsert: true });
    },
    async piece(fileId, number) {
      const found = await pieces.findById(pieceId(fileId, number)).lean<PieceDocument>();
      return found?.bytes.buffer ?? null;
    },
    removeFile: (fileId) => removeFile(state, fileId),

    async create({ id, asked, ...rest }) {
      await insertNew(jobs, [{ _id: id, ...rest, asked: JSON.stringify(asked) }]);
    },
    find: async (id) => jobOf(await jobs.findById(id).lean<JobDocument>()),
    list: async ({ owner, digest, after, limit }) => {
      const filter = {
        ...(owner !== undefined && { owner }),
        ...(digest !== undefined && { digest }),
        ...(after !== undefined && { _id: { $lt: after } }),
      };
      return manyOf(await jobs.find(filter).sort({ _id: -1 }).limit(limit).lean<JobDocument[]>());
    },
    open: async (limit) =>
      manyOf(
        await jobs
          .find({ state: { $in: WAITING } })
          .sort({ _id: 1 })
          .limit(limit)
          .lean<JobDocument[]>(),
      ),

    note: (id, found) => change(state, { _id: id, ...OPEN }, found),
    async advance(id, { from, sums, left: rows }) {
      // The rows first: those of a step that then does not count are the same as of the one that does.
      await insertNew(
        state.left,
        rows.map((row) => leftDocument(id, row)),
      );
      return change(state, { _id: id, state: 'running', 'sums.rows': from }, { sums });
    },
    end: (id, ended, at, problem) =>
      change(
        state,
        { _id: id, ...OPEN },
        { state: ended, endedAt: at, ...(problem && { problem }) },
      ),

    left: (id, kind) => leftRows(state, id, kind),
    removeBefore: (at) => removeBefore(state, at),
  });
}

const jobOf = (document: JobDocument | null): ImportJob | null => {
  if (!document) return null;
  const asked = JSON.parse(document.asked) as ImportAsked; // as it was kept
  return { id: document._id, ...withoutId(document), asked };
};

const manyOf = (documents: readonly JobDocument[]): ImportJob[] =>
  documents.flatMap((document) => jobOf(document) ?? []);

const leftDocument = (id: string, row: LeftRow): LeftDocument => ({
  _id: rowId(id, row.row),
  kind: row.countingLine === undefined ? 'refused' : 'repeated',
  ...row,
});

async function change({ jobs }: ImportJobState, filter: object, $set: object): Promise<boolean> {
  const { matchedCount } = await jobs.updateOne(filter, { $set });
  return matchedCount === 1;
}

async function* leftRows(
  { jobs, left: rows }: ImportJobState,
  id: string,
  kind: LeftKind,
): AsyncGenerator<LeftRow> {
  const found = await jobs.findById(id).lean<JobDocument>();
  const counted = { row: { $lt: found?.sums.rows ?? 0 } };
  const cursor = rows
    .find({ ...under(id), ...counted, kind })
    .sort({ _id: 1 })
    .lean<LeftDocument[]>()
    .cursor();

  for await (const document of cursor) {
    const { kind: _kind, ...row } = withoutId(document as LeftDocument);
    yield row;
  }
}

async function removeFile({ pieces }: ImportJobState, fileId: string): Promise<void> {
  await pieces.deleteMany(under(fileId));
}

async function removeBefore(state: ImportJobState, at: string): Promise<number> {
  const isOld = { $or: [{ endedAt: { $lt: at } }, { state: 'uploading', createdAt: { $lt: at } }] };
  const old = await state.jobs.find(isOld as object, { _id: 1 }).lean<JobDocument[]>();
  for (const { _id } of old) {
    await removeFile(state, _id);
    await state.left.deleteMany(under(_id));
    await state.jobs.deleteOne({ _id });
  }
  return old.length;
}
