// The contact's touches that count, as the proof follows them through the ledger in the order of revisions.

import type { DecisionRow, SettlementRow } from '../rows';

/** A touch that counts: reserved, tasked or sent. */
export interface ProofTouch {
  readonly row: DecisionRow;
  /** Milliseconds: the reservation, moved to the delivery once sent. */
  readonly at: number;
  /** Milliseconds: the later of `at` and the instant from which it can no longer be confirmed; `at` once sent. */
  readonly latest: number;
  readonly sent?: SettlementRow;
}

export type PassRow = DecisionRow & { readonly verdict: 'pass' };
/** A row that changes what counts. */
export type Fact = PassRow | SettlementRow;

export const isFact = (row: DecisionRow | SettlementRow): row is Fact =>
  row.kind === 'settlement' || row.verdict === 'pass';

/** All touches that count at some revision. */
export class ProofTouches {
  private readonly counting = new Map<string, ProofTouch>();
  private readonly reservations = new Map<string, DecisionRow>();
  /** By touch: the instant (milliseconds) at which its latest reservation was taken back. */
  private readonly withdrawals = new Map<string, number>();

  all(): readonly ProofTouch[] {
    return [...this.counting.values()];
  }

  /** The touches that the reservation was decided on, as they are now. */
  before({ revision }: DecisionRow): readonly ProofTouch[] {
    return this.all().filter(({ row }) => row.revision < revision);
  }

  /** The reservation that a settlement is about; undefined when there never was one. */
  reservationOf(row: SettlementRow): DecisionRow | undefined {
    return this.reservations.get(row.touchId);
  }

  /** The row by which a touch counts as sent. */
  sendingOf(touchId: string): SettlementRow | undefined {
    return this.counting.get(touchId)?.sent;
  }

  /** True when the touch was taken back before an instant (milliseconds). */
  isWithdrawnBefore(touchId: string, at: number): boolean {
    const withdrawnAt = this.withdrawals.get(touchId);
    return withdrawnAt !== undefined && withdrawnAt < at;
  }

  reserve(row: PassRow): void {
    this.withdrawals.delete(row.touchId);
    this.reservations.set(row.touchId, row);
    const at = Date.parse(row.at);
    const deadline = row.settleBy === undefined ? at : Date.parse(row.settleBy);
    this.counting.set(row.touchId, { row, at, latest: Math.max(at, deadline) });
  }

  /** A touch that was released, or delivered without a reservation, does not count; one that was taken back does, until it is settled. */
  settle(row: SettlementRow): void {
    if (row.settled === 'withdrawn') {
      this.withdrawals.set(row.touchId, Date.parse(row.at));
      return;
    }

    const reservation = this.reservationOf(row);
    if (row.settled === 'released' || reservation === undefined) {
      this.counting.delete(row.touchId);
      return;
    }

    const at = Date.parse(row.deliveredAt ?? row.acceptedAt ?? reservation.at);
    this.counting.set(row.touchId, { row: reservation, at, latest: at, sent: row });
  }
}
