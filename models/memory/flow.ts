// What goes through sopflow, in memory: deliveries, the inbox, runs, leads and orders.

import type { DeliveryAnswer, DeliveryRecord, DeliveryStore, Opened } from '../../ports/deliveries';
import type { Inbound, Inbox } from '../../ports/inbox';
import type { KeptLead, LeadStore } from '../../ports/leads';
import type { Order, OrderState, OrderStore } from '../../ports/orders';
import type { RunRecord, RunStore } from '../../ports/runs';
import { CodedError } from '../../rules/base/errors';
import type { ContactRows } from './contacts';
import { copy, sorted, take } from './copy';

const inCities = (cities: readonly string[] | undefined, city: string | undefined): boolean =>
  !cities || (city !== undefined && cities.includes(city));

export function createMemoryDeliveries(): DeliveryStore {
  const rows = new Map<string, DeliveryRecord>();

  function open(record: DeliveryRecord): Opened {
    const known = rows.get(record.touchId);
    if (known && known.attempt >= record.attempt) return { opened: false, record: copy(known) };
    rows.set(record.touchId, copy(record));
    return { opened: true, record: copy(record) };
  }

  function answer({ touchId, attempt, answer }: DeliveryAnswer): void {
    const known = rows.get(touchId);
    if (known?.attempt !== attempt)
      throw new CodedError(
        'CONFLICT',
        `attempt ${attempt} of touch ${touchId} is not the one being delivered`,
      );
    rows.set(touchId, { ...known, answer: copy(answer) });
  }

  return {
    open: async (record) => open(record),
    openMany: async (records) => records.map(open),
    answer: async (touchId, attempt, given) => answer({ touchId, attempt, answer: given }),
    answerMany: async (answers) => answers.forEach(answer),
    find: async (touchId) => copy(rows.get(touchId)) ?? null,
    findMany: async (touchIds) => touchIds.flatMap((touchId) => copy(rows.get(touchId)) ?? []),
  };
}

export function createMemoryInbox(): Inbox {
  const rows = new Map<
    string,
    {
      readonly item: Inbound;
      readonly seq: number;
      state: 'pending' | 'done' | 'refused';
      attempts: number;
    }
  >();
  let seq = 0;
  const pending = () =>
    [...rows.values()].filter(({ state }) => state === 'pending').sort((a, b) => a.seq - b.seq);

  function row(key: string) {
    const known = rows.get(key);
    if (!known) throw new CodedError('NOT_FOUND', `the inbox has no item ${key}`);
    return known;
  }

  return {
    async put(items) {
      return items.map((item) => {
        if (rows.has(item.key)) return false;
        seq = Math.max(seq + 1, item.receivedAt * 1000);
        rows.set(item.key, { item: copy(item), seq, state: 'pending', attempts: 0 });
        return true;
      });
    },
    pending: async (limit) =>
      pending()
        .slice(0, limit)
        .map(({ item }) => copy(item)),
    async done(key) {
      row(key).state = 'done';
    },
    async failed(key) {
      return ++row(key).attempts;
    },
    async refuse(key) {
      row(key).state = 'refused';
    },
    depth: async () => pending().length,
  };
}

export function createMemoryRuns(): RunStore {
  const rows = new Map<string, RunRecord>();

  function change(workflowId: string, fields: Partial<RunRecord>): void {
    const known = rows.get(workflowId);
    if (known) rows.set(workflowId, { ...known, ...fields });
  }

  return {
    async open(run) {
      const known = rows.get(run.workflowId);
      const kept = known?.state === 'running' ? known : {};
      rows.set(run.workflowId, { ...kept, ...copy(run), state: 'running' });
    },
    async close(workflowId, outcome, closedAt) {
      change(workflowId, { state: 'closed', outcome, closedAt });
    },
    find: async (workflowId) => copy(rows.get(workflowId)) ?? null,
    async ofContact(contactId) {
      const own = [...sorted(rows)].filter((run) => run.contactId === contactId);
      return own
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0))
        .map(copy);
    },
    async list({ journey, contactId, cities, state, after, limit }) {
      return take(
        sorted(rows, after),
        limit,
        (run) =>
          (!journey || run.journey === journey) &&
          (contactId === undefined || run.contactId === contactId) &&
          inCities(cities, run.city) &&
          (!state || run.state === state),
      );
    },
    async totals() {
      const totals = new Map<
        string,
        Pick<RunRecord, 'journey' | 'state' | 'outcome'> & { count: number }
      >();
      for (const { journey, state, outcome } of rows.values()) {
        const key = JSON.stringify([journey, state, outcome]);
        const count = (totals.get(key)?.count ?? 0) + 1;
        totals.set(key, { journey, state, ...(outcome !== undefined && { outcome }), count });
      }
      return [...totals.values()];
    },
  };
}

export function createMemoryLeads(): LeadStore {
  const rows = new Map<string, KeptLead>();
  let position = '';
  return {
    async add(leads) {
      return leads.flatMap((lead) => {
        if (rows.has(lead.leadId)) return [];
        rows.set(lead.leadId, copy(lead));
        return [lead.leadId];
      });
    },
    find: async (leadId) => copy(rows.get(leadId)) ?? null,
    async update(leadId, change, onlyWhen) {
      const known = rows.get(leadId);
      if (!known || (onlyWhen && known.state !== onlyWhen)) return false;
      rows.set(leadId, { ...known, ...copy(change) });
      return true;
    },
    async list({ state, contactId, cities, after, limit }) {
      return take(
        sorted(rows, after),
        limit,
        (lead) =>
          (!state || lead.state === state) &&
          (contactId === undefined || lead.contactId === contactId) &&
          inCities(cities, lead.city),
      );
    },
    cursor: async () => position,
    async moveCursor(cursor) {
      position = cursor;
    },
  };
}

export function createMemoryOrders(contacts: ContactRows): OrderStore {
  const rows = new Map<string, { readonly order: Order; readonly city: string | undefined }>();
  return {
    async save(order) {
      const known = rows.get(order.orderKey);
      if (known && order.state === 'accepted' && known.order.state !== 'accepted') return;
      rows.set(order.orderKey, { order: copy(order), city: contacts.get(order.contactId)?.city });
    },
    find: async (orderKey) => copy(rows.get(orderKey)?.order) ?? null,
    async list({ contactId, after, limit, cities }) {
      const fits = ({ order, city }: { order: Order; city: string | undefined }) =>
        (contactId === undefined || order.contactId === contactId) && inCities(cities, city);
      return take(sorted(rows, after), limit, fits).map(({ order }) => order);
    },
    async totals() {
      const totals: Record<OrderState, number> = { accepted: 0, completed: 0, rejected: 0 };
      for (const { order } of rows.values()) totals[order.state] += 1;
      return totals;
    },
  };
}
