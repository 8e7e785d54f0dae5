// Ledgers made up for the checker: rows numbered and linked as the touch store does, and the policy they rest on.

import { CHAIN_START, type LedgerKey, linkOf } from '../../rules/ledger/chain';
import type { Basis, DecisionRow, LedgerRow, SettlementRow } from '../../rules/ledger/rows';
import { linked as linkedTo } from '../../rules/ledger/touchState';
import type { Policy } from '../../rules/policy/policy.schema';
import { DAY_MS } from '../../rules/time/durations';

export const PROVED_POLICY: Policy = {
  id: 'default',
  version: 1,
  timezone: 'Asia/Shanghai',
  consent: [{ classes: ['marketing'], channels: ['sms'], need: 'granted' }],
  quietHours: [{ id: 'night', classes: ['marketing'], from: '21:00', to: '09:00' }],
  gaps: [{ id: 'gap-4h', classes: ['marketing'], hours: 4 }],
  caps: [{ id: 'week', classes: ['marketing'], limit: 2, window: { kind: 'rolling', hours: 168 } }],
};

export const BASIS: Basis = {
  timezone: 'Asia/Shanghai',
  billDay: 1,
  reachable: true,
  blocked: false,
  consent: 'granted',
  dnd: [],
  personalisation: 'allowed',
};

/** Fields of a row to set, and of what it rested on. */
export type Over = Partial<DecisionRow> & { readonly on?: Partial<Basis> };

export const aPassed = (touchId: string, at: string, { on, ...over }: Over = {}): DecisionRow => ({
  kind: 'decision',
  touchId,
  attempt: 1,
  contactId: 'c-1',
  city: 'yunfu',
  channel: 'sms',
  class: 'marketing',
  at,
  verdict: 'pass',
  explain: [],
  policy: 'default@1',
  journey: 'overage',
  step: 'offer',
  workflowId: 'w',
  runId: 'r',
  revision: 0,
  basis: { ...BASIS, ...on },
  settleBy: new Date(Date.parse(at) + DAY_MS).toISOString(),
  ...over,
});

export const aSettled = (
  touchId: string,
  at: string,
  over: Partial<SettlementRow> = {},
): SettlementRow => ({
  kind: 'settlement',
  touchId,
  contactId: 'c-1',
  at,
  settled: 'sent',
  channel: 'sms',
  channelRef: `ref-${touchId}`,
  deliveredAt: at,
  revision: 0,
  ...over,
});

/** Numbers and links rows one after the other, as the touch store does. */
export function createLinker(key?: LedgerKey): (row: LedgerRow) => LedgerRow {
  const last = new Map<string, { revision: number; chain: string; sequence: number }>();

  return (row) => {
    const before = last.get(row.contactId) ?? { revision: 0, chain: CHAIN_START, sequence: 0 };
    const isFact = row.kind === 'settlement' || row.verdict === 'pass';
    const revision = before.revision + (isFact ? 1 : 0);
    const next = linkedTo({ ...before, key }, { ...row, revision });
    last.set(row.contactId, { revision, chain: next.chain, sequence: next.sequence });
    return next;
  };
}

/** The rows with revisions and links per contact, in the order given. */
export const linked = (rows: readonly LedgerRow[], key?: LedgerKey): LedgerRow[] =>
  rows.map(createLinker(key));

/** As rows were written before every kind was chained: passes and settlements only, without a key. */
export function linkedAsOnce(rows: readonly LedgerRow[]): LedgerRow[] {
  let chain = CHAIN_START;
  return rows.map((row, i) => {
    const numbered = { ...row, revision: i + 1 };
    chain = linkOf(chain, numbered);
    return { ...numbered, chain };
  });
}
