// The third step of a touch: its slot in the contact's document, by one write that fails when the contact has moved.

import type { KeptTouch } from '../../rules/contact/contact';
import { HOUR_MS } from '../../rules/time/durations';
import { decisionRowFor } from './decisionRow';
import type { DecidedTouch, ReservedTouch, TouchContext } from './path';
import { askedTouch } from './question';

/** Those that got their slot; whoever is missing lost a race and is decided again. */
export async function reserve(
  { deps }: TouchContext,
  passed: readonly DecidedTouch[],
): Promise<readonly ReservedTouch[]> {
  if (passed.length === 0) return [];

  const reservations = passed.map((touch) => ({
    contact: touch.contact,
    row: decisionRowFor(touch),
    dropBefore: dropBefore(touch),
  }));
  const won = await deps.stores.touches.reserveMany(reservations);

  return passed.flatMap((touch, i) => {
    if (!won[i]) return [];
    return [{ ...touch, kept: keptTouch(touch, reservations[i]?.row.settleBy) }];
  });
}

/** ISO: touches before it can no longer count, and leave the document. */
const dropBefore = ({ at, policy }: DecidedTouch): string =>
  new Date(Date.parse(at) - policy.keepHours * HOUR_MS).toISOString();

/** As the contact's document has it now. */
function keptTouch({ asked, contact, at }: DecidedTouch, settleBy: string | undefined): KeptTouch {
  return {
    ...askedTouch(asked, at, contact.city),
    state: 'reserved',
    attempt: asked.attempt,
    ...(settleBy !== undefined && { settleBy }),
  };
}
