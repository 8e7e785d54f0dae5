import request from 'supertest';
import { trial } from '../trial';

const befriended = async (staff = 's-1', count = 1) => {
  const it = trial();
  const ids: string[] = [];
  for (let n = 1; n <= count; n += 1)
    ids.push(
      (await it.control(`customers/c-${n}:add-friend`, { staffId: staff, state: 'store-01' }))
        .externalUserId,
    );
  return { ...it, ids };
};

describe('tokens', () => {
  it('gives the same token inside its lifetime and another after it', async () => {
    const { token, pass } = trial();
    const first = await token();
    await pass(7_199_000);
    expect(await token()).toBe(first);
    await pass(2000);
    expect(await token()).not.toBe(first);
  });

  it('tells an expired token (42001) from an unknown one (40014) and a missing one (41001)', async () => {
    const { app, token, time } = trial();
    const old = await token();
    const ask = async (access_token?: string) =>
      (
        await request(app)
          .get('/wecom/cgi-bin/externalcontact/get_follow_user_list')
          .query({ access_token })
      ).body.errcode;
    expect(await ask(old)).toBe(0);
    time.now += 7_201_000;
    expect([await ask(old), await ask('made-up'), await ask()]).toEqual([42001, 40014, 41001]);
  });

  it('calls a token back when a fault says so, and issues another', async () => {
    const { app, token, control } = trial();
    const old = await token();
    await control('faults', {
      system: 'wecom',
      kind: 'token-invalid',
      path: 'get_follow_user_list',
      count: 1,
    });
    const ask = async (access_token: string) =>
      (
        await request(app)
          .get('/wecom/cgi-bin/externalcontact/get_follow_user_list')
          .query({ access_token })
      ).body.errcode;
    expect(await ask(old)).toBe(40014);
    const fresh = await token();
    expect(fresh).not.toBe(old);
    expect(await ask(fresh)).toBe(0);
  });

  it('answers 40001 to a bad secret and shuts the address out after too many', async () => {
    const { app, time } = trial({ badSecretLimit: 3 });
    const ask = async (corpsecret: string) =>
      (await request(app).get('/wecom/cgi-bin/gettoken').query({ corpid: 'wwcorp1', corpsecret }))
        .body;
    for (let n = 0; n < 3; n += 1) expect((await ask('wrong')).errcode).toBe(40001);
    expect((await ask('secret-1')).errcode).toBe(45009);
    time.now += 3_600_001;
    expect((await ask('secret-1')).errcode).toBe(0);
  });

  it('closes an endpoint for a minute when it is called too often', async () => {
    const { app, token, time } = trial({ callsPerMinute: 2 });
    const access_token = await token();
    const ask = async () =>
      (await request(app).get('/wecom/cgi-bin/getcallbackip').query({ access_token })).body.errcode;
    expect([await ask(), await ask(), await ask()]).toEqual([0, 0, 45009]);
    time.now += 59_000;
    expect(await ask()).toBe(45009);
    time.now += 1001;
    expect(await ask()).toBe(0);
  });
});

describe('answers', () => {
  it('carry a hint, the address and the code under HTTP 200', async () => {
    const { app } = trial();
    const answer = await request(app)
      .get('/wecom/cgi-bin/externalcontact/list')
      .query({ access_token: 'x' });
    expect(answer.status).toBe(200);
    expect(answer.body.errmsg).toMatch(
      /^invalid access_token, hint: \[\d+_\d+_[0-9a-f]{32}\], from ip: .+, more info at https:.+\?e=40014$/,
    );
  });

  it('warn of broken JSON inside errmsg', async () => {
    const { app, token } = trial();
    const answer = await request(app)
      .post('/wecom/cgi-bin/externalcontact/send_welcome_msg')
      .query({ access_token: await token() })
      .type('json')
      .send('{"welcome_code":');
    expect(answer.body).toMatchObject({
      errcode: 41049,
      errmsg: expect.stringContaining('Warning: wrong json format.'),
    });
  });

  it('name the method that is needed', async () => {
    const { read, wecom } = trial();
    expect((await read('externalcontact/mark_tag')).errcode).toBe(43002);
    expect((await wecom('externalcontact/list')).errcode).toBe(43001);
  });
});

describe('customers', () => {
  it('shows who follows a customer, with scene, phone and union id', async () => {
    const { app, read, control } = trial();
    await request(app)
      .put('/sandbox/customers:batch')
      .send({
        customers: [{ contactId: 'c-1', phone: '19900010001', unionId: 'u-1', name: '陈一' }],
      });
    const { externalUserId } = await control('customers/c-1:add-friend', {
      staffId: 's-1',
      state: 'store-01',
    });
    const got = await read('externalcontact/get', { external_userid: externalUserId });
    expect(got.external_contact).toMatchObject({
      external_userid: externalUserId,
      unionid: 'u-1',
      name: '陈一',
      type: 1,
    });
    expect(got.follow_user).toEqual([
      expect.objectContaining({
        userid: 's-1',
        state: 'store-01',
        add_way: 1,
        remark_mobiles: ['19900010001'],
      }),
    ]);
    expect(got.next_cursor).toBeUndefined();
  });

  it('answers 84061 for a member without customers instead of an empty list', async () => {
    const { read, control, ids } = await befriended();
    expect(await read('externalcontact/list', { userid: 's-1' })).toMatchObject({
      errcode: 0,
      external_userid: ids,
    });
    await control('customers/c-1:delete-friend', { by: 'staff' });
    expect((await read('externalcontact/list', { userid: 's-1' })).errcode).toBe(84061);
  });

  it('keeps a one-way relation when the customer deletes the member, and none the other way round', async () => {
    const { read, control, ids } = await befriended('s-1', 2);
    await control('customers/c-1:delete-friend');
    await control('customers/c-2:delete-friend', { by: 'staff' });
    expect((await read('externalcontact/get', { external_userid: ids[0] })).errcode).toBe(0);
    expect((await read('externalcontact/get', { external_userid: ids[1] })).errcode).toBe(84061);
    expect((await read('externalcontact/get', { external_userid: '??' })).errcode).toBe(40096);
  });

  it('pages get_by_user: 50 by default, at most 100 when more is asked, 50100 for a strange cursor', async () => {
    const { wecom } = await befriended('s-1', 130);
    const ask = (more: object) =>
      wecom('externalcontact/batch/get_by_user', { userid_list: ['s-1'], ...more });
    expect((await ask({})).external_contact_list).toHaveLength(50);
    const first = await ask({ limit: 1000 });
    expect(first.external_contact_list).toHaveLength(100);
    const second = await ask({ limit: 1000, cursor: first.next_cursor });
    expect([second.external_contact_list.length, second.next_cursor]).toEqual([30, '']);
    expect((await ask({ cursor: 'nonsense' })).errcode).toBe(50100);
  });

  it('counts a remark in characters and wants at least one field', async () => {
    const { wecom, ids } = await befriended();
    const remark = async (more: object) =>
      (await wecom('externalcontact/remark', { userid: 's-1', external_userid: ids[0], ...more }))
        .errcode;
    expect(await remark({ remark: '客'.repeat(20) })).toBe(0);
    expect(await remark({ remark: '客'.repeat(21) })).toBe(40058);
    expect(await remark({})).toBe(40058);
  });

  it('adds tags to the group of the same name, once per name, and marks a relation with them', async () => {
    const { wecom, read, ids } = await befriended();
    const first = await wecom('externalcontact/add_corp_tag', {
      group_name: '来源',
      tag: [{ name: '门店' }, { name: '门店' }],
    });
    const second = await wecom('externalcontact/add_corp_tag', {
      group_name: '来源',
      tag: [{ name: '热线' }],
    });
    expect(first.tag_group.tag).toHaveLength(1);
    expect(second.tag_group.group_id).toBe(first.tag_group.group_id);
    const tag = first.tag_group.tag[0].id;
    expect(
      (
        await wecom('externalcontact/mark_tag', {
          userid: 's-1',
          external_userid: ids[0],
          add_tag: [tag],
        })
      ).errcode,
    ).toBe(0);
    expect(
      (await read('externalcontact/get', { external_userid: ids[0] })).follow_user[0].tags,
    ).toMatchObject([{ tag_name: '门店', group_name: '来源' }]);
    expect((await wecom('externalcontact/get_corp_tag_list', {})).tag_group[0].tag).toHaveLength(2);
  });

  it('refuses bad tags by their codes', async () => {
    const { wecom, ids } = await befriended();
    const mark = async (more: object) =>
      (await wecom('externalcontact/mark_tag', { userid: 's-1', external_userid: ids[0], ...more }))
        .errcode;
    expect([
      await mark({ add_tag: ['nope'] }),
      await mark({}),
      await mark({ add_tag: Array.from({ length: 1001 }, () => 't') }),
    ]).toEqual([40068, 41111, 41111]);
    expect(
      (await wecom('externalcontact/add_corp_tag', { group_id: '', tag: [{ name: 'a' }] })).errcode,
    ).toBe(40063);
    expect(
      (
        await wecom('externalcontact/add_corp_tag', {
          group_name: 'g',
          tag: [{ name: '字'.repeat(31) }],
        })
      ).errcode,
    ).toBe(40071);
  });
});

describe('messages to staff', () => {
  const message = {
    touser: 's-1|nobody',
    msgtype: 'text',
    agentid: 1000002,
    text: { content: '请确认群发' },
  };
  it('go through in part, naming those it could not reach', async () => {
    const { wecom } = await befriended();
    expect(await wecom('message/send', message)).toMatchObject({
      errcode: 0,
      invaliduser: 'nobody',
    });
  });
  it('are refused for another agent (301002), a bad one (40056) and nobody (81013)', async () => {
    const { wecom } = await befriended();
    const send = async (more: object) =>
      (await wecom('message/send', { ...message, ...more })).errcode;
    expect([
      await send({ agentid: 5 }),
      await send({ agentid: 'x' }),
      await send({ touser: 'nobody' }),
    ]).toEqual([301002, 40056, 81013]);
  });
});
