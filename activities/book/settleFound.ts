// First in the ledger, then to the run: what a look into a channel's record found of a touch. Then what its end has freed is told.

import type { KeptTouch } from '../../rules/contact/contact';
import {
  formatSettlementReason,
  type SettlementReason,
} from '../../rules/contact/settlementReason';
import { formatInstant } from '../../rules/time/instant';
import type { BookDeps } from '../deps';
import { wakeAfterEnd } from '../wake';
import type { FoundEnd } from './found';

/** Repeats change nothing; `isNew`: this call ended it. */
export async function settleFound(
  { stores, engine, clock }: Pick<BookDeps, 'stores' | 'engine' | 'clock'>,
  { contactId, touchId, attempt }: Pick<KeptTouch, 'touchId' | 'attempt'> & { contactId: string },
  end: FoundEnd & { readonly reason?: SettlementReason },
): Promise<{ readonly settled: 'sent' | 'released'; readonly isNew: boolean }> {
  const { settled, reason } = end;
  const at = formatInstant(clock.now());
  const isNew = await stores.touches.settle(contactId, touchId, { ...end, at });

  await stores.deliveries.closeTasks([touchId]);

  const [decision] = await stores.touches.decisionMany([{ contactId, touchId, attempt }]);
  if (decision) {
    const why = reason && formatSettlementReason(reason);
    const body = { touchId, settled, ...(why !== undefined && { why }) };
    await engine.signal(decision.workflowId, { signal: 'settled', body });
  }

  // Even when somebody else ended it: they may have died before they told.
  await wakeAfterEnd({ stores, engine }, [contactId]);
  return { settled, isNew };
}
