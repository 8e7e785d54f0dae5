import { createMemoryStores } from '../../models/memory/stores';
import type { Stores } from '../../ports/stores';
import { aPass, read } from '../../test/contracts/builders';
import { Crash, crashAt, type Moment } from '../../test/fakes/crash';
import { createFakeEngine } from '../../test/fakes/engine';
import { createMassSends } from '../../test/fakes/massSends';
import { aScenario, NOON } from '../../test/fakes/touchScenario';
import { reserveOne } from '../../test/support/singles';
import type { TouchInput } from '../contract';
import type { ActivityDeps } from '../deps';
import { reviewTaskPage } from '../taskReview';
import { requestOfJourney, type TouchRequest } from '../touch/asked';
import { touchMany } from '../touch/page';
import type { TouchContext } from '../touch/path';
import { closeMassSend, settleMassSend } from './settle';
import { endTasks } from './tasks';
import { withdrawFromMassSend } from './withdraw';

const THE_TOUCH: TouchRequest = {
  touchId: 't',
  attempt: 1,
  contactId: 'c',
  channel: 'wecom',
  class: 'marketing',
  template: 't@1',
  origin: { kind: 'journey', journey: 'leadRetry', step: 'offer', workflowId: 'w', runId: 'r' },
};

const REF = { msgid: 'msg-1', staffId: 's-1' };
const HOUR_MS = 3_600_000;

/** A mass send of one text to some customers, made on the ordinary path of touches. */
async function aMassSend(customers: readonly string[]) {
  const stores = createMemoryStores();
  const scenario = await aScenario({ stores, text: '夏日流量包' });
  const wecom = createMassSends({ now: () => scenario.time.now });
  const channels = { sms: { reachable: true }, wecom: { reachable: true } };
  await stores.contacts.upsertMany(
    customers.map((name) => ({
      contactId: `c-${name}`,
      city: 'yunfu',
      channels,
      relations: [
        { staffId: 's-1', externalUserId: `wm-${name}`, state: 'friend' as const, addedAt: AT },
      ],
    })),
  );

  const { input, caller, ...context } = scenario.ask([wecom.channel], { channel: 'wecom' });
  const asked = customers.map(
    (name): TouchInput => ({
      ...input,
      touchId: `t-${name}`,
      contactId: `c-${name}`,
    }),
  );
  await touchMany(
    context,
    asked.map((each) => requestOfJourney(each, { ...caller, workflowId: `run-${each.touchId}` })),
  );

  const means: ActivityDeps = {
    ...context.deps,
    engine: scenario.engine,
    wecom: wecom.desk as ActivityDeps['wecom'],
  };
  const contextWith = (deps: ActivityDeps): TouchContext => ({ ...context, deps });
  const touch = async (name: string) => {
    const contact = await stores.contacts.find(`c-${name}`);
    return contact?.touches.find(({ touchId }) => touchId === `t-${name}`);
  };
  const withdraw = (name: string) =>
    stores.touches.withdraw(`c-${name}`, `t-${name}`, { at: AT, rule: 'consent' });

  return { ...scenario, wecom, means, contextWith, touch, withdraw };
}

const AT = new Date(NOON).toISOString();

test('touches of one text by one member are one mass send with one follower', async () => {
  const { wecom, engine, touch } = await aMassSend(['a', 'b', 'c']);
  expect([...wecom.sends.keys()]).toEqual(['msg-1']);
  expect(engine.massSends).toEqual([
    { version: 2, msgid: 'msg-1', staffId: 's-1', deadline: (await touch('a'))?.settleBy },
  ]);
});

test('settles what the member has sent, with the result of each customer', async () => {
  const { wecom, means, touch, stores } = await aMassSend(['a', 'b', 'c']);
  expect(await settleMassSend(means, REF)).toBe(3);

  wecom.confirm('msg-1', { 'wm-b': { kind: 'failed', why: 'platform-cap' } });
  expect(await settleMassSend(means, REF)).toBe(0);
  expect(await touch('a')).toMatchObject({ state: 'sent', at: AT, channelRef: 'msg-1' });
  expect(await touch('b')).toMatchObject({ state: 'released', why: 'platform-cap' });
  expect(await stores.deliveries.openTasks({ limit: 9 })).toEqual([]);
});

test('tells the runs that wait, and again when a crash came in between', async () => {
  const { wecom, means } = await aMassSend(['a']);
  const told: string[] = [];
  const engine = {
    ...createFakeEngine(),
    async signal(workflowId: string) {
      told.push(workflowId);
      if (told.length === 1) throw new Crash('after the ledger');
      return true;
    },
  };

  wecom.confirm('msg-1');
  await expect(settleMassSend({ ...means, engine }, REF)).rejects.toThrow(Crash);
  expect(await settleMassSend({ ...means, engine }, REF)).toBe(0);
  expect(told).toEqual(['run-t-a', 'run-t-a']);
});

test('at its deadline it is cancelled, and what nobody confirmed is free again', async () => {
  const { wecom, means, touch } = await aMassSend(['a', 'b']);
  await closeMassSend(means, REF);
  expect(wecom.sends.get('msg-1')?.cancelled).toBe(true);
  expect(await touch('a')).toMatchObject({ state: 'released', why: 'unconfirmed' });
  expect(await touch('b')).toMatchObject({ state: 'released', why: 'unconfirmed' });
});

test('gives up nothing at its deadline while WeCom cannot say what was sent', async () => {
  const { wecom, means, touch } = await aMassSend(['a']);
  wecom.confirm('msg-1');
  const dispatching = { ...means.wecom, massSendResults: async () => null };

  const early = closeMassSend({ ...means, wecom: dispatching }, REF);
  await expect(early).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await touch('a')).toMatchObject({ state: 'tasked' });

  await closeMassSend(means, REF);
  expect(await touch('a')).toMatchObject({ state: 'sent' });
});

test('one whose result nobody can read is not given up, and keeps no other from its end', async () => {
  const { wecom, means, touch } = await aMassSend(['a', 'b', 'c']);
  wecom.confirm('msg-1', {
    'wm-b': { kind: 'unreadable', said: 'status 9' },
    'wm-c': { kind: 'waiting' },
  });

  await expect(closeMassSend(means, REF)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await touch('a')).toMatchObject({ state: 'sent' });
  expect(await touch('b')).toMatchObject({ state: 'tasked' });
  expect(await touch('c')).toMatchObject({ state: 'released', why: 'unconfirmed' });
});

test('a touch that has become wrong is taken out, and the others are made again', async () => {
  const { wecom, means, contextWith, touch, withdraw, engine, stores } = await aMassSend([
    'a',
    'b',
    'c',
  ]);
  expect(await withdrawFromMassSend(contextWith(means), REF)).toBe(3);
  expect(wecom.sends.get('msg-1')?.cancelled).toBe(false);

  await withdraw('b');
  expect(await withdrawFromMassSend(contextWith(means), REF)).toBe(0);
  expect(['a', 'b', 'c'].map((name) => wecom.open(`wm-${name}`))).toEqual([
    ['msg-2'],
    [],
    ['msg-2'],
  ]);
  expect(await touch('b')).toMatchObject({ state: 'released', why: 'withdrawn:consent' });
  expect(await touch('a')).toMatchObject({ state: 'tasked', channelRef: 'msg-2' });
  expect(engine.massSends.at(-1)).toMatchObject({ msgid: 'msg-2', isRemade: true });

  wecom.confirm('msg-2');
  await settleMassSend(means, { ...REF, msgid: 'msg-2' });
  expect(await touch('a')).toMatchObject({ state: 'sent', channelRef: 'msg-2' });
  const rows = await stores.touches.timeline('c-b');
  expect(rows.flatMap((row) => (row.kind === 'settlement' ? row.settled : []))).toEqual([
    'withdrawn',
    'released',
  ]);
});

test('a member who was faster than the withdrawal has sent it, and the ledger says so', async () => {
  const { wecom, means, contextWith, touch, withdraw } = await aMassSend(['a', 'b']);
  await withdraw('b');
  wecom.confirm('msg-1');
  expect(await withdrawFromMassSend(contextWith(means), REF)).toBe(0);
  expect(await touch('b')).toMatchObject({ state: 'sent', why: 'not-stopped:consent' });
  expect(await touch('a')).toMatchObject({ state: 'sent' });
  expect(wecom.sends.size).toBe(1);
});

test('one that is withdrawn while the mass send is made again is taken out of the new one', async () => {
  const { means, contextWith, withdraw, wecom, stores } = await aMassSend(['a', 'b', 'c']);
  await withdraw('a');
  const deliveries = {
    ...stores.deliveries,
    async reopenTasks(...given: Parameters<typeof stores.deliveries.reopenTasks>) {
      await stores.deliveries.reopenTasks(...given);
      await withdraw('b');
    },
  };

  await withdrawFromMassSend(contextWith({ ...means, stores: { ...stores, deliveries } }), REF);
  await withdrawFromMassSend(contextWith(means), { ...REF, msgid: 'msg-2' });
  expect(['a', 'b', 'c'].map((name) => wecom.open(`wm-${name}`))).toEqual([[], [], ['msg-3']]);
});

/** The text of all touches is withdrawn once another version of it is in force. */
async function withdrawText(stores: Stores, use: 'latest' | 'end', text = '冬日流量包') {
  const { templates } = stores;
  await templates.publish('t', 1, 'ann', AT);
  await templates.draft('t', { class: 'marketing', texts: { wecom: text } }, 'ann', AT);
  await templates.publish('t', 2, 'ann', AT);
  await templates.withdraw('t', 1, { use, reason: 'wrong price', author: 'ann', at: AT });
}

test('open tasks in words that were withdrawn are made again in the words in force', async () => {
  const { wecom, means, contextWith, stores, engine, touch } = await aMassSend(['a', 'b']);
  await withdrawText(stores, 'latest');
  const context = contextWith(means);
  expect(await reviewTaskPage(means, context.published, { rules: 'templates' })).toEqual({
    told: 2,
  });
  expect(engine.withdrawn.map(({ msgid }) => msgid)).toEqual(['msg-1', 'msg-1']);

  expect(await withdrawFromMassSend(context, REF)).toBe(0);
  expect(wecom.sends.get('msg-1')?.cancelled).toBe(true);
  expect(wecom.sends.get('msg-2')).toMatchObject({ text: '冬日流量包', cancelled: false });
  expect(await stores.deliveries.find('t-a')).toMatchObject({ template: 't@2', openTask: 'msg-2' });
  expect(await withdrawFromMassSend(context, { ...REF, msgid: 'msg-2' })).toBe(2);

  wecom.confirm('msg-2');
  await settleMassSend(means, { ...REF, msgid: 'msg-2' });
  expect(await touch('a')).toMatchObject({ state: 'sent', channelRef: 'msg-2' });
});

test('open tasks in words that were withdrawn end where that was chosen', async () => {
  const { wecom, means, contextWith, stores, touch } = await aMassSend(['a', 'b']);
  await withdrawText(stores, 'end');
  const context = contextWith(means);
  await reviewTaskPage(means, context.published, { rules: 'templates' });
  expect(await withdrawFromMassSend(context, REF)).toBe(0);
  expect(wecom.sends.size).toBe(1);
  for (const name of ['a', 'b'])
    expect(await touch(name)).toMatchObject({
      state: 'released',
      why: 'withdrawn:template-withdrawn:t@1',
    });
});

test('who has sent the old words already has sent them, and nobody gets both', async () => {
  const { wecom, means, contextWith, stores, touch } = await aMassSend(['a']);
  await withdrawText(stores, 'latest');
  wecom.confirm('msg-1');
  await withdrawFromMassSend(contextWith(means), REF);
  expect(wecom.sends.size).toBe(1);
  expect(await touch('a')).toMatchObject({ state: 'sent', channelRef: 'msg-1' });
});

test('a task whose new words cannot be said to its customer ends by their variable', async () => {
  const { wecom, means, contextWith, stores, touch } = await aMassSend(['a', 'b']);
  await withdrawText(stores, 'latest', '{{name}}，余额{{yuan balanceFen}}元');
  await stores.contacts.patch('c-b', { name: '王', facts: { balanceFen: 100 } });
  await withdrawFromMassSend(contextWith(means), REF);
  expect(await touch('a')).toMatchObject({ state: 'released', why: 'template:name' });
  expect(wecom.open('wm-b')).toEqual(['msg-2']);
  expect(wecom.sends.get('msg-2')?.text).toBe('王，余额1元');
});

test('a text withdrawn between its choice and its task is recalled all the same', async () => {
  const { engine, stores, contextWith, means, wecom } = await aMassSend([]);
  await stores.contacts.upsertMany([
    {
      contactId: 'c-z',
      city: 'yunfu',
      channels: { wecom: { reachable: true } },
      relations: [{ staffId: 's-1', externalUserId: 'wm-z', state: 'friend', addedAt: AT }],
    },
  ]);
  const slow = {
    ...wecom.channel,
    async deliverMany(...given: Parameters<typeof wecom.channel.deliverMany>) {
      await withdrawText(stores, 'latest');
      return wecom.channel.deliverMany(...given);
    },
  };
  const channels = new Map([['wecom', slow]]);
  const asked = { ...THE_TOUCH, touchId: 't-z', contactId: 'c-z' };
  await touchMany(contextWith({ ...means, channels }), [asked]);
  expect(engine.withdrawn).toEqual([{ msgid: 'msg-1', touchId: 't-z' }]);
});

/** Withdraws one of three, with a crash at the n-th call; tried again, later, as Temporal would. */
async function withdrawnWithCrash(step: number, moment: Moment) {
  const send = await aMassSend(['a', 'b', 'c']);
  const { wecom, means, contextWith, withdraw, time, stores, engine } = send;
  await withdraw('b');

  const crash = crashAt(step, moment);
  const wrapped = Object.fromEntries(
    Object.entries(stores).map(([name, store]) => [name, crash.wrap(store as object)]),
  ) as unknown as typeof stores;
  const { deliverMany, lookup } = crash.wrap(wecom.channel);
  const deps: ActivityDeps = {
    ...means,
    stores: wrapped,
    engine: crash.wrap(engine),
    wecom: crash.wrap(means.wecom),
    channels: new Map([['wecom', { ...wecom.channel, deliverMany, lookup }]]),
  };

  for (let tries = 0; tries < 5; tries++) {
    const done = await withdrawFromMassSend(contextWith(deps), REF).catch(() => null);
    if (done === 0) break;
    time.now += 100_000;
  }

  const followed = new Set(engine.massSends.map(({ msgid }) => msgid));
  const open = ['a', 'b', 'c'].map((name) => wecom.open(`wm-${name}`));
  return { open, followed, steps: crash.steps, b: await send.touch('b') };
}

test('whatever call it dies at, each touch is in one mass send that is followed, and the wrong one in none', async () => {
  const { steps } = await withdrawnWithCrash(0, 'before');
  expect(steps).toBeGreaterThan(10);

  for (let step = 1; step <= steps; step++)
    for (const moment of ['before', 'after'] as const) {
      const { open, followed, b } = await withdrawnWithCrash(step, moment);
      expect({ step, moment, open: open.map((each) => each.length) }).toEqual({
        step,
        moment,
        open: [1, 0, 1],
      });
      expect(open[0]).toEqual(open[2]);
      expect(followed).toContain(open[0]?.[0]);
      expect(b).toMatchObject({ state: 'released', why: 'withdrawn:consent' });
    }
});

test('what has no time left is not made again', async () => {
  const { means, contextWith, withdraw, wecom, time, touch } = await aMassSend(['a', 'b']);
  await withdraw('a');
  time.now += 25 * HOUR_MS;
  await withdrawFromMassSend(contextWith(means), REF);
  expect(wecom.sends.size).toBe(1);
  expect(await touch('b')).toMatchObject({ state: 'released', why: 'unconfirmed' });
});

test('an ending that is told again leaves the attempt alone that was made since', async () => {
  const { means, stores, touch } = await aMassSend(['a']);
  const [task] = await stores.deliveries.openTasks({ limit: 1 });
  const ending = { settled: 'released', reason: { kind: 'unconfirmed' } } as const;
  const ended = task === undefined ? [] : [{ task, ending }];
  await endTasks(means, ended);

  const contact = await read(stores, 'c-a');
  const again = aPass(contact, { touchId: 't-a', attempt: 2, at: AT });
  await reserveOne(stores.touches, contact, again);
  await endTasks(means, ended);
  expect(await touch('a')).toMatchObject({ state: 'reserved', attempt: 2 });
});

test('ten thousand touches are one mass send: one is taken out, the others are made again and settled', async () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `n${i}`);
  const { wecom, means, contextWith, withdraw, touch } = await aMassSend(names);
  await withdraw('n77');
  expect(await withdrawFromMassSend(contextWith(means), REF)).toBe(0);
  expect([...wecom.sends.keys()]).toEqual(['msg-1', 'msg-2']);
  expect(wecom.sends.get('msg-2')?.results.size).toBe(9999);

  wecom.confirm('msg-2');
  expect(await settleMassSend(means, { ...REF, msgid: 'msg-2' })).toBe(0);
  expect(await touch('n9999')).toMatchObject({ state: 'sent', channelRef: 'msg-2' });
}, 60_000);
