// Moves of touches, a page of contacts at a time: read the documents, ask what each move makes of its own, write all that do
// not stand still on the condition that they did not move, and try the moved again.

import { randomUUID } from 'node:crypto';
import type { Model, mongo } from 'mongoose';
import { CodedError } from '../../rules/base/errors';
import type { KeptTouch } from '../../rules/contact/contact';
import type { Fence } from '../../rules/contact/fences';
import type { LedgerRow } from '../../rules/ledger/rows';
import { type Linked, settledFirstBy } from '../../rules/ledger/touchState';
import type { ContactDocument } from './contactDocument';
import type { LedgerOutbox } from './outbox';

/** Lost races before giving up. Of those who race, one wins each time, so this is how many may race at once. */
const MAX_RACES = 200;

/** The part of a contact's document that moves of touches read and write. */
export type ReadTouches = Pick<
  ContactDocument,
  | '_id'
  | 'touches'
  | 'revision'
  | 'profileRevision'
  | 'writes'
  | 'outbox'
  | 'chain'
  | 'sequence'
  | 'life'
  | 'fences'
>;
const READ_FIELDS = {
  touches: 1,
  revision: 1,
  profileRevision: 1,
  writes: 1,
  outbox: 1,
  chain: 1,
  sequence: 1,
  life: 1,
  fences: 1,
} as const;

interface Write {
  readonly touches?: readonly KeptTouch[];
  readonly fences?: readonly Fence[];
  readonly row?: Linked<LedgerRow>;
}

/** What a move makes of a document: its answer, once what it writes, if anything, is written. */
export interface Step<T> {
  readonly answer: T;
  readonly write?: Write;
}

/** Nothing to write. */
export const done = <T>(answer: T): Step<T> => ({ answer });

type StepOf<A, T> = (ask: A, read: ReadTouches) => Step<T> | Promise<Step<T>>;

export type Move = <A, T>(
  asked: readonly A[],
  contactOf: (ask: A) => string,
  step: StepOf<A, T>,
  /** What the steps need to know besides; asked after the documents are read, so that what it answers holds until they move. */
  lookUp?: (turn: readonly A[]) => Promise<void>,
) => Promise<T[]>;

/** One document to be written. */
interface Pending {
  readonly read: ReadTouches;
  readonly write: Write;
}

interface MoveState {
  readonly contacts: Model<ContactDocument>;
  readonly outbox: LedgerOutbox;
}

export function createTouchMoves(contacts: Model<ContactDocument>, outbox: LedgerOutbox): Move {
  const state: MoveState = { contacts, outbox };
  return (asked, contactOf, step, lookUp) => moveAll(state, asked, contactOf, step, lookUp);
}

async function moveAll<A, T>(
  state: MoveState,
  asked: readonly A[],
  contactOf: (ask: A) => string,
  step: StepOf<A, T>,
  lookUp?: (turn: readonly A[]) => Promise<void>,
): Promise<T[]> {
  const answers = new Map<A, T>();

  let waiting = asked;
  for (let race = 0; waiting.length > 0; race++) {
    if (race >= MAX_RACES + asked.length)
      throw new CodedError(
        'CONFLICT',
        `contact ${contactOf(waiting[0] as A)}: lost ${race} races in a row`,
      );

    // One move a contact at a time: each builds on the document that the one before it wrote.
    const turn = new Map(waiting.toReversed().map((ask) => [contactOf(ask), ask]));
    for (const { ask, answer } of await moveOnce(state, turn, step, lookUp))
      answers.set(ask, answer);
    waiting = waiting.filter((ask) => !answers.has(ask));
  }

  return asked.map((ask) => answers.get(ask) as T); // none is left waiting
}

/** Moves by contact; answers those that no rival was faster than. */
async function moveOnce<A, T>(
  state: MoveState,
  turn: ReadonlyMap<string, A>,
  step: StepOf<A, T>,
  lookUp: ((turn: readonly A[]) => Promise<void>) | undefined,
): Promise<{ readonly ask: A; readonly answer: T }[]> {
  const documents = await readTouches(state, [...turn.keys()]);
  await lookUp?.([...turn.values()]);

  const moves = await Promise.all(
    [...turn].map(async ([contactId, ask]) => {
      const read = documents.get(contactId);
      if (!read) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
      return { ask, read, ...(await step(ask, read)) };
    }),
  );

  const written = await writeTouches(
    state,
    moves.flatMap(({ read, write }) => (write ? [{ read, write }] : [])),
  );

  return moves.filter(({ read, write }) => !write || written.has(read._id));
}

async function readTouches(
  { contacts }: MoveState,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, ReadTouches>> {
  const found = await contacts
    .find({ _id: { $in: [...contactIds] } }, READ_FIELDS)
    .lean<ReadTouches[]>();
  return new Map(found.map((read) => [read._id, read]));
}

/** The contacts whose documents were written: those that had not moved since they were read. */
async function writeTouches(
  { contacts, outbox }: MoveState,
  pending: readonly Pending[],
): Promise<ReadonlySet<string>> {
  if (pending.length === 0) return new Set();

  // Before these writes take the rows' place.
  await outbox.flush(pending.flatMap(({ read, write: { row } }) => (row ? read.outbox : [])));
  const won = await writeUnmoved(contacts, pending);
  await outbox.flush(won.flatMap(({ write: { row } }) => row ?? []));

  return new Set(won.map(({ read }) => read._id));
}

async function writeUnmoved(
  contacts: Model<ContactDocument>,
  pending: readonly Pending[],
): Promise<readonly Pending[]> {
  // Of a single write the count says whether it won; of several, their mark in the documents says which did.
  const writer = pending.length > 1 ? randomUUID() : undefined;

  // The driver's own call: what is written was made here, and checking every touch again costs more than writing it.
  const { matchedCount } = await contacts.collection.bulkWrite(
    pending.map((each) => operationOf(each, writer)),
    { ordered: false },
  );
  if (matchedCount === pending.length) return pending;
  if (writer === undefined) return [];

  const ids = pending.map(({ read }) => read._id);
  const found = await contacts.find({ _id: { $in: ids } }, { writer: 1 }).lean<ContactDocument[]>();
  const mine = new Set(found.filter((each) => each.writer === writer).map(({ _id }) => _id));

  return pending.filter(({ read }) => mine.has(read._id));
}

function operationOf(
  { read: { _id, revision, profileRevision, writes }, write: { touches, fences, row } }: Pending,
  writer: string | undefined,
): mongo.AnyBulkWriteOperation {
  const settleBy = touches && settledFirstBy(touches);
  const $set = {
    ...(touches && { touches }),
    ...(settleBy !== undefined && { settleBy }),
    ...(fences && { fences }),
    ...(writer !== undefined && { writer }),
    ...(row && { outbox: [row], chain: row.chain, sequence: row.sequence }),
  };
  const isPass = row?.kind === 'decision' && row.verdict === 'pass';
  const isFact = isPass || row?.kind === 'settlement';

  return {
    updateOne: {
      // A reservation holds only against the profile it was decided on.
      filter: {
        _id,
        revision,
        writes,
        ...(isPass && { profileRevision }),
      } as object,
      update: {
        $set,
        ...(touches && settleBy === undefined && { $unset: { settleBy: '' } }),
        $inc: { writes: 1, ...(isFact && { revision: 1 }) },
      },
    },
  };
}
