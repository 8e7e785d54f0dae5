// How much of a shared limit is used today: the card of a city, a member of staff or a campaign.

import { z } from 'zod';
import { openTake, quotaTakes } from '../../rules/gate/quota';
import { id } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { endpoint } from '../exchange';
import { policyInForce } from '../policies';
import { allows, unknown } from '../scope';

const units = z.int();

export const usage = endpoint({
  summary: [
    '配额使用情况（城市、员工、活动，当日与总量）',
    'Units used and left of a city, a member and a campaign, today and in total',
  ],
  query: strict({ city: id, staffId: id.exactOptional(), campaign: id.exactOptional() }),
  answer: z.object({
    items: z.array(z.object({ scope: z.string(), used: units, limit: units, left: units })),
  }),
  async handle({ deps, caller, query }) {
    if (!allows(caller, query.city)) throw unknown('city', query.city);

    const { stores } = deps;
    const at = new Date(deps.clock.now()).toISOString();
    const [limits, policy] = await Promise.all([
      stores.quotas.current('default'),
      policyInForce(stores, 'default', at),
    ]);
    // Days begin where the gate counts them: in the zone of the policy in force.
    const zone = policy?.body.timezone ?? deps.timezone;
    const subject = { class: 'marketing', ...query } as const;
    const ofDays = quotaTakes(limits?.body ?? {}, subject, at, zone);
    const takes = [...ofDays, ...[openTake(limits?.body ?? {}, subject) ?? []].flat()];
    const used = await stores.quotaUnits.used(takes.map(({ scope }) => scope));
    const items = takes.map(({ scope, limit }, i) => ({
      scope,
      used: used[i] ?? 0,
      limit,
      left: Math.max(0, limit - (used[i] ?? 0)),
    }));

    return { body: { items } };
  },
});
