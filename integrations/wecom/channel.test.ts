import type { Delivery } from '../../ports/channel';
import { welcomeRef } from '../../rules/contact/welcomeRef';
import { deliverOne } from '../../test/fakes/channel';
import type { StubAnswer, StubCall } from '../../test/support/stubSystem';
import { aWecom, clock, NOW, ok, says } from '../../test/support/stubWecom';
import { createWecomChannel } from './channel';

let wecom: Awaited<ReturnType<typeof aWecom>>;
afterEach(() => wecom.close());

async function aChannel(answer: (call: StubCall, nth: number) => StubAnswer, timeoutMs = 5000) {
  wecom = await aWecom(answer, timeoutMs);
  return createWecomChannel(wecom.client, clock);
}

const SECONDS = NOW / 1000;

const aDelivery = (changed: Partial<Delivery> = {}): Delivery => ({
  touchId: 'run/step',
  contactId: 'c1',
  text: 'hello',
  externalUserId: 'wm1',
  staffId: 'zhang',
  askedAt: NOW - 10_000,
  ...changed,
});
const aWelcome = () => aDelivery({ welcomeCode: 'CODE' });

const final = (reason: string) => ({ kind: 'refused', reason, retryable: false });
const forNow = (reason: string) => ({ kind: 'refused', reason, retryable: true });

describe('a welcome', () => {
  it('is sent at once under its code', async () => {
    const channel = await aChannel(() => ok());
    expect(await deliverOne(channel, aWelcome())).toEqual({
      kind: 'sent',
      channelRef: welcomeRef('CODE'),
      deliveredAt: NOW,
    });
    expect(wecom.asked()[0]?.body).toEqual({ welcome_code: 'CODE', text: { content: 'hello' } });
  });

  it('counts from the beginning of its call, however slow the answer is', async () => {
    const time = { now: NOW };
    wecom = await aWecom(() => {
      time.now += 2000;
      return ok();
    });
    const channel = createWecomChannel(wecom.client, { now: () => time.now });
    const delivery = { ...aWelcome(), expiresAt: NOW + 1000 };
    expect(await deliverOne(channel, delivery)).toMatchObject({ kind: 'sent', deliveredAt: NOW });
  });

  it.each([41050, 41051, 41053])('is refused for good by %s', async (code) => {
    const channel = await aChannel(() => says(code));
    expect(await deliverOne(channel, aWelcome())).toEqual(final(String(code)));
  });

  it('is tried again within a second while another app sends its own', async () => {
    const channel = await aChannel((_, nth) => (nth === 1 ? says(41096) : ok()));
    const answer = await deliverOne(channel, aWelcome());
    expect(answer).toMatchObject({ kind: 'refused', reason: '41096', retryable: true });
    expect(answer.kind === 'refused' && answer.retryAfterMs).toBeLessThanOrEqual(1000);
    expect(await deliverOne(channel, aWelcome())).toMatchObject({ kind: 'sent' });
  });

  it('in doubt was sent before when its code is used up', async () => {
    const channel = await aChannel((_, nth) => (nth === 1 ? { hang: true } : says(41051)), 300);
    await expect(deliverOne(channel, aWelcome())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await channel.lookup(aWelcome())).toEqual({
      kind: 'sent',
      channelRef: welcomeRef('CODE'),
      deliveredAt: NOW - 10_000,
    });
  });

  it('in doubt is sent by the look-up when the first try never arrived', async () => {
    const channel = await aChannel(() => ok());
    expect(await channel.lookup(aWelcome())).toEqual({
      kind: 'sent',
      channelRef: welcomeRef('CODE'),
      deliveredAt: NOW,
    });
  });

  it('in doubt is not asked for while it would be too late to send and its code may still live', async () => {
    const channel = await aChannel(() => ok());
    const late = aDelivery({ welcomeCode: 'CODE', expiresAt: NOW - 1_000 });
    await expect(channel.lookup(late)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryAfterMs: 2_000,
    });
    expect(wecom.asked()).toEqual([]);
    expect(await channel.lookup({ ...late, expiresAt: NOW - 3_000 })).toMatchObject({
      kind: 'sent',
    });
  });

  it('in doubt is refused once its code has expired', async () => {
    const channel = await aChannel(() => says(41050));
    expect(await channel.lookup(aWelcome())).toEqual(final('welcome-code-expired'));
  });

  it('in doubt stays so while WeCom is busy', async () => {
    const channel = await aChannel(() => says(-1));
    await expect(channel.lookup(aWelcome())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      errcode: -1,
    });
  });
});

describe('a mass send', () => {
  it('becomes a task of the member for the one customer', async () => {
    const channel = await aChannel(() => ok({ msgid: 'm1', fail_list: [] }));
    expect(await deliverOne(channel, aDelivery())).toEqual({ kind: 'tasked', channelRef: 'm1' });
    expect(wecom.asked()[0]?.body).toMatchObject({ sender: 'zhang', external_userid: ['wm1'] });
  });

  it.each([41048, 84061, 40096])('is refused for good by %s', async (code) => {
    const channel = await aChannel(() => says(code));
    expect(await deliverOne(channel, aDelivery())).toEqual(final(String(code)));
  });

  it('is refused for good when the customer is in its fail list', async () => {
    const channel = await aChannel(() => ok({ msgid: 'm1', fail_list: ['wm1'] }));
    expect(await deliverOne(channel, aDelivery())).toEqual(final('41048'));
  });

  it.each([
    [45009, 60_000],
    [41063, 5_000],
  ])('is put off by %s for %s ms', async (code, retryAfterMs) => {
    const channel = await aChannel(() => says(code));
    expect(await deliverOne(channel, aDelivery())).toEqual({
      kind: 'refused',
      reason: String(code),
      retryable: true,
      retryAfterMs,
    });
  });

  it.each([-1, 6000, 45033, 45035, 81026])(
    'waits out %s of WeCom with pauses that grow',
    async (code) => {
      const channel = await aChannel(() => says(code));
      expect(await deliverOne(channel, aDelivery())).toEqual(forNow(String(code)));
    },
  );

  it.each([40001, 40013, 48002, 60011, 60020, 999_999])(
    'waits for a person while %s says that we are not set up right, or nobody knows what',
    async (code) => {
      const channel = await aChannel(() => says(code));
      expect(await deliverOne(channel, aDelivery())).toEqual(forNow(String(code)));
    },
  );

  it('throws when the outcome is unknown', async () => {
    const channel = await aChannel(() => ({ hang: true }), 300);
    await expect(deliverOne(channel, aDelivery())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([
    ['EXPIRED', { expiresAt: NOW }],
    ['TEXT_TOO_LONG', { text: '字'.repeat(1334) }],
  ])('asks nothing of WeCom when %s', async (reason, changed) => {
    const channel = await aChannel(() => ok());
    expect(await deliverOne(channel, aDelivery(changed))).toEqual(final(reason));
    expect(wecom.asked()).toHaveLength(0);
  });

  it('is refused without a relation', async () => {
    const channel = await aChannel(() => ok());
    const { externalUserId: _, ...unrelated } = aDelivery();
    expect(await deliverOne(channel, unrelated)).toEqual(final('NO_RELATION'));
    expect(await channel.lookup(unrelated)).toBeNull();
  });
});

describe('the look-up of a mass send', () => {
  const aMass = (changed: object = {}) => ({
    msgid: 'm1',
    create_time: SECONDS - 9,
    text: { content: 'hello' },
    ...changed,
  });

  /** A WeCom that lists these mass sends, of which `holder` went to the customer. */
  const listing = (masses: readonly object[], holder?: string) => (call: StubCall) => {
    if (call.path.endsWith('get_groupmsg_list_v2'))
      return ok({ group_msg_list: masses, next_cursor: '' });
    const { msgid } = call.body as { msgid: string };
    return ok({
      send_list: msgid === holder ? [{ external_userid: 'wm1', userid: 'zhang', status: 0 }] : [],
    });
  };

  it('finds the task by member, customer and text', async () => {
    const channel = await aChannel(listing([aMass({ msgid: 'm0' }), aMass()], 'm1'));
    expect(await channel.lookup(aDelivery())).toEqual({ kind: 'tasked', channelRef: 'm1' });
    expect(wecom.asked()[0]?.body).toMatchObject({
      chat_type: 'single',
      filter_type: 0,
      start_time: SECONDS - 70,
      end_time: SECONDS + 60,
    });
    expect(wecom.asked()[2]?.body).toMatchObject({ msgid: 'm1', userid: 'zhang' });
  });

  it.each([
    ['another text', { text: { content: 'hello!' } }],
    ['a member as its creator', { creator: 'zhang' }],
    ['an earlier time than this was asked for', { create_time: SECONDS - 30 }],
    ['no text at all', { text: undefined }],
  ])('leaves alone what has %s', async (_, changed) => {
    const channel = await aChannel(listing([aMass(changed)], 'm1'));
    expect(await channel.lookup(aDelivery())).toBeNull();
    expect(wecom.asked()).toHaveLength(1);
  });

  it('says null when WeCom never took it', async () => {
    const channel = await aChannel(listing([]));
    expect(await channel.lookup(aDelivery())).toBeNull();
  });

  it('says nothing while a candidate is still being dispatched', async () => {
    const channel = await aChannel((call) =>
      call.path.endsWith('get_groupmsg_list_v2') ? ok({ group_msg_list: [aMass()] }) : says(41063),
    );
    await expect(channel.lookup(aDelivery())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      errcode: 41063,
    });
  });

  it('finds a task behind one that is still being dispatched', async () => {
    const channel = await aChannel((call) => {
      if (call.path.endsWith('get_groupmsg_list_v2'))
        return ok({ group_msg_list: [aMass({ msgid: 'm0' }), aMass()] });
      if ((call.body as { msgid: string }).msgid === 'm0') return says(41063);
      return ok({
        send_list: [{ external_userid: 'wm1', userid: 'zhang', status: 1, send_time: SECONDS }],
      });
    });
    expect(await channel.lookup(aDelivery())).toEqual({ kind: 'tasked', channelRef: 'm1' });
  });

  it('throws when the record cannot be read', async () => {
    const channel = await aChannel(() => says(48002));
    await expect(channel.lookup(aDelivery())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      errcode: 48002,
    });
  });
});
