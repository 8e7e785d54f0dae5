// The proof of references: each settlement is about its own reservation, and one message is no proof of two touches.

import type { DecisionRow, LedgerRow, SettlementRow } from '../rows';
import { type Violation, violation } from './violation';

/** A settlement against its reservation. */
export function* brokenReference(
  row: SettlementRow,
  reservation: DecisionRow,
): Iterable<Violation> {
  if (row.channel !== reservation.channel)
    yield violation('other-channel', row, `it was passed for ${reservation.channel}`);

  if (row.settled === 'sent' && !row.channelRef)
    yield violation('no-reference', row, 'the channel cannot be asked for it');
}

/** Messages that stand for several touches of the contact. */
export function sharedReferences(chain: readonly LedgerRow[]): Violation[] {
  const touchOf = new Map<string, string>();
  const found: Violation[] = [];

  for (const row of chain) {
    if (row.kind === 'decision' || row.settled !== 'sent' || !row.channelRef) continue;

    const message = `${row.channel} ${row.channelRef}`;
    const touchId = touchOf.get(message) ?? row.touchId;
    touchOf.set(message, touchId);
    if (touchId !== row.touchId)
      found.push(violation('reference-twice', row, `${message} is the message of ${touchId}`));
  }

  return found;
}
