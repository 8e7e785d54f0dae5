// An acceptance came when its run had ended: the order is placed all the same, however long the CRM is away.

import type { JourneyResult, LateOrderInput } from '../../rules/journey/messages';
import { placeOrder } from '../kit/proxies';

export async function lateOrder({ version: _, ...order }: LateOrderInput): Promise<JourneyResult> {
  const placed = await placeOrder(order);
  return { outcome: placed.state === 'rejected' ? 'order-rejected' : 'ordered' };
}
