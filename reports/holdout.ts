// Who of those treated and those held out converted: the ledger says who was which, the orders who converted.

import type { OrderStore } from '../ports/orders';
import type { TouchStore } from '../ports/touches';
import { type HoldoutReport, holdoutReport } from '../rules/ledger/holdoutReport';
import type { DecisionRow } from '../rules/ledger/rows';
import { DAY_MS } from '../rules/time/durations';
import { formatInstant, instantAt } from '../rules/time/instant';

interface HoldoutAsked {
  /** ISO: first decisions with `from <= at < to`. */
  readonly from: string;
  readonly to: string;
  readonly campaign?: string | undefined;
  /** An order counts when it was made within so many days after the first decision. */
  readonly days: number;
  /** Absent: all. */
  readonly cities?: readonly string[] | undefined;
}

interface HoldoutFound extends HoldoutReport {
  /** In both arms (held out of one campaign, touched by another) and so counted in neither. */
  readonly mixed: number;
}

interface Member {
  readonly arm: 'treated' | 'heldOut' | 'mixed';
  /** Of the first decision. */
  readonly at: string;
}

const PAGE = 1000;

/**
 * A contact is treated from its first pass, and held out from the first time that only the holdout kept it: the gate asks the
 * holdout last, so the arms differ in nothing else. Whether the message then went out makes no difference.
 * Memory: one small entry a contact of the period.
 */
export async function reportHoldout(
  stores: { readonly touches: TouchStore; readonly orders: OrderStore },
  asked: HoldoutAsked,
): Promise<HoldoutFound> {
  const members = await membersOf(stores.touches, asked);
  const converted = await conversions(stores.orders, members, asked);
  const arms = { treated: arm(), heldOut: arm(), mixed: arm() };

  for (const [contactId, member] of members) {
    arms[member.arm].contacts += 1;
    if (converted.has(contactId)) arms[member.arm].conversions += 1;
  }

  return { ...holdoutReport(arms.treated, arms.heldOut), mixed: arms.mixed.contacts };
}

const arm = () => ({ contacts: 0, conversions: 0 });

async function membersOf(touches: TouchStore, asked: HoldoutAsked): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  for await (const row of touches.export(asked.from)) {
    if (row.at >= asked.to) break; // the export is in order of `at`

    const side = row.kind === 'decision' && isAsked(row, asked) ? armOf(row) : undefined;
    if (side === undefined) continue;

    const known = members.get(row.contactId);
    if (!known) members.set(row.contactId, { arm: side, at: row.at });
    else if (known.arm !== side) members.set(row.contactId, { ...known, arm: 'mixed' });
  }

  return members;
}

const isAsked = ({ campaign, city }: DecisionRow, asked: HoldoutAsked): boolean =>
  (asked.campaign === undefined || campaign === asked.campaign) &&
  (asked.cities?.includes(city) ?? true);

function armOf({ verdict, reason }: DecisionRow): 'treated' | 'heldOut' | undefined {
  if (verdict === 'pass') return 'treated';
  return reason === 'holdout' ? 'heldOut' : undefined;
}

/** The contacts with an order of their own time that the CRM did not reject. */
async function conversions(
  orders: OrderStore,
  members: ReadonlyMap<string, Member>,
  { days, cities }: HoldoutAsked,
): Promise<Set<string>> {
  const converted = new Set<string>();
  for (let after = ''; members.size > 0; ) {
    const page = await orders.list({ after, limit: PAGE, ...(cities && { cities }) });
    for (const { contactId, state, at } of page) {
      const since = members.get(contactId)?.at;
      if (since === undefined || state === 'rejected') continue;
      const end = formatInstant(instantAt(since, 'at') + days * DAY_MS);
      if (at >= since && at < end) converted.add(contactId);
    }

    const last = page.at(-1);
    if (page.length < PAGE || !last) break;

    after = last.orderKey;
  }

  return converted;
}
