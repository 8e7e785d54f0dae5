import type { Delivery } from '../../ports/channel';
import type { StubCall } from '../../test/support/stubSystem';
import { aWecom, clock, NOW, ok, says } from '../../test/support/stubWecom';
import { createWecomChannel } from './channel';

let wecom: Awaited<ReturnType<typeof aWecom>>;
afterEach(() => wecom.close());

async function aChannel(answer: (call: StubCall, nth: number) => ReturnType<typeof ok>) {
  wecom = await aWecom(answer);
  return createWecomChannel(wecom.client, clock, { gatherMs: 20 });
}

const aDelivery = (name: string, changed: Partial<Delivery> = {}): Delivery => ({
  touchId: `run/${name}`,
  contactId: `c-${name}`,
  text: 'hello',
  externalUserId: `wm-${name}`,
  staffId: 'zhang',
  askedAt: NOW,
  settleBy: NOW + 3_600_000,
  ...changed,
});
const never = () => false;
const made = (_: StubCall, nth: number) => ok({ msgid: `msg-${nth}` });
const sendersOf = () => wecom.asked().map(({ body }) => body as Record<string, unknown>);
const refs = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason));

test('touches of one text by one member become one mass send, whichever call brings them', async () => {
  const channel = await aChannel(made);
  const [page, single] = await Promise.all([
    channel.deliverMany([aDelivery('a'), aDelivery('b')], never),
    channel.deliverMany([aDelivery('c')], never),
  ]);

  const tasked = { kind: 'tasked', channelRef: 'msg-1' };
  expect(refs([...page, ...single])).toEqual([tasked, tasked, tasked]);
  expect(sendersOf()).toMatchObject([
    { sender: 'zhang', external_userid: ['wm-a', 'wm-b', 'wm-c'], text: { content: 'hello' } },
  ]);
});

test('another text, another member, another deadline or the same customer again is another mass send', async () => {
  const channel = await aChannel(made);
  await channel.deliverMany(
    [
      aDelivery('a'),
      aDelivery('b', { text: 'good day' }),
      aDelivery('c', { staffId: 'li' }),
      aDelivery('d', { settleBy: NOW + 7_200_000 }),
      aDelivery('a', { touchId: 'other/a' }),
    ],
    never,
  );
  expect(sendersOf().map(({ external_userid }) => external_userid)).toEqual([
    ['wm-a'],
    ['wm-a'],
    ['wm-b'],
    ['wm-c'],
    ['wm-d'],
  ]);
});

test('a customer that WeCom cannot bring is refused alone', async () => {
  const channel = await aChannel(() => ok({ msgid: 'm-1', fail_list: ['wm-b'] }));
  const results = await channel.deliverMany([aDelivery('a'), aDelivery('b')], never);
  expect(refs(results)).toEqual([
    { kind: 'tasked', channelRef: 'm-1' },
    { kind: 'refused', reason: '41048', retryable: false },
  ]);
});

test('what WeCom says of the call, each touch in it is told', async () => {
  const channel = await aChannel(() => says(45009));
  const results = await channel.deliverMany([aDelivery('a'), aDelivery('b')], never);
  expect(refs(results)).toMatchObject([
    { kind: 'refused', reason: '45009', retryable: true },
    { kind: 'refused', reason: '45009', retryable: true },
  ]);
  expect(wecom.asked()).toHaveLength(1);
});

test('a touch whose execution is over by then is left out of the call', async () => {
  const channel = await aChannel(made);
  let isOver = false;
  const late = channel.deliverMany([aDelivery('a')], () => isOver);
  const inTime = channel.deliverMany([aDelivery('b')], never);
  isOver = true;

  expect(refs(await late)).toEqual([expect.objectContaining({ code: 'UNAVAILABLE' })]);
  expect(refs(await inTime)).toEqual([{ kind: 'tasked', channelRef: 'msg-1' }]);
  expect(sendersOf()).toMatchObject([{ external_userid: ['wm-b'] }]);
});

test('a code about one customer refuses that one, and the others are handed over without him', async () => {
  const about = (call: StubCall) => (call.body as { external_userid: string[] }).external_userid;
  const channel = await aChannel((call, nth) =>
    about(call).includes('wm-b') ? says(40096) : ok({ msgid: `msg-${nth}` }),
  );
  const results = await channel.deliverMany(
    [aDelivery('a'), aDelivery('b'), aDelivery('c')],
    never,
  );
  expect(refs(results)).toEqual([
    { kind: 'tasked', channelRef: expect.any(String) },
    { kind: 'refused', reason: '40096', retryable: false },
    { kind: 'tasked', channelRef: expect.any(String) },
  ]);
});

test('what is gathered while calls are under way waits for them: no more go on at once', async () => {
  const going: (() => void)[] = [];
  wecom = await aWecom(() => ok());
  const addMsgTemplate = async () => {
    await new Promise<void>((resolve) => going.push(resolve));
    return { msgid: 'm', fail_list: [] };
  };
  const channel = createWecomChannel({ ...wecom.client, addMsgTemplate }, clock, { gatherMs: 1 });
  const page = (name: string) =>
    channel.deliverMany(
      Array.from({ length: 20 }, (_, i) => aDelivery(`${name}${i}`, { text: `${name} ${i}` })),
      never,
    );
  const gathered = () => new Promise((resolve) => setTimeout(resolve, 20));

  const first = page('first');
  await gathered();
  const second = page('second');
  await gathered();
  expect(going).toHaveLength(16);

  let answered = 0;
  const all = Promise.all([first, second]).then((pages) => (answered = pages.flat().length));
  while (answered === 0) {
    for (const answer of going.splice(0)) answer();
    await gathered();
  }
  await all;
  expect(answered).toBe(40);
});
