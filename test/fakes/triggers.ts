// A trigger that fires, as a city would have it: whoever runs over the bundle is offered a data pack.

import type { Stores } from '../../ports/stores';
import { enableVersion, newTriggerLife } from '../../rules/trigger/life';
import type { TriggerBody } from '../../rules/trigger/trigger.schema';

const AT = '2026-01-01T00:00:00.000Z';

export const OVERAGE: TriggerBody = {
  ...{ city: '*', event: 'usage', journey: 'overage' },
  when: { 'event.dataUsedPct': { $gte: 90 } },
  offer: { product: 'pack', template: 'overage-offer', channel: 'wecom', fallback: ['sms'] },
  ...{ expiresAfterMinutes: 120, cooldownHours: 72 },
};

type TriggerStores = Pick<Stores, 'triggers' | 'triggerLives'>;

/** Drafts a version and has it fire. */
export async function enableTrigger(
  { triggers, triggerLives }: TriggerStores,
  triggerId: string,
  body: TriggerBody,
): Promise<void> {
  const { version } = await triggers.draft(triggerId, body, 'test', AT);
  const life = (await triggerLives.find(triggerId)) ?? newTriggerLife(triggerId);
  await triggerLives.keep(enableVersion(life, { version, by: 'test', at: AT }));
}
