import { isFinalFailure } from '../activities/failures';
import { requestOfJourney } from '../activities/touch/asked';
import { touchMany } from '../activities/touch/page';
import { START, trial } from '../sandbox/trial';
import { aScenario } from '../test/fakes/touchScenario';
import { createWecomChannel } from './wecom/channel';
import { createWecomClient } from './wecom/client';
import { createWecomDesk } from './wecom/desk';

const CORP = { corpId: 'wwcorp1', corpSecret: 'secret-1' };
const NOT_TRUSTED = 60020;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const closing of open.splice(0)) await closing.close();
});

async function aFriendship() {
  const it = trial();
  open.push(it.sandbox);
  const baseUrl = `${await it.sandbox.listen(0)}/wecom`;
  const clock = { now: () => it.time.now };
  const client = createWecomClient({ ...CORP, baseUrl, clock });

  const { externalUserId } = await it.control('customers/c-1:add-friend', { staffId: 's-1' });
  const addedAt = new Date(it.time.now).toISOString();
  const relation = { staffId: 's-1', externalUserId, state: 'friend' as const, addedAt };
  const scenario = await aScenario({ profile: { relations: [relation] } });

  const execute = async () => {
    scenario.time.now = it.time.now;
    const channel = createWecomChannel(client, clock);
    const { input, caller, ...context } = scenario.ask([channel], { channel: 'wecom' });
    const [end] = await touchMany(context, [requestOfJourney(input, caller)]);
    return end;
  };
  const failing = (path: string) =>
    it.control('faults', {
      system: 'wecom',
      path,
      kind: 'errcode',
      errcode: NOT_TRUSTED,
      count: 1,
    });
  const made = () => client.getGroupmsgList(START / 1000 - 1, Math.ceil(it.time.now / 1000) + 1);
  return {
    ...it,
    externalUserId,
    desk: createWecomDesk(client),
    stores: scenario.stores,
    execute,
    failing,
    made,
  };
}

test('an address that WeCom does not trust for a while holds a touch, and ends nothing', async () => {
  const { failing, execute, stores, pass, made } = await aFriendship();
  await failing('add_msg_template');

  const held = await execute();
  if (!held || !('failure' in held)) throw new Error('the touch should wait');
  expect(isFinalFailure(held.failure)).toBe(false);
  expect(held.failure).not.toHaveProperty('nextRetryDelay', expect.any(Number));
  expect((await stores.contacts.find('c-1'))?.touches).toMatchObject([{ state: 'reserved' }]);

  await pass(1_000);
  expect(await execute()).toMatchObject({ verdict: { verdict: 'tasked' } });
  expect(await made()).toHaveLength(1);
});

test('the result of a mass send is read once the address is trusted again', async () => {
  const { failing, execute, desk, externalUserId, control, pass } = await aFriendship();
  const end = await execute();
  if (!end || !('verdict' in end) || end.verdict.verdict !== 'tasked') throw new Error('no task');
  const msgid = end.verdict.channelRef;
  const result = () => desk.massSendResult(msgid, 's-1', externalUserId);
  await pass(60_000);
  await control('staff/s-1:confirm', { msgid });

  await failing('get_groupmsg_send_result');
  const failure = await result().catch((error: unknown) => error);
  expect(isFinalFailure(failure)).toBe(false);

  expect(await result()).toMatchObject({ kind: 'sent' });
});
