// Ledgers made up for the checker: rows numbered and linked as the touch store does, and the policy they rest on.

import { CHAIN_START, linkOf } from '../../rules/ledger/chain';
import type { Basis, DecisionRow, LedgerRow, SettlementRow } from '../../rules/ledger/rows';
import type { Policy } from '../../rules/policy/policy.schema';

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

/** The rows with revisions and links per contact, in the order given. */
export function linked(rows: readonly LedgerRow[]): LedgerRow[] {
  const last = new Map<string, { revision: number; link: string }>();
  return rows.map((row) => {
    const before = last.get(row.contactId) ?? { revision: 0, link: CHAIN_START };
    const numbered = { ...row, revision: before.revision + 1 };
    const link = linkOf(before.link, numbered);
    last.set(row.contactId, { revision: numbered.revision, link });
    return { ...numbered, chain: link };
  });
}
