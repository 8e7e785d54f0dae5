// A customer and a member who are friends on the simulated WeCom, and our side of it over real HTTP.

import type { TouchInput } from '../../activities/contract';
import type { ActivityDeps } from '../../activities/deps';
import { requestOfJourney } from '../../activities/touch/asked';
import { touchMany } from '../../activities/touch/page';
import { createOrderDesk } from '../../integrations/crm/orders';
import { createSystemWatch } from '../../integrations/watch';
import { createWecomChannel } from '../../integrations/wecom/channel';
import { createWecomClient } from '../../integrations/wecom/client';
import { createWecomDesk } from '../../integrations/wecom/desk';
import { createMemoryStores } from '../../models/memory/stores';
import type { Log } from '../../ports/log';
import { START, trial } from '../../sandbox/trial';
import { aScenario } from '../fakes/touchScenario';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const CORP = { corpId: 'wwcorp1', corpSecret: 'secret-1' };

/** @param client how long our calls wait for an answer; default: as in production */
export async function aFriendship(client: { readonly timeoutMs?: number } = {}) {
  const it = trial();
  const url = await it.sandbox.listen(0);
  const clock = { now: () => it.time.now };
  const stores = createMemoryStores();
  const watch = createSystemWatch(stores.conditions, clock, silent);
  const wecom = createWecomClient({ ...CORP, baseUrl: `${url}/wecom`, clock, watch, ...client });
  const desk = createWecomDesk(wecom);
  const channel = createWecomChannel(wecom, clock);

  const { externalUserId } = await it.control('customers/c-1:add-friend', { staffId: 's-1' });
  const addedAt = new Date(it.time.now).toISOString();
  const relation = { staffId: 's-1', externalUserId, state: 'friend' as const, addedAt };
  const scenario = await aScenario({ stores, profile: { relations: [relation] } });

  return {
    ...it,
    externalUserId,
    desk,
    stores,
    /** What activities are built from, over the simulated systems. */
    deps: (): ActivityDeps => ({
      ...scenario.ask([channel]).deps,
      clock,
      wecom: desk,
      orderDesk: createOrderDesk({ baseUrl: `${url}/crm`, key: 'crm-key', clock, watch }),
    }),
    /** Asks for the touch, as Temporal would again and again. */
    async execute(over: Partial<TouchInput> = {}) {
      scenario.time.now = it.time.now;
      const { input, caller, ...context } = scenario.ask([channel], {
        channel: 'wecom',
        ...over,
      });
      const [end] = await touchMany(context, [requestOfJourney(input, caller)]);
      return end;
    },
    /** The mass sends that WeCom has. */
    made: () => wecom.getGroupmsgList(START / 1000 - 1, Math.ceil(it.time.now / 1000) + 1),
  };
}
