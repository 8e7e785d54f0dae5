// An open task that has become wrong is taken back: written first, so that whatever happens after it can be told, then made known
// to whoever follows its mass send.

import type { DeliveryRecord } from '../../ports/deliveries';
import { formatInstant } from '../../rules/time/instant';
import type { WithdrawInput } from '../contract';
import type { ActivityDeps } from '../deps';

/** Repeats are harmless. What cannot be called back, such as a call that is queued, is only written. */
export async function withdrawTouch(
  { stores, engine, clock }: ActivityDeps,
  { contactId, touchId, why }: WithdrawInput,
): Promise<void> {
  const at = formatInstant(clock.now());
  await stores.touches.withdraw(contactId, touchId, { at, rule: why });

  const delivery = await stores.deliveries.find(touchId);
  if (delivery) await tellFollower({ engine, clock }, delivery);
}

/** Whoever follows its mass send takes it out, or makes it again. */
export async function tellFollower(
  { engine, clock }: Pick<ActivityDeps, 'engine' | 'clock'>,
  delivery: DeliveryRecord,
): Promise<void> {
  const msgid = massSendOf(delivery);
  if (!msgid || delivery.staffId === undefined) return;

  const { touchId, staffId, settleBy = clock.now() } = delivery;
  const followed = { version: 2, msgid, staffId, deadline: formatInstant(settleBy) } as const;
  await engine.withdrawMassSend(followed, touchId);
}

/** WeCom's id; records of before open tasks were kept have it in their answer. */
function massSendOf({ channel, openTask, answer }: DeliveryRecord): string | undefined {
  if (channel !== 'wecom') return undefined;
  return openTask ?? (answer?.kind === 'tasked' ? answer.channelRef : undefined);
}
