// The third step of a touch: its slot in the contact's document, by one write that fails when the contact has moved.

import { reservedTouch } from '../../rules/ledger/touchState';
import { HOUR_MS } from '../../rules/time/durations';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { decisionRowFor } from './decisionRow';
import { assertInTime, type DecidedTouch, type ReservedTouch, type TouchContext } from './path';

/** Those that got their slot; whoever is missing lost a race and is decided again. */
export async function reserve(
  { deps, execution }: TouchContext,
  passed: readonly DecidedTouch[],
): Promise<readonly ReservedTouch[]> {
  if (passed.length === 0) return [];

  assertInTime(execution);

  const reservations = passed.map((touch) => ({
    contact: touch.contact,
    row: decisionRowFor(touch),
    dropBefore: dropBefore(touch),
    fence: touch.fence,
  }));
  const won = await deps.stores.touches.reserveMany(reservations);

  return reservations.flatMap(({ row }, i) => {
    const touch = passed[i];
    return touch && won[i] ? [{ ...touch, kept: reservedTouch(row) }] : [];
  });
}

/** ISO: touches before it can no longer count, and leave the document. */
const dropBefore = ({ at, policy }: DecidedTouch): string =>
  formatInstant(instantAt(at, 'at') - policy.keepHours * HOUR_MS);
