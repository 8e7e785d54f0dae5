// The touch store in memory.

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
import type { Contact, KeptTouch, Withdrawal } from '../../rules/contact/contact';
import { isTooLate, nextFence, withFence } from '../../rules/contact/fences';
import type { LedgerKey } from '../../rules/ledger/chain';
import { type DecisionRow, type LedgerRow, rowId } from '../../rules/ledger/rows';
import {
  compareRows,
  linked,
  type Moved,
  overdueTouches,
  recalledTouch,
  settledFirstBy,
  withReceipt,
  withReservation,
  withSettlement,
  withTasked,
  withWithdrawal,
} from '../../rules/ledger/touchState';
import { freedBy } from '../freedUnits';
import { overdueCursor } from '../overdueCursor';
import type { ContactRows } from './contacts';
import { copy } from './copy';
import { createMemoryLedger, type MemoryLedger } from './ledger';

interface TouchStoreState {
  readonly contacts: ContactRows;
  readonly quotas: QuotaStore;
  readonly ledger: MemoryLedger;
  readonly key: LedgerKey | undefined;
}

export function createMemoryTouches(
  contacts: ContactRows,
  quotas: QuotaStore,
  key?: LedgerKey,
  ledger: MemoryLedger = createMemoryLedger(),
): TouchStore {
  const state: TouchStoreState = { contacts, quotas, ledger, key };

  return {
    fenceMany: async (attempts) => attempts.map((each) => fence(state, each)),
    reserveMany: async (reservations) => reservations.map((each) => reserve(state, each)),
    recordMany: async (decisions) => decisions.map((each) => record(state, each)),
    decisionMany: async (attempts) =>
      attempts.map(({ touchId, attempt }) => ledger.decision(touchId, attempt)),
    taskedMany: async (taskings) => {
      for (const tasking of taskings) tasked(state, tasking);
    },

    settle: (contactId, touchId, settlement) =>
      settle(state, { contactId, touchId, ...settlement }),
    settleMany: (settlements) => settleMany(state, settlements),
    receive: async (contactId, touchId, receipt) => receive(state, contactId, touchId, receipt),
    withdraw: async (contactId, touchId, withdrawn) =>
      withdraw(state, contactId, touchId, withdrawn),

    overdue: async (before, after, limit) => overdue(state, before, after, limit),
    countOverdue: async (before) => overdueContacts(state, before).length,

    timeline: async (contactId, from, to) => timeline(state, contactId, from, to),
    export: (since, until) => exportRows(state, since, until),
    totals: async () => ledger.totals(),
  };
}

function fence(state: TouchStoreState, attempt: AttemptRef): number {
  const contact = knownContact(state, attempt.contactId);
  const { fences = [] } = contact;
  const latest = nextFence(fences, attempt);

  state.contacts.set(attempt.contactId, { ...contact, fences: withFence(fences, latest) });
  return latest.fence;
}

function reserve(
  state: TouchStoreState,
  { contact: read, row, dropBefore, fence: own = 0 }: ReservationRequest,
): boolean {
  const { contactId, revision, profileRevision } = read;
  if (row.revision !== revision + 1 || row.verdict !== 'pass')
    throw new CodedError(
      'INVALID_INPUT',
      `row ${rowId(row)}: a reservation is a pass with revision ${revision + 1}`,
    );

  const contact = knownContact(state, contactId);
  if (contact.revision !== revision || contact.profileRevision !== profileRevision) return false;
  if (isTooLate(contact, row.touchId, { attempt: row.attempt, fence: own })) return false;

  const moved = withReservation({ ...contact, key: state.key }, row, dropBefore);
  if (moved) keep(state, contact, moved);

  return moved !== null;
}

function record(
  state: TouchStoreState,
  { row, fence: own = 0 }: RecordRequest,
): DecisionRow | null {
  const before = state.ledger.decision(row.touchId, row.attempt);
  if (before) return before;

  const contact = knownContact(state, row.contactId);
  if (isTooLate(contact, row.touchId, { attempt: row.attempt, fence: own })) return null;

  const next = linked({ ...contact, key: state.key }, row);
  const { chain, sequence } = next;
  state.contacts.set(row.contactId, { ...contact, chain, sequence });
  state.ledger.append(next);

  return copy(next);
}

function tasked(state: TouchStoreState, { contactId, touchId, channelRef, by }: Tasking): void {
  const contact = knownContact(state, contactId);
  if (isTooLate(contact, touchId, by)) return;

  const touches = withTasked(contact, touchId, channelRef);
  if (touches) state.contacts.set(contactId, { ...contact, touches });
}

async function settleMany(
  state: TouchStoreState,
  settlements: readonly SettlementOf[],
): Promise<boolean[]> {
  const ended: boolean[] = [];
  for (const each of settlements) ended.push(await settle(state, each));
  return ended;
}

async function settle(state: TouchStoreState, settlement: SettlementOf): Promise<boolean> {
  const { contactId, touchId, by } = settlement;
  const contact = knownContact(state, contactId);
  if (isTooLate(contact, touchId, by)) return false;

  const touches = touchesWith(state, contact, touchId);

  const moved = withSettlement({ ...contact, touches, key: state.key }, touchId, settlement);
  if (moved) keep(state, contact, moved);

  const known = touches.find((touch) => touch.touchId === touchId);
  const isNow = moved?.row.settled ?? known?.state;
  await state.quotas.giveBack(freedBy(isNow, touchId, known?.attempt ?? 0));

  return moved !== null;
}

async function receive(
  state: TouchStoreState,
  contactId: string,
  touchId: string,
  receipt: ReceiptOf,
): Promise<KeptTouch> {
  const contact = knownContact(state, contactId);
  const touches = touchesWith(state, contact, touchId);
  const received = withReceipt({ ...contact, touches, key: state.key }, touchId, receipt);
  if (!received) throw neverReserved(contactId, touchId);

  const { touch, moved } = received;
  if (moved) keep(state, contact, moved);
  else state.contacts.set(contactId, { ...contact, touches: received.touches });

  if (touch.state === 'released') await state.quotas.giveBack([decisionId(touchId, touch.attempt)]);
  return copy(touch);
}

function withdraw(
  state: TouchStoreState,
  contactId: string,
  touchId: string,
  withdrawn: Withdrawal,
): boolean {
  const contact = knownContact(state, contactId);
  const moved = withWithdrawal({ ...contact, key: state.key }, touchId, withdrawn);
  if (moved) keep(state, contact, moved);

  return moved !== null;
}

/** The contact's touches with one that had left them put back, so that it can be settled like any other. */
function touchesWith(
  { ledger }: TouchStoreState,
  { contactId, touches }: Contact,
  touchId: string,
): readonly KeptTouch[] {
  if (touches.some((touch) => touch.touchId === touchId)) return touches;

  const recalled = recalledTouch(ledger.rowsOf(contactId), touchId);
  if (!recalled) throw neverReserved(contactId, touchId);

  return [...touches, recalled];
}

const neverReserved = (contactId: string, touchId: string): CodedError =>
  new CodedError('NOT_FOUND', `touch ${touchId} of contact ${contactId} was never reserved`);

function overdue(
  state: TouchStoreState,
  before: string,
  after: string | null,
  limit: number,
): { readonly touches: readonly OverdueTouch[]; readonly next: string | null } {
  const found = overdueContacts(state, before)
    .filter(({ cursor }) => after === null || cursor > after)
    .sort((a, b) => (a.cursor < b.cursor ? -1 : 1))
    .slice(0, limit);

  const touches = found.flatMap(({ contact: { contactId, touches } }) =>
    overdueTouches(touches, before).map((touch) => ({ ...copy(touch), contactId })),
  );
  return { touches, next: found.length < limit ? null : (found.at(-1)?.cursor ?? null) };
}

function overdueContacts(
  { contacts }: TouchStoreState,
  before: string,
): { readonly contact: Contact; readonly cursor: string }[] {
  return [...contacts.values()].flatMap((contact) => {
    const settleBy = settledFirstBy(contact.touches);
    if (settleBy === undefined || settleBy >= before) return [];
    return [{ contact, cursor: overdueCursor(settleBy, contact.contactId) }];
  });
}

function timeline(
  { ledger }: TouchStoreState,
  contactId: string,
  from = '',
  to = '\uffff',
): LedgerRow[] {
  return ledger
    .rowsOf(contactId)
    .filter((row) => row.at >= from && row.at < to)
    .sort(compareRows)
    .map(copy);
}

async function* exportRows(
  { ledger }: TouchStoreState,
  since = '',
  until = '\uffff',
): AsyncGenerator<LedgerRow> {
  yield* ledger
    .rows()
    .filter(({ at }) => at >= since && at < until)
    .sort(compareRows)
    .map(copy);
}

function knownContact({ contacts }: TouchStoreState, contactId: string): Contact {
  const contact = contacts.get(contactId);
  if (!contact) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
  return contact;
}

function keep(
  { contacts, ledger }: TouchStoreState,
  contact: Contact,
  { touches, revision, row }: Moved<LedgerRow>,
): void {
  const { chain, sequence } = row;
  contacts.set(contact.contactId, { ...contact, touches, revision, chain, sequence });
  ledger.append(row);
}
