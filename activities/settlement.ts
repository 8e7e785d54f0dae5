// How tasks of staff ended, as the flows that follow them find out.

import { parseSettlementReason } from '../rules/contact/settlementReason';
import type { SettleInput } from './contract';
import type { ActivityDeps } from './deps';
import { wakeAfterEnd } from './wake';

/** False: the touch had ended so before; the crash may have come before those who wait for it were woken. */
export async function settleTouch(
  deps: ActivityDeps,
  { contactId, touchId, why, ...settlement }: SettleInput,
): Promise<boolean> {
  const isEnded = await deps.stores.touches.settle(contactId, touchId, {
    ...settlement,
    ...(why !== undefined && { reason: parseSettlementReason(why) }),
    at: new Date(deps.clock.now()).toISOString(),
  });
  await deps.stores.deliveries.closeTasks([touchId]);
  await wakeAfterEnd(deps, [contactId]);

  return isEnded;
}
