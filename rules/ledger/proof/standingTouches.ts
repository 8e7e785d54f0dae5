// The contact's touches as the ledger tells them: replayed row by row, in the order of revisions.

import type { DecisionRow, SettlementRow } from '../rows';

/** A touch that counts: reserved, tasked or sent. */
export interface StandingTouch {
  readonly row: DecisionRow;
  /** Milliseconds: the reservation, moved to the delivery once sent. */
  readonly at: number;
  readonly sent?: SettlementRow;
}

export type PassRow = DecisionRow & { readonly verdict: 'pass' };
export type Fact = PassRow | SettlementRow;

export const isFact = (row: DecisionRow | SettlementRow): row is Fact =>
  row.kind === 'settlement' || row.verdict === 'pass';

/** All touches that count at some revision, by touchId. */
export class Replay {
  readonly standing = new Map<string, StandingTouch>();
  private readonly reserved = new Map<string, DecisionRow>();

  reserve(row: PassRow): void {
    this.reserved.set(row.touchId, row);
    this.standing.set(row.touchId, { row, at: Date.parse(row.at) });
  }

  /** The reservation that a settlement is about; undefined when there never was one. */
  reservationOf(row: SettlementRow): DecisionRow | undefined {
    return this.reserved.get(row.touchId);
  }

  release(touchId: string): void {
    this.standing.delete(touchId);
  }

  send(row: SettlementRow, reservation: DecisionRow): void {
    this.standing.set(row.touchId, {
      row: reservation,
      at: Date.parse(row.deliveredAt ?? reservation.at),
      sent: row,
    });
  }
}
