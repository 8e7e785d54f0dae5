// The proof of one contact: its ledger rows replayed in the order of revisions, every pass and every delivery judged again.

import { CHAIN_START, linkOf } from '../chain';
import type { DecisionRow, LedgerRow, SettlementRow } from '../rows';
import { type BrokenRule, brokenRules, type ProofRules } from './proofRules';
import { isFact, type PassRow, Replay, type StandingTouch } from './standingTouches';
import type { Violation, ViolationKind } from './violation';

/** The rules of a city in the versions a ledger names; undefined: nobody ever published them. */
export type PolicyHistory = (
  policy: string,
  holidays: string | undefined,
  city: string,
) => ProofRules | undefined;

/** Later than this after its decision, a delivery was somebody's hand and not the engine's. */
const BY_HAND_MS = 60_000;

/**
 * Every violation in the rows of one contact.
 * @param rows all rows of this contact, in any order.
 * @param until ISO: the instant at which reservations past their deadline must have been settled.
 */
export function proveContact(
  rows: readonly LedgerRow[],
  policies: PolicyHistory,
  until: string,
): Violation[] {
  const found: Violation[] = [];
  const note = (
    kind: ViolationKind,
    row: LedgerRow,
    detail: string,
    more: { readonly rule?: string; readonly policy?: string } = {},
  ) =>
    found.push({
      kind,
      contactId: row.contactId,
      touchId: row.touchId,
      at: row.at,
      detail,
      ...more,
    });

  for (const row of rows)
    if (
      row.kind === 'decision' &&
      row.verdict !== 'pass' &&
      !policies(row.policy, undefined, row.city)
    )
      note('unknown-policy', row, `${row.policy} was never published`, { policy: row.policy });

  const facts = rows.filter(isFact).sort((a, b) => a.revision - b.revision);
  const replay = new Replay();
  let revision = 0;
  let link = CHAIN_START;
  for (const fact of facts) {
    if (fact.revision !== revision + 1)
      note('hole-in-revisions', fact, `revision ${fact.revision} follows ${revision}`);
    if (linkOf(link, fact) !== fact.chain)
      note(
        'broken-chain',
        fact,
        `the link of revision ${fact.revision} does not fit the row before it`,
      );
    revision = fact.revision;
    link = fact.chain ?? '';
    if (fact.kind === 'decision') reserve(fact);
    else settle(fact);
  }
  for (const { row, sent } of replay.standing.values())
    if (!sent && row.settleBy !== undefined && row.settleBy < until)
      note('unsettled', row, `to be settled by ${row.settleBy}`);
  return found;

  function reserve(row: PassRow): void {
    for (const breach of judge(row, Date.parse(row.at)))
      note(breach.kind, row, breach.detail, { rule: breach.rule, policy: row.policy });
    replay.reserve(row);
  }

  function settle(row: SettlementRow): void {
    const reservation = replay.reservationOf(row);
    if (!reservation) note('delivered-without-reservation', row, `${row.settled} without a pass`);
    if (row.settled === 'released' || !reservation) {
      replay.release(row.touchId);
      return;
    }
    if (replay.standing.get(row.touchId)?.sent)
      note('delivered-twice', row, `again under ${row.channelRef ?? 'no reference'}`);
    delivered(row, reservation);
    replay.send(row, reservation);
  }

  /** A delivery is judged at its own instant: the reservation held its slot, but not the hour at which staff acted. */
  function delivered(row: SettlementRow, reservation: DecisionRow): void {
    const at = Date.parse(row.deliveredAt ?? row.at);
    const byHand = at - Date.parse(reservation.at) > BY_HAND_MS;
    if (reservation.expiresAt !== undefined && at >= Date.parse(reservation.expiresAt))
      note(
        byHand ? 'late-by-staff' : 'expired-delivery',
        row,
        `it expired at ${reservation.expiresAt}`,
      );
    if (at === Date.parse(reservation.at)) return;
    // What came between a pass and its prompt delivery was decided with this touch standing; only a late hand can upset it.
    const others = byHand ? [...replay.standing.values()] : before(reservation);
    for (const breach of judge(reservation, at, others).filter(
      ({ kind }) => kind !== 'unknown-policy',
    ))
      note(byHand ? 'late-by-staff' : breach.kind, row, `${breach.kind}: ${breach.detail}`, {
        rule: breach.rule,
        policy: reservation.policy,
      });
  }

  /** The touches that the reservation was decided on, as they stand now. */
  function before({ revision }: DecisionRow): StandingTouch[] {
    return [...replay.standing.values()].filter(({ row }) => row.revision < revision);
  }

  function judge(
    row: DecisionRow,
    at: number,
    others: Iterable<StandingTouch> = replay.standing.values(),
  ): BrokenRule[] {
    const rules = policies(row.policy, row.basis?.holidays, row.city);
    if (!rules || !row.basis)
      return [
        {
          kind: 'unknown-policy',
          rule: row.policy,
          detail: `${row.policy} was never published, or the row does not say what it rested on`,
        },
      ];
    return brokenRules(rules, row, row.basis, at, others);
  }
}
