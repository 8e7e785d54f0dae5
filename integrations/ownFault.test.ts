import { isFinalFailure } from '../activities/failures';
import { settleMassSend } from '../activities/massSend/settle';
import { placeOrder } from '../activities/order';
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

test('twelve seconds of it lose no result of a mass send, and people see them', async () => {
  const { execute, deps, stores, control, pass } = await aDistrustedAddress();
  const end = await execute();
  if (!end || !('verdict' in end) || end.verdict.verdict !== 'tasked') throw new Error('no task');
  const ref = { msgid: end.verdict.channelRef, staffId: 's-1' };
  await pass(60_000);
  await control('staff/s-1:confirm', { msgid: ref.msgid });

  const fault = { kind: 'errcode', errcode: NOT_TRUSTED, count: 12 };
  await control('faults', { system: 'wecom', path: 'externalcontact', ...fault });
  for (let second = 0; second < 12; second++) {
    const failure = await settleMassSend(deps(), ref).catch((error: unknown) => error);
    expect(isFinalFailure(failure)).toBe(false);
    await pass(1_000);
  }
  expect(await stores.conditions.list()).toMatchObject([
    { system: 'wecom', code: '60020', fault: 'ours', times: 12 },
  ]);
  expect((await stores.contacts.find('c-1'))?.touches).toMatchObject([{ state: 'tasked' }]);

  expect(await settleMassSend(deps(), ref)).toBe(0);
  expect((await stores.contacts.find('c-1'))?.touches).toMatchObject([{ state: 'sent' }]);
  expect(await stores.conditions.list()).toEqual([]);
});

test('an order that the CRM does not take, for it does not know our key, is placed once it does', async () => {
  const { deps, stores, control, pass } = await aDistrustedAddress();
  const input = { orderKey: 'order/run/p-1', contactId: 'c-1', product: 'p-1' };
  const place = () => placeOrder(deps(), { workflowId: 'run', runId: 'r' }, input);
  const fault = { kind: 'errcode', errcode: 'UNAUTHORISED', count: 3 };
  await control('faults', { system: 'crm', path: 'orders', ...fault });

  for (let attempt = 0; attempt < 3; attempt++) {
    expect(isFinalFailure(await place().catch((error: unknown) => error))).toBe(false);
    await pass(1_000);
  }
  expect(await stores.orders.find(input.orderKey)).toBeNull();
  expect(await stores.conditions.list()).toMatchObject([{ system: 'crm', code: 'UNAUTHORISED' }]);

  expect(await place()).toMatchObject({ state: 'accepted' });
  expect(await stores.orders.find(input.orderKey)).toMatchObject({ state: 'accepted' });
  expect(await stores.conditions.list()).toEqual([]);
});

test('a touch that our own fault holds past its expiry ends by it, and frees its slot', async () => {
  const { execute, stores, control, made, time, pass } = await aDistrustedAddress();
  const expiresAt = new Date(time.now + 5_000).toISOString();
  const fault = { kind: 'errcode', errcode: NOT_TRUSTED, count: 99 };
  await control('faults', { system: 'wecom', path: 'add_msg_template', ...fault });

  expect(await execute({ expiresAt })).toHaveProperty('failure');
  await pass(6_000);
  await execute({ expiresAt });
  expect((await stores.contacts.find('c-1'))?.touches).toMatchObject([{ state: 'released' }]);
  expect(await execute({ expiresAt, attempt: 2 })).toMatchObject({
    verdict: { verdict: 'suppressed', reason: 'expired' },
  });
  expect(await made()).toEqual([]);
});
