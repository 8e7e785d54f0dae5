// Decisions that reserve nothing are rows of the ledger, and nothing else.

import { decisionRowFor } from './decisionRow';
import {
  assertInTime,
  type ClosedTouch,
  type DecidedTouch,
  overtaken,
  type TouchContext,
} from './path';
import { giveUnitsBack } from './quota';
import { answerOfRow } from './verdict';

/** Writes the rows. An attempt that had one already is answered by that one; an overtaken execution by nothing. */
export async function recordDecisions(
  context: TouchContext,
  stopped: { readonly touches: readonly DecidedTouch[]; readonly limited: boolean },
): Promise<readonly ClosedTouch[]> {
  if (stopped.touches.length === 0) return [];

  assertInTime(context.execution);

  const rows = await context.deps.stores.touches.recordMany(
    stopped.touches.map((touch) => ({ row: decisionRowFor(touch), fence: touch.fence })),
  );

  // A rival execution of the same attempt may have reserved it, or be about to, and keeps its units.
  const unitless = stopped.touches.filter((_, i) => rows[i] && rows[i].verdict !== 'pass');
  if (stopped.limited) await giveUnitsBack(context, unitless);

  return stopped.touches.map(({ place }, i) => {
    const row = rows[i];
    return row ? { place, verdict: answerOfRow(row) } : { place, failure: overtaken() };
  });
}
