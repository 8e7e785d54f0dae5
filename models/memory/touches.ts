// The touch store in memory.

import type { QuotaStore } from '../../ports/quotas';
import type {
  LedgerTotal,
  ReservationRequest,
  SettlementOf,
  Tasking,
  TouchStore,
} from '../../ports/touches';
import { CodedError } from '../../rules/base/errors';
import { decisionId, settlementId } from '../../rules/base/ids';
import type { Contact } from '../../rules/contact/contact';
import type { DecisionRow, LedgerRow } from '../../rules/ledger/rows';
import {
  compareRows,
  recalledTouch,
  withReservation,
  withSettlement,
  withTasked,
} from '../../rules/ledger/touchState';
import type { ContactRows } from './contacts';
import { copy } from './copy';

const idOf = (row: LedgerRow): string =>
  row.kind === 'decision'
    ? decisionId(row.touchId, row.attempt)
    : settlementId(row.touchId, row.revision);

export function createMemoryTouches(contacts: ContactRows, quotas: QuotaStore): TouchStore {
  const ledger = new Map<string, LedgerRow>();
  const byContact = new Map<string, Set<string>>();

  function append(row: LedgerRow): void {
    const id = idOf(row);
    ledger.set(id, copy(row));
    const ids = byContact.get(row.contactId) ?? new Set();
    byContact.set(row.contactId, ids.add(id));
  }

  function rowsOf(contactId: string): LedgerRow[] {
    return [...(byContact.get(contactId) ?? [])].flatMap((id) => ledger.get(id) ?? []);
  }

  function known(contactId: string): Contact {
    const contact = contacts.get(contactId);
    if (!contact) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
    return contact;
  }

  function decision(touchId: string, attempt: number): DecisionRow | null {
    const row = ledger.get(decisionId(touchId, attempt));
    return row?.kind === 'decision' ? copy(row) : null;
  }

  function reserve({ contact: read, row, dropBefore }: ReservationRequest): boolean {
    const { contactId, revision, profileRevision } = read;
    if (row.revision !== revision + 1 || row.verdict !== 'pass')
      throw new CodedError(
        'INVALID_INPUT',
        `row ${idOf(row)}: a reservation is a pass with revision ${revision + 1}`,
      );
    const contact = known(contactId);
    if (contact.revision !== revision || contact.profileRevision !== profileRevision) return false;
    const moved = withReservation(contact, row, dropBefore);
    if (!moved) return false;
    contacts.set(contactId, {
      ...contact,
      touches: moved.touches,
      revision: moved.revision,
      chain: moved.row.chain,
    });
    append(moved.row);
    return true;
  }

  function record(row: DecisionRow): DecisionRow {
    const before = decision(row.touchId, row.attempt);
    if (!before) append(row);
    return before ?? copy(row);
  }

  function tasked({ contactId, touchId, channelRef }: Tasking): void {
    const contact = known(contactId);
    const touches = withTasked(contact, touchId, channelRef);
    if (touches) contacts.set(contactId, { ...contact, touches });
  }

  async function settle({ contactId, touchId, ...settlement }: SettlementOf): Promise<boolean> {
    const contact = known(contactId);
    const isThere = contact.touches.some((touch) => touch.touchId === touchId);
    const recalled = isThere ? null : recalledTouch(rowsOf(contactId), touchId);
    if (!isThere && !recalled)
      throw new CodedError(
        'NOT_FOUND',
        `touch ${touchId} of contact ${contactId} was never reserved`,
      );
    const touches = recalled ? [...contact.touches, recalled] : contact.touches;
    const moved = withSettlement({ ...contact, touches }, touchId, settlement);
    if (moved) {
      contacts.set(contactId, {
        ...contact,
        touches: moved.touches,
        revision: moved.revision,
        chain: moved.row.chain,
      });
      append(moved.row);
    }
    const attempt = touches.find((touch) => touch.touchId === touchId)?.attempt ?? 0;
    if (settlement.settled === 'released') await quotas.giveBack([decisionId(touchId, attempt)]);
    return moved !== null;
  }

  return {
    reserve: async (contact, row, dropBefore) =>
      reserve({ contact, row, ...(dropBefore !== undefined && { dropBefore }) }),
    reserveMany: async (reservations) => reservations.map(reserve),

    record: async (row) => record(row),
    recordMany: async (rows) => rows.map(record),

    decision: async (touchId, attempt) => decision(touchId, attempt),
    decisionMany: async (attempts) =>
      attempts.map(({ touchId, attempt }) => decision(touchId, attempt)),

    tasked: async (contactId, touchId, channelRef) => tasked({ contactId, touchId, channelRef }),
    taskedMany: async (taskings) => taskings.forEach(tasked),

    settle: (contactId, touchId, settlement) => settle({ contactId, touchId, ...settlement }),
    async settleMany(settlements) {
      const ended: boolean[] = [];
      for (const each of settlements) ended.push(await settle(each));
      return ended;
    },

    async timeline(contactId, from = '', to = '\uffff') {
      return rowsOf(contactId)
        .filter((row) => row.at >= from && row.at < to)
        .sort(compareRows)
        .map(copy);
    },

    async *export(since = '') {
      yield* [...ledger.values()]
        .filter(({ at }) => at >= since)
        .sort(compareRows)
        .map(copy);
    },

    async totals() {
      const totals = new Map<string, LedgerTotal>();
      for (const row of ledger.values()) {
        const name = row.kind === 'decision' ? row.verdict : row.settled;
        const reason = row.kind === 'decision' ? row.reason : row.why;
        const key = JSON.stringify([row.kind, name, reason]);
        const count = (totals.get(key)?.count ?? 0) + 1;
        totals.set(key, { kind: row.kind, name, ...(reason !== undefined && { reason }), count });
      }
      return [...totals.values()];
    },
  };
}
