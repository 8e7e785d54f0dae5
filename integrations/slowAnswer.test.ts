import { pollUntil } from '../embedded/poll';
import { aFriendship } from '../test/support/friendship';

const GIVEN_UP_AFTER_MS = 100;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const closing of open.splice(0)) await closing.close();
});

async function impatientFriendship() {
  const friendship = await aFriendship({ timeoutMs: GIVEN_UP_AFTER_MS });
  open.push(friendship.sandbox);
  return friendship;
}

test('a mass send that WeCom takes after we gave up is found, and made once', async () => {
  const { control, pass, execute, made } = await impatientFriendship();
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
  const { control, pass, execute, made } = await impatientFriendship();
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
