// The touch store over MongoDB: each move is one conditional write of the contact's document, which carries the ledger row until
// the ledger has it. So no crash parts a touch from its row, and no transaction is needed.

import type { Connection, Model } from 'mongoose';
import type { QuotaStore } from '../../ports/quotas';
import type {
  AttemptRef,
  OverdueTouch,
  ReceiptOf,
  RecordRequest,
  ReservationRequest,
  SettlementOf,
  Tasking,
  TouchStore,
} from '../../ports/touches';
import { CodedError } from '../../rules/base/errors';
import { decisionId } from '../../rules/base/ids';
import type { KeptTouch, Withdrawal } from '../../rules/contact/contact';
import { isTooLate, nextFence, withFence } from '../../rules/contact/fences';
import type { LedgerKey } from '../../rules/ledger/chain';
import { type DecisionRow, type LedgerRow, rowId } from '../../rules/ledger/rows';
import {
  compareRows,
  linked,
  overdueTouches,
  recalledTouch,
  withReceipt,
  withReservation,
  withSettlement,
  withTasked,
  withWithdrawal,
} from '../../rules/ledger/touchState';
import { freedBy } from '../freedUnits';
import { type OverdueCursor, overdueCursor, parseOverdueCursor } from '../overdueCursor';
import { type ContactDocument, contactModel } from './contactDocument';
import { guarded } from './failures';
import { type LedgerDocument, ledgerModel, ledgerTotals, rowFromDocument } from './ledger';
import { createOutbox, flushOutboxes, type LedgerOutbox } from './outbox';
import { createTouchMoves, done, type Move, type ReadTouches, type Step } from './touchMoves';

interface TouchState {
  readonly connection: Connection;
  readonly contacts: Model<ContactDocument>;
  readonly ledger: Model<LedgerDocument>;
  readonly outbox: LedgerOutbox;
  readonly move: Move;
  readonly quotas: QuotaStore;
  readonly key: LedgerKey | undefined;
}

/** @param key signs the ledger; absent: its rows are chained by plain hashes. */
export function createTouchStore(
  connection: Connection,
  quotas: QuotaStore,
  key?: LedgerKey,
): TouchStore {
  const contacts = contactModel(connection);
  const outbox = createOutbox(connection);
  const move = createTouchMoves(contacts, outbox);
  const ledger = ledgerModel(connection);
  const state: TouchState = { connection, contacts, ledger, outbox, move, quotas, key };

  return guarded<TouchStore>({
    fenceMany: (attempts) => fenceMany(state, attempts),
    reserveMany: (reservations) => reserveMany(state, reservations),
    recordMany: (decisions) => recordMany(state, decisions),
    decisionMany: (attempts) => decisionMany(state, attempts),
    taskedMany: (taskings) => taskedMany(state, taskings),

    settle: async (contactId, touchId, settlement) =>
      (await settleMany(state, [{ contactId, touchId, ...settlement }]))[0] === true,
    settleMany: (settlements) => settleMany(state, settlements),
    receive: (contactId, touchId, receipt) => receive(state, contactId, touchId, receipt),
    withdraw: (contactId, touchId, withdrawn) => withdraw(state, contactId, touchId, withdrawn),

    overdue: (before, after, limit) => overdue(state, before, after, limit),
    countOverdue: (before) => contacts.countDocuments({ settleBy: { $lt: before } }).exec(),

    timeline: (contactId, from, to) => timeline(state, contactId, from, to),
    export: (since, until) => exportRows(state, since, until),
    totals: () => ledgerTotals(ledger),
  });
}

async function fenceMany({ move }: TouchState, attempts: readonly AttemptRef[]): Promise<number[]> {
  return await move(attempts, ({ contactId }) => contactId, fencing);
}

function fencing(attempt: AttemptRef, { fences = [] }: ReadTouches): Step<number> {
  const latest = nextFence(fences, attempt);
  return { write: { fences: withFence(fences, latest) }, answer: latest.fence };
}

async function reserveMany(
  { move, key }: TouchState,
  reservations: readonly ReservationRequest[],
): Promise<boolean[]> {
  for (const { contact, row } of reservations)
    if (row.revision !== contact.revision + 1 || row.verdict !== 'pass')
      throw new CodedError(
        'INVALID_INPUT',
        `row ${rowId(row)}: a reservation is a pass with revision ${contact.revision + 1}`,
      );

  return await move(
    reservations,
    ({ contact }) => contact.contactId,
    (reservation, read) => reserving(reservation, read, key),
  );
}

function reserving(
  { contact, row, dropBefore, fence = 0 }: ReservationRequest,
  read: ReadTouches,
  key: LedgerKey | undefined,
): Step<boolean> {
  if (read.revision !== contact.revision || read.profileRevision !== contact.profileRevision)
    return done(false);
  if (isTooLate(read, row.touchId, { attempt: row.attempt, fence })) return done(false);

  const moved = withReservation({ ...read, contactId: read._id, key }, row, dropBefore);
  return moved ? { write: { touches: moved.touches, row: moved.row }, answer: true } : done(false);
}

async function recordMany(
  state: TouchState,
  decisions: readonly RecordRequest[],
): Promise<(DecisionRow | null)[]> {
  let known: ReadonlyMap<string, DecisionRow> = new Map();

  return await state.move(
    decisions,
    ({ row }) => row.contactId,
    (decision, read) => recording(state, decision, read, known),
    async (turn) => {
      known = await decisionsInLedger(
        state,
        turn.map(({ row }) => rowId(row)),
      );
    },
  );
}

/** `known`: rows that the ledger had after the document was read. */
async function recording(
  { outbox, key }: TouchState,
  { row, fence = 0 }: RecordRequest,
  read: ReadTouches,
  known: ReadonlyMap<string, DecisionRow>,
): Promise<Step<DecisionRow | null>> {
  const id = rowId(row);
  const before = known.get(id) ?? read.outbox.find((each) => rowId(each) === id);
  if (before?.kind === 'decision') {
    await outbox.flush([before]);
    return done(before);
  }

  if (isTooLate(read, row.touchId, { attempt: row.attempt, fence })) return done(null);

  const next = linked({ ...read, key }, row);
  return { write: { row: next }, answer: next };
}

async function decisionMany(
  state: TouchState,
  attempts: readonly AttemptRef[],
): Promise<(DecisionRow | null)[]> {
  const idOf = ({ touchId, attempt }: AttemptRef) => decisionId(touchId, attempt);
  const inLedger = await decisionsInLedger(state, attempts.map(idOf));

  // Only a pass is sure: what else the ledger says may be overtaken by a reservation that a crash kept from it.
  const unsure = attempts.filter((each) => inLedger.get(idOf(each))?.verdict !== 'pass');
  const kept = unsure.length > 0 ? await keptDecisions(state, unsure) : [];
  const byId = new Map([...inLedger, ...kept.map((row) => [rowId(row), row] as const)]);

  return attempts.map((each) => byId.get(idOf(each)) ?? null);
}

/** Decisions that a crash left in the contacts' documents only; the ledger has them afterwards. */
async function keptDecisions(
  state: TouchState,
  attempts: readonly AttemptRef[],
): Promise<readonly DecisionRow[]> {
  const left = await rowsInOutboxes(
    state,
    attempts.map(({ contactId }) => contactId),
  );

  const found = attempts.flatMap(({ touchId, attempt, contactId }) => {
    const id = decisionId(touchId, attempt);
    const row = left.get(contactId)?.find((each) => rowId(each) === id);
    return row?.kind === 'decision' ? [row] : [];
  });

  await state.outbox.flush(found);
  return found;
}

async function taskedMany({ move }: TouchState, taskings: readonly Tasking[]): Promise<void> {
  await move(taskings, ({ contactId }) => contactId, tasking);
}

function tasking({ contactId, touchId, channelRef, by }: Tasking, read: ReadTouches): Step<true> {
  if (isTooLate(read, touchId, by)) return done(true);

  const touches = withTasked({ ...read, contactId }, touchId, channelRef);
  return touches ? { write: { touches }, answer: true } : done(true);
}

interface Settled {
  /** False: it had ended before. */
  readonly ended: boolean;
  /** The attempt whose units of shared limits go back. */
  readonly freed: readonly string[];
}

async function settleMany(
  state: TouchState,
  settlements: readonly SettlementOf[],
): Promise<boolean[]> {
  const settled = await state.move(
    settlements,
    ({ contactId }) => contactId,
    (settlement, read) => settling(state, settlement, read),
  );

  await state.quotas.giveBack(settled.flatMap(({ freed }) => freed));
  return settled.map(({ ended }) => ended);
}

async function settling(
  state: TouchState,
  { contactId, touchId, by, ...ending }: SettlementOf,
  opened: ReadTouches,
): Promise<Step<Settled>> {
  if (isTooLate(opened, touchId, by)) return done({ ended: false, freed: [] });

  const read = await withRecalled(state, opened, touchId);
  const known = read.touches.find((touch) => touch.touchId === touchId);
  const moved = withSettlement({ ...read, contactId, key: state.key }, touchId, ending);

  const freed = freedBy(moved?.row.settled ?? known?.state, touchId, known?.attempt ?? 0);
  if (moved)
    return {
      write: { touches: moved.touches, row: moved.row },
      answer: { ended: true, freed },
    };

  await state.outbox.flush(read.outbox); // a crash may have kept the row of the first time
  return done({ ended: false, freed });
}

async function receive(
  state: TouchState,
  contactId: string,
  touchId: string,
  receipt: ReceiptOf,
): Promise<KeptTouch> {
  const [touch] = await state.move(
    [receipt],
    () => contactId,
    (given, read) => receiving(state, touchId, given, read),
  );
  if (!touch) throw neverReserved(contactId, touchId);

  if (touch.state === 'released') await state.quotas.giveBack([decisionId(touchId, touch.attempt)]);
  return touch;
}

async function receiving(
  state: TouchState,
  touchId: string,
  receipt: ReceiptOf,
  opened: ReadTouches,
): Promise<Step<KeptTouch | null>> {
  const read = await withRecalled(state, opened, touchId);
  const received = withReceipt({ ...read, contactId: read._id, key: state.key }, touchId, receipt);
  if (!received) return done(null);

  const { touch, touches, moved } = received;
  if (!moved) await state.outbox.flush(read.outbox); // a crash may have kept the row of the first time
  return { write: moved ? { touches: moved.touches, row: moved.row } : { touches }, answer: touch };
}

async function withdraw(
  { move, outbox, key }: TouchState,
  contactId: string,
  touchId: string,
  withdrawn: Withdrawal,
): Promise<boolean> {
  const [isWithdrawn] = await move(
    [touchId],
    () => contactId,
    async (_, read): Promise<Step<boolean>> => {
      const moved = withWithdrawal({ ...read, contactId, key }, touchId, withdrawn);
      if (moved) return { write: { touches: moved.touches, row: moved.row }, answer: true };

      await outbox.flush(read.outbox); // a crash may have kept the row of the first time
      return done(false);
    },
  );

  return isWithdrawn === true;
}

/** The document with a touch that had left it put back, so that it can be settled like any other. */
async function withRecalled(
  state: TouchState,
  read: ReadTouches,
  touchId: string,
): Promise<ReadTouches> {
  if (read.touches.some((touch) => touch.touchId === touchId)) return read;

  await state.outbox.flush(read.outbox);
  const touch = recalledTouch(await rowsInLedger(state, read._id, { touchId }), touchId);
  if (!touch) throw neverReserved(read._id, touchId);

  return { ...read, touches: [...read.touches, touch] };
}

const neverReserved = (contactId: string, touchId: string): CodedError =>
  new CodedError('NOT_FOUND', `touch ${touchId} of contact ${contactId} was never reserved`);

async function overdue(
  { contacts }: TouchState,
  before: string,
  after: string | null,
  limit: number,
): Promise<{ readonly touches: readonly OverdueTouch[]; readonly next: string | null }> {
  const found = await contacts
    .find({ settleBy: { $lt: before }, ...(after !== null && isAfter(parseOverdueCursor(after))) })
    .sort({ settleBy: 1, _id: 1 })
    .limit(limit)
    .lean<ContactDocument[]>();

  const last = found.length < limit ? undefined : found.at(-1);
  const touches = found.flatMap(({ _id, touches }) =>
    overdueTouches(touches, before).map((touch) => ({ ...touch, contactId: _id })),
  );
  return { touches, next: last ? overdueCursor(last.settleBy ?? '', last._id) : null };
}

const isAfter = ({ settleBy, contactId }: OverdueCursor): object => ({
  $or: [{ settleBy: { $gt: settleBy } }, { settleBy, _id: { $gt: contactId } }],
});

async function timeline(
  state: TouchState,
  contactId: string,
  from: string | undefined,
  to: string | undefined,
): Promise<LedgerRow[]> {
  const left = await rowsInOutboxes(state, [contactId]);
  await state.outbox.flush(left.get(contactId) ?? []);

  const found = await rowsInLedger(state, contactId, withinTime(from, to));
  return found.sort(compareRows);
}

/** Rows with `from <= at < to` (ISO). */
function withinTime(from: string | undefined, to: string | undefined) {
  const at = { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) };
  return Object.keys(at).length === 0 ? {} : { at };
}

async function* exportRows(
  { connection, ledger }: TouchState,
  since: string | undefined,
  until: string | undefined,
): AsyncGenerator<LedgerRow> {
  await flushOutboxes(connection);

  const all = ledger
    .find(withinTime(since, until))
    .sort({ at: 1, revision: 1, kind: 1, _id: 1 })
    .allowDiskUse(true)
    .lean()
    .cursor({ batchSize: 1000 });

  for await (const document of all) yield rowFromDocument(document);
}

/** Rows that a crash may have kept from the ledger, by contact. */
async function rowsInOutboxes(
  { contacts }: TouchState,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
  const read = await contacts
    .find({ _id: { $in: [...new Set(contactIds)] } }, { outbox: 1 })
    .lean();
  return new Map(read.map((each) => [each._id, each.outbox]));
}

async function rowsInLedger(
  { ledger }: TouchState,
  contactId: string,
  more: { readonly touchId?: string; readonly at?: { $gte?: string; $lt?: string } },
): Promise<LedgerRow[]> {
  const found = await ledger.find({ contactId, ...more }).lean();
  return found.map(rowFromDocument);
}

/** By their ids. */
async function decisionsInLedger(
  { ledger }: TouchState,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DecisionRow>> {
  const found = (await ledger.find({ _id: { $in: [...ids] } }).lean()).map(rowFromDocument);
  return new Map(found.flatMap((row) => (row.kind === 'decision' ? [[rowId(row), row]] : [])));
}
