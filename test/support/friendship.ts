// A customer and a member who are friends on the simulated WeCom, and our side of it over real HTTP.

import { requestOfJourney } from '../../activities/touch/asked';
import { touchMany } from '../../activities/touch/page';
import { createWecomChannel } from '../../integrations/wecom/channel';
import { createWecomClient } from '../../integrations/wecom/client';
import { createWecomDesk } from '../../integrations/wecom/desk';
import { START, trial } from '../../sandbox/trial';
import { aScenario } from '../fakes/touchScenario';

const CORP = { corpId: 'wwcorp1', corpSecret: 'secret-1' };

/** @param client how long our calls wait for an answer; default: as in production */
export async function aFriendship(client: { readonly timeoutMs?: number } = {}) {
  const it = trial();
  const baseUrl = `${await it.sandbox.listen(0)}/wecom`;
  const clock = { now: () => it.time.now };
  const wecom = createWecomClient({ ...CORP, baseUrl, clock, ...client });
  const channel = createWecomChannel(wecom, clock);

  const { externalUserId } = await it.control('customers/c-1:add-friend', { staffId: 's-1' });
  const addedAt = new Date(it.time.now).toISOString();
  const relation = { staffId: 's-1', externalUserId, state: 'friend' as const, addedAt };
  const scenario = await aScenario({ profile: { relations: [relation] } });

  return {
    ...it,
    externalUserId,
    desk: createWecomDesk(wecom),
    stores: scenario.stores,
    /** Asks for the touch, as Temporal would again and again. */
    async execute() {
      scenario.time.now = it.time.now;
      const { input, caller, ...context } = scenario.ask([channel], { channel: 'wecom' });
      const [end] = await touchMany(context, [requestOfJourney(input, caller)]);
      return end;
    },
    /** The mass sends that WeCom has. */
    made: () => wecom.getGroupmsgList(START / 1000 - 1, Math.ceil(it.time.now / 1000) + 1),
  };
}
