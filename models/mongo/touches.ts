// The touch store over MongoDB: each move is one conditional write of the contact's document, which carries the ledger row until
// the ledger has it. So no crash parts a touch from its row, and no transaction is needed.

import type { Connection } from 'mongoose';
import type { QuotaStore } from '../../ports/quotas';
import type {
  AttemptRef,
  ReservationRequest,
  SettlementOf,
  Tasking,
  TouchStore,
} from '../../ports/touches';
import { CodedError } from '../../rules/base/errors';
import { decisionId } from '../../rules/base/ids';
import type { DecisionRow, LedgerRow } from '../../rules/ledger/rows';
import {
  compareRows,
  recalledTouch,
  withReservation,
  withSettlement,
  withTasked,
} from '../../rules/ledger/touchState';
import { contactModel } from './contactDocument';
import { guarded } from './failures';
import { appendRows, ledgerId, ledgerModel, ledgerTotals, rowFromDocument } from './ledger';
import { createOutbox, flushOutboxes } from './outbox';
import { type Book, createTouchMoves, done, type Step } from './touchMoves';

export function createTouchStore(connection: Connection, quotas: QuotaStore): TouchStore {
  const contacts = contactModel(connection);
  const ledger = ledgerModel(connection);
  const outbox = createOutbox(connection);
  const move = createTouchMoves(contacts, outbox);

  /** Rows that a crash may have kept from the ledger, by contact. */
  async function waiting(
    contactIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
    const read = await contacts
      .find({ _id: { $in: [...new Set(contactIds)] } }, { outbox: 1 })
      .lean();
    return new Map(read.map((each) => [each._id, each.outbox]));
  }

  /** Rows of a contact from the ledger alone. */
  async function rows(
    contactId: string,
    more: { touchId?: string; at?: { $gte?: string; $lt?: string } },
  ): Promise<LedgerRow[]> {
    const found = await ledger.find({ contactId, ...more }).lean();
    return found.map(rowFromDocument);
  }

  /** The book with a touch that had left it put back, so that it can be settled like any other. */
  async function withRecalled(book: Book, touchId: string): Promise<Book> {
    if (book.touches.some((touch) => touch.touchId === touchId)) return book;
    await outbox.flush(book.outbox);
    const touch = recalledTouch(await rows(book._id, { touchId }), touchId);
    if (!touch)
      throw new CodedError(
        'NOT_FOUND',
        `touch ${touchId} of contact ${book._id} was never reserved`,
      );
    return { ...book, touches: [...book.touches, touch] };
  }

  /** Decisions that the ledger has, by their ids. */
  async function decisions(ids: readonly string[]): Promise<ReadonlyMap<string, DecisionRow>> {
    const found = (await ledger.find({ _id: { $in: [...ids] } }).lean()).map(rowFromDocument);
    return new Map(found.flatMap((row) => (row.kind === 'decision' ? [[ledgerId(row), row]] : [])));
  }

  function reserving({ contact, row, dropBefore }: ReservationRequest, read: Book): Step<boolean> {
    if (read.revision !== contact.revision || read.profileRevision !== contact.profileRevision)
      return done(false);
    const moved = withReservation({ ...read, contactId: read._id }, row, dropBefore);
    return moved
      ? { write: { touches: moved.touches, row: moved.row }, answer: true }
      : done(false);
  }

  function tasking({ contactId, touchId, channelRef }: Tasking, read: Book): Step<true> {
    const touches = withTasked({ ...read, contactId }, touchId, channelRef);
    return touches ? { write: { touches }, answer: true } : done(true);
  }

  /** Answers whether it ended the touch, and whose units are to go back. */
  async function settling(
    { contactId, touchId, ...ending }: SettlementOf,
    opened: Book,
  ): Promise<Step<Settled>> {
    const read = await withRecalled(opened, touchId);
    const attempt = read.touches.find((touch) => touch.touchId === touchId)?.attempt ?? 0;
    const freed = ending.settled === 'released' ? decisionId(touchId, attempt) : undefined;
    const moved = withSettlement({ ...read, contactId }, touchId, ending);
    if (moved)
      return { write: { touches: moved.touches, row: moved.row }, answer: { ended: true, freed } };
    await outbox.flush(read.outbox); // a crash may have kept the row of the first time
    return done({ ended: false, freed });
  }

  const book: TouchStore = {
    reserve: async (contact, row, dropBefore) =>
      (
        await book.reserveMany([{ contact, row, ...(dropBefore !== undefined && { dropBefore }) }])
      )[0] === true,

    async reserveMany(reservations) {
      for (const { contact, row } of reservations)
        if (row.revision !== contact.revision + 1 || row.verdict !== 'pass')
          throw new CodedError(
            'INVALID_INPUT',
            `row ${ledgerId(row)}: a reservation is a pass with revision ${contact.revision + 1}`,
          );
      return await move(reservations, ({ contact }) => contact.contactId, reserving);
    },

    record: async (row) => (await book.recordMany([row]))[0] ?? row,

    async recordMany(given) {
      const isNew = await appendRows(ledger, given);
      // After the insert: a rival's reservation of an attempt, if there is one, is then either here or not made yet.
      const left = await waiting(given.map(({ contactId }) => contactId));
      const isTaken = (row: DecisionRow) =>
        left.get(row.contactId)?.some((each) => ledgerId(each) === ledgerId(row));
      const older = given.filter((row, i) => !isNew[i] || isTaken(row));
      if (older.length === 0) return [...given];
      await outbox.flush(older.flatMap(({ contactId }) => left.get(contactId) ?? []));
      const known = await decisions(older.map(ledgerId));
      return given.map((row) => known.get(ledgerId(row)) ?? row);
    },

    decision: async (touchId, attempt, contactId) =>
      (await book.decisionMany([{ touchId, attempt, contactId }]))[0] ?? null,

    async decisionMany(attempts) {
      const idOf = ({ touchId, attempt }: AttemptRef) => decisionId(touchId, attempt);
      const known = new Map(await decisions(attempts.map(idOf)));
      const unsure = attempts.filter((each) => known.get(idOf(each))?.verdict !== 'pass');
      if (unsure.length > 0) {
        const left = await waiting(unsure.map(({ contactId }) => contactId));
        const found = unsure.flatMap((each) => {
          const row = left.get(each.contactId)?.find((one) => ledgerId(one) === idOf(each));
          return row?.kind === 'decision' ? [row] : [];
        });
        await outbox.flush(found);
        for (const row of found) known.set(ledgerId(row), row);
      }
      return attempts.map((each) => known.get(idOf(each)) ?? null);
    },

    tasked: (contactId, touchId, channelRef) =>
      book.taskedMany([{ contactId, touchId, channelRef }]),

    async taskedMany(taskings) {
      await move(taskings, ({ contactId }) => contactId, tasking);
    },

    settle: async (contactId, touchId, settlement) =>
      (await book.settleMany([{ contactId, touchId, ...settlement }]))[0] === true,

    async settleMany(settlements) {
      const settled = await move(settlements, ({ contactId }) => contactId, settling);
      await quotas.giveBack(settled.flatMap(({ freed }) => freed ?? []));
      return settled.map(({ ended }) => ended);
    },

    async timeline(contactId, from, to) {
      await outbox.flush((await waiting([contactId])).get(contactId) ?? []);
      const at = {
        ...(from !== undefined && { $gte: from }),
        ...(to !== undefined && { $lt: to }),
      };
      const found = await rows(contactId, Object.keys(at).length === 0 ? {} : { at });
      return found.sort(compareRows);
    },

    async *export(since) {
      await flushOutboxes(connection);
      const all = ledger
        .find(since === undefined ? {} : { at: { $gte: since } })
        .sort({ at: 1, revision: 1, kind: 1, _id: 1 })
        .allowDiskUse(true)
        .lean()
        .cursor({ batchSize: 1000 });
      for await (const document of all) yield rowFromDocument(document);
    },

    totals: () => ledgerTotals(ledger),
  };
  return guarded(book);
}

interface Settled {
  readonly ended: boolean;
  readonly freed: string | undefined;
}
