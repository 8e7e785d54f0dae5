import { isFinalFailure } from '../activities/failures';
import { aFriendship } from '../test/support/friendship';

const NOT_TRUSTED = 60020;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const closing of open.splice(0)) await closing.close();
});

async function aDistrustedAddress() {
  const friendship = await aFriendship();
  open.push(friendship.sandbox);
  /** WeCom does not trust our address for the next call of this path. */
  const failing = (path: string) => {
    const fault = { kind: 'errcode', errcode: NOT_TRUSTED, count: 1 };
    return friendship.control('faults', { system: 'wecom', path, ...fault });
  };
  return { ...friendship, failing };
}

test('an address that WeCom does not trust for a while holds a touch, and ends nothing', async () => {
  const { failing, execute, stores, pass, made } = await aDistrustedAddress();
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
  const { failing, execute, desk, externalUserId, control, pass } = await aDistrustedAddress();
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
