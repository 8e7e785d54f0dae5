import { requestOfJourney } from '../activities/touch/asked';
import { touchMany } from '../activities/touch/page';
import { pollUntil } from '../embedded/poll';
import { START, trial } from '../sandbox/trial';
import { aScenario } from '../test/fakes/touchScenario';
import { createWecomChannel } from './wecom/channel';
import { createWecomClient } from './wecom/client';

const CORP = { corpId: 'wwcorp1', corpSecret: 'secret-1' };
const GIVEN_UP_AFTER_MS = 100;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const closing of open.splice(0)) await closing.close();
});

/** A customer and a member who are friends, and our channel to the simulated WeCom. */
async function aFriendship() {
  const it = trial();
  open.push(it.sandbox);
  const baseUrl = `${await it.sandbox.listen(0)}/wecom`;
  const clock = { now: () => it.time.now };
  const client = createWecomClient({ ...CORP, baseUrl, clock, timeoutMs: GIVEN_UP_AFTER_MS });
  const channel = createWecomChannel(client, clock);

  const { externalUserId } = await it.control('customers/c-1:add-friend', { staffId: 's-1' });
  const addedAt = new Date(it.time.now).toISOString();
  const relation = { staffId: 's-1', externalUserId, state: 'friend' as const, addedAt };
  const scenario = await aScenario({ profile: { relations: [relation] } });

  const execute = async () => {
    scenario.time.now = it.time.now;
    const { input, caller, ...context } = scenario.ask([channel], { channel: 'wecom' });
    const [end] = await touchMany(context, [requestOfJourney(input, caller)]);
    return end;
  };
  const made = () => client.getGroupmsgList(START / 1000 - 1, Math.ceil(it.time.now / 1000) + 1);
  return { ...it, execute, made };
}

test('a mass send that WeCom takes after we gave up is found, and made once', async () => {
  const { control, pass, execute, made } = await aFriendship();
  const late = { kind: 'delay', delayMs: 4 * GIVEN_UP_AFTER_MS, count: 1 };
  await control('faults', { system: 'wecom', path: 'add_msg_template', ...late });

  expect(await execute()).toMatchObject({ failure: { code: 'UNAVAILABLE' } });
  await pass(1_000);
  expect(await execute()).toMatchObject({ failure: { type: 'IN_DOUBT' } });

  await pollUntil(async () => ((await made()).length > 0 ? true : undefined), {
    everyMs: 20,
    timeoutMs: 10_000,
    timedOut: () => new Error('the late call never landed'),
  });
  await pass(60_000);
  expect(await execute()).toMatchObject({ verdict: { verdict: 'tasked' } });

  await pass(120_000);
  expect(await execute()).toMatchObject({ verdict: { verdict: 'tasked' } });
  expect(await made()).toHaveLength(1);
});

test('a mass send that WeCom never took is made again once it can no longer land', async () => {
  const { control, pass, execute, made } = await aFriendship();
  const lost = { kind: 'timeout-before', delayMs: 2 * GIVEN_UP_AFTER_MS, count: 1 };
  await control('faults', { system: 'wecom', path: 'add_msg_template', ...lost });

  expect(await execute()).toMatchObject({ failure: { code: 'UNAVAILABLE' } });
  await pass(30_000);
  expect(await execute()).toMatchObject({ failure: { type: 'IN_DOUBT', nextRetryDelay: 60_000 } });
  expect(await made()).toHaveLength(0);

  await pass(60_000);
  expect(await execute()).toMatchObject({ verdict: { verdict: 'tasked' } });
  expect(await made()).toHaveLength(1);
});
