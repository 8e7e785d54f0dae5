import request from 'supertest';
import { type Listener, listen, trial } from '../trial';

let sopflow: Listener;
beforeEach(async () => {
  sopflow = await listen();
});
afterEach(() => sopflow.close());

const people = {
  customers: Array.from({ length: 40 }, (_, n) => ({
    contactId: `c-${n}`,
    phone: `199000${String(10_000 + n)}`,
    facts: { monthlySpendFen: 3000, dataUsedPct: 50 },
    relations: n % 2 ? [{ staffId: 's-1', addedAt: '2026-01-01T00:00:00Z' }] : [],
  })),
};

async function world(change: object) {
  const it = trial({ sopflow: { url: sopflow.url, key: 'k' } });
  await request(it.app)
    .put('/sandbox/staff:batch')
    .send({ staff: [{ staffId: 's-1' }, { staffId: 's-2' }] });
  await request(it.app).put('/sandbox/customers:batch').send(people);
  await it.sandbox.tick();
  await it.control('world', change);
  const live = async (minutes: number) => {
    for (let second = 0; second < minutes * 60; second += 2) await it.pass(2000);
  };
  const events = (): { type: string; contactId: string }[] =>
    sopflow.heard
      .filter((post) => post.path.endsWith('events:batch'))
      .flatMap((post) => JSON.parse(post.body).events);
  return { ...it, live, events };
}

describe('the automatic world', () => {
  it('is still until it is asked to run', async () => {
    const { live, control } = await world({});
    await live(1);
    expect(sopflow.heard).toEqual([]);
    expect(await control('world', {})).toMatchObject({
      running: false,
      acceptRate: 0.01,
      eveningShare: 0.16,
    });
  });

  it('makes customers join, use data, get bills and become leads, at the rates asked for', async () => {
    const { live, events, app } = await world({
      running: true,
      friendsPerMinute: 4,
      usagePerMinute: 30,
      billsPerMinute: 10,
      leadsPerMinute: 3,
    });
    await live(2);
    const count = (type: string) => events().filter((event) => event.type === type).length;
    expect(count('usage')).toBeGreaterThan(35);
    expect(count('usage')).toBeLessThan(90);
    expect(count('bill')).toBeGreaterThan(8);
    expect(sopflow.heard.filter((post) => post.path === '/wecom/callback').length).toBeGreaterThan(
      2,
    );
    expect((await request(app).get('/sandbox/state')).body.leads.pooled).toBeGreaterThan(1);
  });

  it('does the same again for the same seed, and something else for another', async () => {
    const run = async (seed: number) => {
      sopflow.heard.length = 0;
      const { live, events } = await world({ running: true, seed });
      await live(0.5);
      return events().map((event) => `${event.type} ${event.contactId}`);
    };
    const first = await run(3);
    expect(first.length).toBeGreaterThan(5);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  const still = {
    running: true,
    friendsPerMinute: 0,
    usagePerMinute: 0,
    billsPerMinute: 0,
    paymentsPerMinute: 0,
    leadsPerMinute: 0,
    chatsPerMinute: 0,
    deletionsPerMinute: 0,
    turnoverPerYear: 0,
  };

  it('lets staff confirm after a while, but for those who never do', async () => {
    const it = await world({ ...still, confirmRate: 1, confirmDelayMinutes: 1, chatRate: 0 });
    const externalUserId = (await it.read('externalcontact/list', { userid: 's-1' }))
      .external_userid[0];
    const create = () =>
      it.wecom('externalcontact/add_msg_template', {
        sender: 's-1',
        external_userid: [externalUserId],
        text: { content: 'x' },
      });
    await create();
    await it.live(10);
    expect(await it.book()).toHaveLength(1);
    await it.control('staff/s-1:ignore');
    await create();
    await it.live(10);
    expect(await it.book()).toHaveLength(1);
  });

  it('lets customers take what they were offered, sooner when it runs faster', async () => {
    const it = await world({ ...still, acceptRate: 1, reactionDelaySeconds: 600, speed: 600 });
    await request(it.app)
      .put('/sandbox/products:batch')
      .send({ products: [{ id: 'data-1g', name: '5元1GB流量包', kind: 'data-pack', fee: 5 }] });
    await it.call('post', '/sms/messages', {
      clientMessageId: 'm',
      phone: '19900010003',
      text: '【广东移动】可办理5元1GB流量包',
    });
    await it.live(0.5);
    expect(it.events()).toMatchObject([
      { type: 'offer-accepted', contactId: 'c-3', data: { product: 'data-1g' } },
    ]);
  });

  it('lets customers open the links of what they received', async () => {
    const it = await world({ ...still, acceptRate: 0, openRate: 1, reactionDelaySeconds: 1 });
    const texts = ['详情 https://shop.example.com/p?c=month-58 拒收请回复R', '您好 拒收请回复R'];
    for (const [n, text] of texts.entries())
      await it.call('post', '/sms/messages', {
        ...{ clientMessageId: `m-${n}`, phone: `199000${10_003 + n}`, text: `【广东移动】${text}` },
      });
    await it.live(0.5);
    expect(it.events()).toMatchObject([
      { type: 'opened', contactId: 'c-3', data: { campaign: 'month-58' } },
    ]);

    expect(await it.control('customers/c-3:open')).toEqual({ campaign: 'month-58' });
    expect(await it.control('customers/c-4:open', { touchId: 'a/b/c' })).toEqual({
      touchId: 'a/b/c',
    });
    expect(await it.control('customers/c-4:open')).toMatchObject({ code: 'INVALID_INPUT' });
  });
});
