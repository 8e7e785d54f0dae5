// The touch book over MongoDB: each move is one conditional write of the contact's document, which carries the ledger row until
// the ledger has it. So no crash parts a touch from its row, and no transaction is needed.

import type { Connection } from 'mongoose';
import type { TouchBook } from '../ports/touches';
import type { KeptTouch } from '../rules/contact';
import { CodedError } from '../rules/errors';
import { decisionId } from '../rules/ids';
import type { DecisionRow, LedgerRow } from '../rules/ledger';
import { compareRows, recalledTouch, withReservation, withSettlement, withTasked } from '../rules/touchState';
import { type ContactDocument, contactModel } from './contactDocument';
import { guarded } from './failures';
import { appendRows, ledgerId, ledgerModel, ledgerTotals, rowOf } from './ledger';
import { createOutbox, flushOutboxes } from './outbox';

/** Lost races before giving up. Of those who race, one wins each time, so this is how many may race at once. */
const MAX_RACES = 200;

type Book = Pick<ContactDocument, '_id' | 'touches' | 'revision' | 'profileRevision' | 'writes' | 'outbox' | 'chain'>;
const BOOK = { touches: 1, revision: 1, profileRevision: 1, writes: 1, outbox: 1, chain: 1 } as const;

export function createTouchBook(connection: Connection): TouchBook {
  const contacts = contactModel(connection);
  const ledger = ledgerModel(connection);
  const outbox = createOutbox(connection);

  async function open(contactId: string): Promise<Book> {
    const book = await contacts.findOne({ _id: contactId }, BOOK).lean<Book>();
    if (!book) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
    return book;
  }

  /** One conditional write; false when the document moved since it was read. */
  async function write(
    book: Book,
    touches: readonly KeptTouch[],
    row?: LedgerRow & { readonly chain: string },
  ): Promise<boolean> {
    if (row) await outbox.flush(book.outbox); // before this write takes the rows' place
    const { _id, revision, profileRevision, writes } = book;
    const result = await contacts.updateOne(
      { _id, revision, writes, ...(row?.kind === 'decision' && { profileRevision }) },
      row
        ? { $set: { touches, outbox: [row], chain: row.chain }, $inc: { writes: 1, revision: 1 } }
        : { $set: { touches }, $inc: { writes: 1 } },
    );
    if (result.matchedCount === 0) return false;
    if (row) await outbox.flush([row]);
    return true;
  }

  /** Tries until no rival wrote between reading and writing. */
  async function raced<T>(contactId: string, attempt: (book: Book) => Promise<T | undefined>): Promise<T> {
    for (let race = 0; race < MAX_RACES; race++) {
      const done = await attempt(await open(contactId));
      if (done !== undefined) return done;
    }
    throw new CodedError('CONFLICT', `contact ${contactId}: lost ${MAX_RACES} races in a row`);
  }

  /** Rows that a crash may have kept from the ledger. */
  async function waiting(contactId: string): Promise<readonly LedgerRow[]> {
    const read = await contacts.findOne({ _id: contactId }, { outbox: 1 }).lean();
    return read?.outbox ?? [];
  }

  /** Rows of a contact from the ledger alone. */
  async function rows(
    contactId: string,
    more: { touchId?: string; at?: { $gte?: string; $lt?: string } },
  ): Promise<LedgerRow[]> {
    const found = await ledger.find({ contactId, ...more }).lean();
    return found.map(rowOf);
  }

  /** The book with a touch that had left it put back, so that it can be settled like any other. */
  async function withRecalled(book: Book, touchId: string): Promise<Book> {
    if (book.touches.some((touch) => touch.touchId === touchId)) return book;
    await outbox.flush(book.outbox);
    const touch = recalledTouch(await rows(book._id, { touchId }), touchId);
    if (!touch) throw new CodedError('NOT_FOUND', `touch ${touchId} of contact ${book._id} was never reserved`);
    return { ...book, touches: [...book.touches, touch] };
  }

  async function decision(touchId: string, attempt: number): Promise<DecisionRow | null> {
    const found = await ledger.findOne({ _id: decisionId(touchId, attempt) }).lean();
    const row = found && rowOf(found);
    return row?.kind === 'decision' ? row : null;
  }

  const book: TouchBook = {
    async reserve(contact, row, dropBefore) {
      if (row.revision !== contact.revision + 1 || row.verdict !== 'pass')
        throw new CodedError(
          'INVALID_INPUT',
          `row ${ledgerId(row)}: a reservation is a pass with revision ${contact.revision + 1}`,
        );
      return await raced(contact.contactId, async (read) => {
        if (read.revision !== contact.revision || read.profileRevision !== contact.profileRevision) return false;
        const moved = withReservation({ ...read, contactId: read._id }, row, dropBefore);
        if (!moved) return false;
        return (await write(read, moved.touches, moved.row)) || undefined;
      });
    },

    async record(row) {
      const [isNew] = await appendRows(ledger, [row]);
      // After the insert: a rival's reservation of this attempt, if there is one, is then either here or not made yet.
      const left = await waiting(row.contactId);
      if (isNew && !left.some((each) => ledgerId(each) === ledgerId(row))) return row;
      await outbox.flush(left);
      return (await decision(row.touchId, row.attempt)) ?? row;
    },

    async decision(touchId, attempt, contactId) {
      const known = await decision(touchId, attempt);
      if (known?.verdict === 'pass') return known;
      const left = (await waiting(contactId)).find((row) => ledgerId(row) === decisionId(touchId, attempt));
      if (left?.kind !== 'decision') return known;
      await outbox.flush([left]);
      return left;
    },

    async tasked(contactId, touchId, channelRef) {
      await raced(contactId, async (read) => {
        const touches = withTasked({ ...read, contactId }, touchId, channelRef);
        return touches === null || (await write(read, touches)) || undefined;
      });
    },

    settle(contactId, touchId, settlement) {
      return raced(contactId, async (opened) => {
        const read = await withRecalled(opened, touchId);
        const moved = withSettlement({ ...read, contactId }, touchId, settlement);
        if (moved) return (await write(read, moved.touches, moved.row)) || undefined;
        await outbox.flush(read.outbox); // a crash may have kept the row of the first time
        return false;
      });
    },

    async story(contactId, from, to) {
      await outbox.flush(await waiting(contactId));
      const at = { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) };
      const found = await rows(contactId, Object.keys(at).length === 0 ? {} : { at });
      return found.sort(compareRows);
    },

    async *export() {
      await flushOutboxes(connection);
      const all = ledger
        .find()
        .sort({ at: 1, revision: 1, kind: 1, _id: 1 })
        .allowDiskUse(true)
        .lean()
        .cursor({ batchSize: 1000 });
      for await (const document of all) yield rowOf(document);
    },

    totals: () => ledgerTotals(ledger),
  };
  return guarded(book);
}
