// The proof of one contact: its ledger rows replayed in the order in which they were written, every pass and every delivery judged again.

import { MINUTE_MS } from '../../time/durations';
import type { ChainEnd } from '../archive/beginning';
import { type KeyRing, NO_KEYS } from '../keyRing';
import type { DecisionRow, LedgerRow, SettlementRow } from '../rows';
import { brokenChain, chainOf } from './links';
import { type BrokenRule, brokenRules, type ProofRules } from './proofRules';
import { isFact, type PassRow, type ProofTouch, ProofTouches } from './proofTouches';
import { brokenReference, sharedReferences } from './references';
import { brokenReplies } from './replies';
import { brokenRestraint } from './restraint';
import { brokenTimes, settledBeforePass } from './times';
import { type Violation, violation } from './violation';

/** The rules of a city in the versions a ledger names; undefined: nobody ever published them. */
export type PolicyHistory = (
  policy: string,
  holidays: string | undefined,
  city: string,
) => ProofRules | undefined;

/** Later than this after its decision, a delivery was somebody's hand and not the engine's. */
const BY_HAND_MS = MINUTE_MS;

/**
 * Every violation in the rows of one contact.
 * @param rows all rows of this contact, in any order.
 * @param until ISO: the instant at which reservations past their deadline must have been settled.
 * @param ring the keys that the ledger was written with.
 * @param before the end of the chain that was archived: what settles a touch of before cannot be judged without the archive.
 */
export function proveContact(
  rows: readonly LedgerRow[],
  policies: PolicyHistory,
  until: string,
  ring: KeyRing = NO_KEYS,
  before?: ChainEnd,
): Violation[] {
  const chain = chainOf(rows);
  const touches = new ProofTouches();
  const found = [
    ...brokenChain(rows, chain, ring, before),
    ...brokenTimes(chain, before?.at),
    ...sharedReferences(chain),
    ...brokenReplies(chain),
    ...refusals(rows, policies),
  ];

  for (const fact of chain.filter(isFact)) {
    if (fact.kind === 'decision') {
      found.push(...brokenByPass(fact, policies, touches));
      touches.reserve(fact);
    } else if (!before || touches.reservationOf(fact)) {
      found.push(...brokenBySettlement(fact, policies, touches));
      touches.settle(fact);
    }
  }

  return [...found, ...unsettled(touches, until)];
}

/** Decisions that reserve nothing: by a policy that was published, and not by a holdout or personalisation that is none. */
function refusals(rows: readonly LedgerRow[], policies: PolicyHistory): Violation[] {
  return rows.flatMap((row) => {
    if (row.kind !== 'decision' || row.verdict === 'pass') return [];

    const { policy, city } = row;
    const rules = policies(policy, undefined, city);
    if (rules) return [...brokenRestraint(rules, row)];
    return [violation('unknown-policy', row, `${policy} was never published`, { policy })];
  });
}

function brokenByPass(row: PassRow, policies: PolicyHistory, touches: ProofTouches): Violation[] {
  const { policy, basis, city } = row;
  const rules = policies(policy, basis?.holidays, city);
  const broken = judge(row, Date.parse(row.at), policies, touches.all());

  return [
    ...(rules ? brokenRestraint(rules, row) : []),
    ...broken.map(({ kind, rule, detail }) => violation(kind, row, detail, { rule, policy })),
  ];
}

function brokenBySettlement(
  row: SettlementRow,
  policies: PolicyHistory,
  touches: ProofTouches,
): Violation[] {
  const reservation = touches.reservationOf(row);
  if (reservation === undefined)
    return [violation('delivered-without-reservation', row, `${row.settled} without a pass`)];

  const before = touches.sendingOf(row.touchId);
  if (before && isMoreOf(before, row)) return [];

  const found = [...brokenReference(row, reservation), ...settledBeforePass(row, reservation)];
  if (row.settled !== 'sent') return found;

  found.push(
    ...afterWithdrawal(row, touches),
    ...brokenByDelivery(row, reservation, policies, touches),
  );
  if (!before) return found;

  const detail = `again under ${row.channelRef ?? 'no reference'}`;
  return [violation('delivered-twice', row, detail), ...found];
}

const MORE = ['acceptedAt', 'deliveredAt', 'partly'] as const;

/** Receipts follow what the channel took: they say more of the same message, and are no second one. */
const isMoreOf = (before: SettlementRow, row: SettlementRow): boolean =>
  row.again === true &&
  row.channelRef === before.channelRef &&
  MORE.some((field) => row[field] !== before[field]);

/** A delivery at the instant of the withdrawal, or before it, was faster; one after it should not have been possible. */
function afterWithdrawal(row: SettlementRow, touches: ProofTouches): Violation[] {
  if (!touches.isWithdrawnBefore(row.touchId, Date.parse(row.deliveredAt ?? row.at))) return [];
  return [violation('delivered-after-withdrawal', row, row.why ?? 'its task had been taken back')];
}

/** A delivery is judged at its own instant: the reservation held its slot, but not the hour at which staff acted. */
function brokenByDelivery(
  row: SettlementRow,
  reservation: DecisionRow,
  policies: PolicyHistory,
  touches: ProofTouches,
): Violation[] {
  // Ours is the hour at which the channel took it; when the customer's phone let it in is nobody's.
  const at = Date.parse(row.acceptedAt ?? row.deliveredAt ?? row.at);
  const reservedAt = Date.parse(reservation.at);
  const byHand = at - reservedAt > BY_HAND_MS;
  const { expiresAt, policy } = reservation;
  const found: Violation[] = [];

  if (expiresAt !== undefined && at >= Date.parse(expiresAt)) {
    const kind = byHand ? 'late-by-staff' : 'expired-delivery';
    found.push(violation(kind, row, `it expired at ${expiresAt}`));
  }
  if (at === reservedAt) return found;

  // What came between a pass and its prompt delivery was decided with this touch counted; only a late hand can upset it.
  const others = byHand ? touches.all() : touches.before(reservation);
  for (const { kind, rule, detail } of judge(reservation, at, policies, others.map(asAsked))) {
    if (kind === 'unknown-policy') continue; // named at the pass
    const named = byHand ? 'late-by-staff' : kind;
    found.push(violation(named, row, `${kind}: ${detail}`, { rule, policy }));
  }

  return found;
}

/** An open touch has reached nobody yet: only a pass has to keep away from its deadline. */
const asAsked = (touch: ProofTouch): ProofTouch => ({ ...touch, latest: touch.at });

function unsettled(touches: ProofTouches, until: string): Violation[] {
  return touches
    .all()
    .filter(({ sent }) => sent === undefined)
    .flatMap(({ row }) =>
      row.settleBy !== undefined && row.settleBy < until
        ? [violation('unsettled', row, `to be settled by ${row.settleBy}`)]
        : [],
    );
}

function judge(
  row: DecisionRow,
  at: number,
  policies: PolicyHistory,
  others: readonly ProofTouch[],
): BrokenRule[] {
  const { policy, basis, city } = row;
  const rules = policies(policy, basis?.holidays, city);
  if (rules && basis) return brokenRules(rules, row, basis, at, others);

  const detail = `${policy} was never published, or the row does not say what it rested on`;
  return [{ kind: 'unknown-policy', rule: policy, detail }];
}
