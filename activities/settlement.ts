// How tasks of staff ended, as the flows that follow them find out.

import { parseSettlementReason } from '../rules/contact/settlementReason';
import type { SettleInput } from './contract';
import type { ActivityDeps } from './deps';

/** False: the touch had ended so before. */
export async function settleTouch(
  { stores, clock }: ActivityDeps,
  { contactId, touchId, why, ...settlement }: SettleInput,
): Promise<boolean> {
  const isEnded = await stores.touches.settle(contactId, touchId, {
    ...settlement,
    ...(why !== undefined && { reason: parseSettlementReason(why) }),
    at: new Date(clock.now()).toISOString(),
  });
  await stores.deliveries.closeTasks([touchId]);

  return isEnded;
}
