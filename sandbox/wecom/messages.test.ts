import { welcomeRef } from '../../rules/contact/welcomeRef';
import { trial } from '../trial';

const MINUTE = 60_000;

async function welcomed(options: object = {}) {
  const it = trial();
  const added = await it.control('customers/c-1:add-friend', { staffId: 's-1', ...options });
  const send = async (text = '您好', code = added.welcomeCode) =>
    (
      await it.wecom('externalcontact/send_welcome_msg', {
        welcome_code: code,
        text: { content: text },
      })
    ).errcode;
  return { ...it, added, send };
}

describe('the welcome', () => {
  it('reaches the customer once, and the book says what and from whom', async () => {
    const { send, added, book } = await welcomed();
    expect([await send('欢迎光临'), await send('again')]).toEqual([0, 41051]);
    expect(await book()).toEqual([
      expect.objectContaining({
        contactId: 'c-1',
        externalUserId: added.externalUserId,
        channel: 'wecom',
        ref: welcomeRef(added.welcomeCode),
        staffId: 's-1',
        text: '欢迎光临',
      }),
    ]);
  });

  it('is good for 20 seconds; a used code says so even when it has also run out', async () => {
    const used = await welcomed();
    await used.send();
    used.time.now += 20_001;
    expect(await used.send()).toBe(41051);
    const fresh = await welcomed();
    fresh.time.now += 20_000;
    expect(await fresh.send()).toBe(0);
    const late = await welcomed();
    late.time.now += 20_001;
    expect(await late.send()).toBe(41050);
    expect(await late.send('x', 'unknown')).toBe(41050);
    expect(await late.book()).toEqual([]);
  });

  it('is over once the customer has spoken', async () => {
    const { control, send } = await welcomed();
    await control('customers/c-1:chat');
    expect(await send()).toBe(41051);
  });

  it('may be in flight by another app (41096) and then still succeed', async () => {
    const { control, send } = await welcomed();
    await control('faults', {
      system: 'wecom',
      path: 'send_welcome_msg',
      kind: 'errcode',
      errcode: 41096,
      count: 1,
    });
    expect([await send(), await send()]).toEqual([41096, 0]);
  });

  it('is measured in bytes, and empty things are refused', async () => {
    const { wecom, added, send } = await welcomed();
    expect(await send('客'.repeat(1334))).toBe(45002);
    const raw = async (body: object) =>
      (await wecom('externalcontact/send_welcome_msg', body)).errcode;
    const code = { welcome_code: added.welcomeCode };
    expect([await raw({}), await raw(code), await raw({ ...code, text: {} })]).toEqual([
      41049, 40063, 40063,
    ]);
    expect(await raw({ ...code, attachments: [{ msgtype: 'coupon', coupon: {} }] })).toBe(41065);
    expect(
      await raw({
        ...code,
        attachments: Array.from({ length: 10 }, () => ({
          msgtype: 'image',
          image: { media_id: 'm' },
        })),
      }),
    ).toBe(41064);
    expect(
      await raw({
        ...code,
        attachments: [{ msgtype: 'link', link: { title: '题'.repeat(43), url: 'http://x' } }],
      }),
    ).toBe(40058);
    expect(await send('客'.repeat(1333))).toBe(0);
  });

  it('has no code when the console has a welcome of its own, or when the half-added customer had it already', async () => {
    const half = await welcomed({ half: true });
    expect(await half.send()).toBe(0);
    expect(
      (await half.control('customers/c-1:add-friend', { staffId: 's-1' })).welcomeCode,
    ).toBeUndefined();
    const { added } = await welcomed();
    expect(added.welcomeCode).toBeDefined();
  });
});

async function crowd(count: number, staff: readonly string[] = ['s-1']) {
  const it = trial();
  const ids: string[] = [];
  for (let n = 1; n <= count; n += 1)
    for (const staffId of staff) {
      const { externalUserId } = await it.control(`customers/c-${n}:add-friend`, { staffId });
      if (!ids.includes(externalUserId)) ids.push(externalUserId);
      it.time.now += 1000;
    }
  const create = (more: object = {}) =>
    it.wecom('externalcontact/add_msg_template', {
      chat_type: 'single',
      external_userid: ids,
      text: { content: '本月账单' },
      ...more,
    });
  const results = async (msgid: string, userid = 's-1') =>
    it.wecom('externalcontact/get_groupmsg_send_result', { msgid, userid });
  return { ...it, ids, create, results };
}

describe('a mass send', () => {
  it('sends nothing by itself: the member confirms, then the book and the results say so', async () => {
    const { create, results, control, pass, book, wecom, ids } = await crowd(2);
    const { msgid, fail_list } = await create({ sender: 's-1' });
    expect(fail_list).toEqual([]);
    expect((await results(msgid)).errcode).toBe(41063);
    await pass(2000);
    expect((await results(msgid)).send_list.map((row: { status: number }) => row.status)).toEqual([
      0, 0,
    ]);
    expect(await book()).toEqual([]);
    expect(await control('staff/s-1:confirm')).toEqual({ msgids: [msgid] });
    expect((await results(msgid)).send_list).toEqual(
      ids.map((external_userid) =>
        expect.objectContaining({
          external_userid,
          userid: 's-1',
          status: 1,
          send_time: expect.any(Number),
        }),
      ),
    );
    expect((await wecom('externalcontact/get_groupmsg_task', { msgid })).task_list).toMatchObject([
      { userid: 's-1', status: 2 },
    ]);
    expect((await book()).map((entry) => [entry.contactId, entry.ref, entry.text])).toEqual([
      ['c-1', msgid, '本月账单'],
      ['c-2', msgid, '本月账单'],
    ]);
  });

  it('reports customers who left as 2 and reaches the rest', async () => {
    const { create, results, control, pass, book } = await crowd(2);
    const { msgid } = await create({ sender: 's-1' });
    await control('customers/c-1:delete-friend');
    await pass(3000);
    await control('staff/s-1:confirm', { msgid });
    expect((await results(msgid)).send_list.map((row: { status: number }) => row.status)).toEqual([
      2, 1,
    ]);
    expect(await book()).toHaveLength(1);
  });

  it.each([
    ['day', 1, 24 * 60 * MINUTE],
    ['week', 7, 7 * 24 * 60 * MINUTE],
    ['month', 31, 31 * 24 * 60 * MINUTE],
  ])(
    'is capped per customer and %s at %i, counting what was confirmed',
    async (massCapMode, limit, period) => {
      const { create, results, control, pass } = await crowd(1);
      await control('world', { massCapMode });
      const status = async () => {
        const { msgid } = await create({ sender: 's-1' });
        await control('staff/s-1:confirm', { msgid });
        await pass(2000);
        return (await results(msgid)).send_list[0].status;
      };
      const seen: number[] = [];
      for (let n = 0; n <= limit; n += 1) seen.push(await status());
      expect(seen).toEqual([...Array.from({ length: limit }, () => 1), 3]);
      await pass(period);
      expect(await status()).toBe(1);
    },
  );

  it('goes through the member who last chatted when no sender is named', async () => {
    const { create, control, wecom, pass } = await crowd(1, ['s-1', 's-2']);
    const taskOf = async () => {
      const { msgid } = await create();
      await pass(2000);
      return (await wecom('externalcontact/get_groupmsg_task', { msgid })).task_list.map(
        (task: { userid: string }) => task.userid,
      );
    };
    expect(await taskOf()).toEqual(['s-2']);
    await control('customers/c-1:chat', { staffId: 's-1' });
    expect(await taskOf()).toEqual(['s-1']);
  });

  it('lists ids that cannot be sent to, and refuses with 41048 when none can', async () => {
    const { create, ids, control } = await crowd(1);
    expect((await create({ external_userid: [...ids, 'wmStranger'] })).fail_list).toEqual([
      'wmStranger',
    ]);
    expect((await create({ external_userid: ['wmStranger'] })).errcode).toBe(41048);
    await control('customers/c-1:delete-friend', { by: 'staff' });
    expect((await create()).errcode).toBe(41048);
  });

  it('refuses parameters that are empty (40063) or missing (40058)', async () => {
    const { create, wecom } = await crowd(1);
    expect((await create({ sender: '' })).errcode).toBe(40063);
    expect((await create({ text: {} })).errcode).toBe(40063);
    expect(
      (await wecom('externalcontact/add_msg_template', { text: { content: 'x' } })).errcode,
    ).toBe(40058);
    expect((await create({ sender: 'nobody' })).errcode).toBe(60111);
  });

  it('selects by tags: one of each group', async () => {
    const { create, wecom, ids } = await crowd(2);
    const { tag_group } = await wecom('externalcontact/add_corp_tag', {
      group_name: 'g',
      tag: [{ name: 'a' }, { name: 'b' }],
    });
    const [a, b] = tag_group.tag.map((tag: { id: string }) => tag.id);
    await wecom('externalcontact/mark_tag', {
      userid: 's-1',
      external_userid: ids[0],
      add_tag: [a, b],
    });
    await wecom('externalcontact/mark_tag', {
      userid: 's-1',
      external_userid: ids[1],
      add_tag: [a],
    });
    const filter = (...lists: string[][]) => ({
      external_userid: [],
      tag_filter: { group_list: lists.map((tag_list) => ({ tag_list })) },
    });
    expect((await create(filter([a], [b]))).msgid).toBeDefined();
    expect((await create(filter(['none']))).errcode).toBe(41048);
  });

  it('is reminded of three times in 24 hours (41094), and not at all once cancelled (41093)', async () => {
    const { create, wecom, pass } = await crowd(1);
    const { msgid } = await create();
    const remind = async () =>
      (await wecom('externalcontact/remind_groupmsg_send', { msgid })).errcode;
    expect([await remind(), await remind(), await remind(), await remind()]).toEqual([
      0, 0, 0, 41094,
    ]);
    await pass(24 * 60 * MINUTE);
    expect(await remind()).toBe(0);
    const cancel = async () =>
      (await wecom('externalcontact/cancel_groupmsg_send', { msgid })).errcode;
    expect([await cancel(), await cancel(), await remind()]).toEqual([0, 41093, 41093]);
  });

  it('cannot be confirmed after it was cancelled, nor by somebody who resigned', async () => {
    const { create, wecom, control, book } = await crowd(1);
    const { msgid } = await create();
    await wecom('externalcontact/cancel_groupmsg_send', { msgid });
    expect(await control('staff/s-1:confirm')).toEqual({ msgids: [] });
    await create();
    await control('staff/s-1:resign');
    expect(await control('staff/s-1:confirm')).toMatchObject({ status: 409, code: 'CONFLICT' });
    expect(await book()).toEqual([]);
  });

  it('is listed with the default page when too much is asked', async () => {
    const { create, wecom, time } = await crowd(1);
    for (let n = 0; n < 60; n += 1) await create();
    const now = Math.floor(time.now / 1000);
    const list = (more: object) =>
      wecom('externalcontact/get_groupmsg_list_v2', {
        chat_type: 'single',
        start_time: now - 60,
        end_time: now + 60,
        ...more,
      });
    expect((await list({ limit: 500 })).group_msg_list).toHaveLength(50);
    expect((await list({ limit: 100 })).group_msg_list).toHaveLength(60);
    expect((await list({ start_time: now - 40 * 86_400 })).errcode).toBe(40058);
  });
});
