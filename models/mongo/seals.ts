// The seals of the ledger: a document an hour, inserted once, and the lines under it in pages that the document names.

import { type Connection, type Model, Schema } from 'mongoose';
import type { SealStore, SealTry } from '../../ports/seals';
import type { Seal, SealedLine, SealLine } from '../../rules/ledger/seal/seal';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { withoutId } from './plain';

/** `_id` is the hour. */
interface SealDocument extends Seal {
  readonly _id: string;
  /** The name of the try that sealed it, and the pages it kept. */
  readonly try: string;
  readonly pages: number;
}

/** `_id` is the hour, the try and the page. */
interface PageDocument {
  readonly _id: string;
  readonly lines: readonly SealedLine[];
}

interface SealState {
  readonly seals: Model<SealDocument>;
  readonly pages: Model<PageDocument>;
}

const seal = new Schema(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: ['seal'], required: true },
    hour: { type: String, required: true },
    rows: { type: Number, required: true },
    late: { type: Number, required: true },
    contacts: { type: Number, required: true },
    root: { type: String, required: true },
    previous: String,
    sealedAt: { type: String, required: true },
    key: String,
    seal: { type: String, required: true },
    try: { type: String, required: true },
    pages: { type: Number, required: true },
  },
  { collection: 'seals', versionKey: false, strict: 'throw', id: false },
);
const page = new Schema(
  { _id: { type: String, required: true }, lines: { type: [Schema.Types.Mixed], required: true } },
  { collection: 'sealLines', versionKey: false, strict: 'throw', id: false },
);

export const sealModels = (connection: Connection): SealState => ({
  seals: modelOf(connection, 'Seal', seal),
  pages: modelOf(connection, 'SealPage', page),
});

export function createSealStore(connection: Connection): SealStore {
  const state = sealModels(connection);

  return guarded<SealStore>({
    latest: async () => sealIn(await state.seals.findOne().sort({ _id: -1 }).lean<SealDocument>()),
    find: async (hour) => sealIn(await state.seals.findById(hour).lean<SealDocument>()),

    async keep(attempt, number, lines) {
      const _id = pageId(attempt, number);
      await state.pages.collection.replaceOne({ _id } as object, { lines }, { upsert: true });
    },

    commit: (given, attempt, pages) => commit(state, given, attempt, pages),
    export: (after) => exportLines(state, after),
  });
}

const sealIn = (document: SealDocument | null): Seal | null => document && sealOf(document);

function sealOf(document: SealDocument): Seal {
  const { try: _, pages: __, ...rest } = withoutId(document);
  return rest;
}

const pageId = ({ hour, name }: SealTry, number: number): string => `${hour} ${name} ${number}`;

/** The document is inserted last: it makes the hour sealed. Then the pages of tries that came to nothing can go. */
async function commit(
  { seals, pages }: SealState,
  given: Seal,
  attempt: SealTry,
  count: number,
): Promise<boolean> {
  const { hour, name } = attempt;
  const [isNew] = await insertNew(seals, [{ _id: hour, ...given, try: name, pages: count }]);
  if (!isNew) return false;

  const ids = { $gte: `${hour} `, $lt: `${hour}!` };
  const own = Array.from({ length: count }, (_, i) => pageId(attempt, i));
  await pages.deleteMany({ _id: { ...ids, $nin: own } });

  return true;
}

async function* exportLines({ seals, pages }: SealState, after = ''): AsyncGenerator<SealLine> {
  const hours = seals
    .find({ _id: { $gt: after } })
    .sort({ _id: 1 })
    .lean<SealDocument[]>()
    .cursor();

  for await (const document of hours) {
    const { hour, try: name, pages: count } = document;
    for (let i = 0; i < count; i++) {
      const found = await pages.findById(pageId({ hour, name }, i)).lean<PageDocument>();
      yield* found?.lines ?? [];
    }
    yield sealOf(document);
  }
}
