// Moves of touches, a page of contacts at a time: read the documents, ask what each move makes of its own, write all that do
// not stand still on the condition that they did not move, and try the moved again.

import { randomUUID } from 'node:crypto';
import type { Model, mongo } from 'mongoose';
import { CodedError } from '../../rules/base/errors';
import type { KeptTouch } from '../../rules/contact/contact';
import type { LedgerRow } from '../../rules/ledger/rows';
import type { ContactDocument } from './contactDocument';
import type { LedgerOutbox } from './outbox';

/** Lost races before giving up. Of those who race, one wins each time, so this is how many may race at once. */
const MAX_RACES = 200;

/** The part of a contact's document that moves of touches read and write. */
export type Book = Pick<
  ContactDocument,
  '_id' | 'touches' | 'revision' | 'profileRevision' | 'writes' | 'outbox' | 'chain'
>;
const BOOK = {
  touches: 1,
  revision: 1,
  profileRevision: 1,
  writes: 1,
  outbox: 1,
  chain: 1,
} as const;

interface Write {
  readonly touches: readonly KeptTouch[];
  readonly row?: LedgerRow & { readonly chain: string };
}

/** What a move makes of a document: its answer, once what it writes, if anything, is written. */
export interface Step<T> {
  readonly answer: T;
  readonly write?: Write;
}

/** Nothing to write. */
export const done = <T>(answer: T): Step<T> => ({ answer });

export type Move = <A, T>(
  asked: readonly A[],
  contactOf: (ask: A) => string,
  step: (ask: A, book: Book) => Step<T> | Promise<Step<T>>,
) => Promise<T[]>;

/** One document to be written. */
interface Pending {
  readonly book: Book;
  readonly write: Write;
}

export function createTouchMoves(contacts: Model<ContactDocument>, outbox: LedgerOutbox): Move {
  async function open(contactIds: readonly string[]): Promise<ReadonlyMap<string, Book>> {
    const books = await contacts.find({ _id: { $in: [...contactIds] } }, BOOK).lean<Book[]>();
    return new Map(books.map((book) => [book._id, book]));
  }

  /** The contacts whose documents were written: those that had not moved since they were read. */
  async function write(pending: readonly Pending[]): Promise<ReadonlySet<string>> {
    if (pending.length === 0) return new Set();
    // Before these writes take the rows' place.
    await outbox.flush(pending.flatMap(({ book, write: { row } }) => (row ? book.outbox : [])));
    const writer = randomUUID();
    // The driver's own call: what is written was made here, and checking every touch again costs more than writing it.
    const { matchedCount } = await contacts.collection.bulkWrite(
      pending.map((each) => operationOf(each, pending.length > 1 ? writer : undefined)),
      { ordered: false },
    );
    let won = pending;
    if (matchedCount < pending.length) {
      const ids = pending.map(({ book }) => book._id);
      const mine =
        pending.length === 1
          ? []
          : await contacts.find({ _id: { $in: ids } }, { writer: 1 }).lean<ContactDocument[]>();
      const written = new Set(mine.filter((each) => each.writer === writer).map(({ _id }) => _id));
      won = pending.filter(({ book }) => written.has(book._id));
    }
    await outbox.flush(won.flatMap(({ write: { row } }) => row ?? []));
    return new Set(won.map(({ book }) => book._id));
  }

  return async <A, T>(
    asked: readonly A[],
    contactOf: (ask: A) => string,
    step: (ask: A, book: Book) => Step<T> | Promise<Step<T>>,
  ) => {
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
      const books = await open([...turn.keys()]);
      const steps = await Promise.all(
        [...turn].map(async ([contactId, ask]) => {
          const book = books.get(contactId);
          if (!book) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
          return { ask, book, ...(await step(ask, book)) };
        }),
      );
      const pending = steps.flatMap(({ book, write }) => (write ? [{ book, write }] : []));
      const written = await write(pending);
      for (const { ask, book, answer, write } of steps)
        if (!write || written.has(book._id)) answers.set(ask, answer);
      waiting = waiting.filter((ask) => !answers.has(ask));
    }
    return asked.map((ask) => answers.get(ask) as T); // none is left waiting
  };
}

function operationOf(
  { book: { _id, revision, profileRevision, writes }, write: { touches, row } }: Pending,
  writer: string | undefined,
): mongo.AnyBulkWriteOperation {
  const $set = {
    touches,
    ...(writer !== undefined && { writer }),
    ...(row && { outbox: [row], chain: row.chain }),
  };
  return {
    updateOne: {
      // A reservation holds only against the profile it was decided on.
      filter: {
        _id,
        revision,
        writes,
        ...(row?.kind === 'decision' && { profileRevision }),
      } as object,
      update: { $set, $inc: { writes: 1, ...(row && { revision: 1 }) } },
    },
  };
}
