import { aWecom, ok, says } from '../../test/support/stubWecom';
import { WecomError } from './errors';

type Wecom = Awaited<ReturnType<typeof aWecom>>;
let wecom: Wecom;
afterEach(() => wecom.close());

const unknown = expect.objectContaining({
  name: 'CodedError',
  code: 'UNAVAILABLE',
  message: expect.stringContaining('outcome unknown'),
});

describe('calls to WeCom', () => {
  it('carry the token, and fifty at a time fetch one', async () => {
    wecom = await aWecom(() => ok({ follow_user: ['zhang'] }));
    const lists = await Promise.all(
      Array.from({ length: 50 }, () => wecom.client.getFollowUserList()),
    );
    expect(lists[49]).toEqual(['zhang']);
    expect(wecom.tokensGiven()).toBe(1);
    expect(wecom.asked().every(({ query }) => query.get('access_token') === 'token-1')).toBe(true);
  });

  it.each([40014, 42001])('are replayed once with a new token after %s', async (code) => {
    wecom = await aWecom((call) =>
      call.query.get('access_token') === 'token-1' ? says(code) : ok({ follow_user: [] }),
    );
    expect(await wecom.client.getFollowUserList()).toEqual([]);
    expect(wecom.asked()).toHaveLength(2);
  });

  it('are not replayed a second time', async () => {
    wecom = await aWecom(() => says(42001));
    await expect(wecom.client.getFollowUserList()).rejects.toMatchObject({ errcode: 42001 });
    expect(wecom.asked()).toHaveLength(2);
    expect(wecom.tokensGiven()).toBe(2);
  });

  it.each([40014, 42001])('ask for one token more when twenty of them meet %s', async (code) => {
    wecom = await aWecom(() => says(code));
    const ask = () => wecom.client.getFollowUserList().catch((error: unknown) => error);
    await Promise.all(Array.from({ length: 20 }, ask));
    for (let call = 0; call < 20; call++) expect(await ask()).toMatchObject({ errcode: code });
    expect(wecom.tokensGiven()).toBe(2);
  });

  it('are never replayed after a bad secret', async () => {
    wecom = await aWecom(() => says(40001));
    await expect(wecom.client.getFollowUserList()).rejects.toMatchObject({
      errcode: 40001,
      kind: 'F',
    });
    expect(wecom.asked()).toHaveLength(1);
    expect(wecom.tokensGiven()).toBe(1);
  });

  it('end in a WecomError when WeCom says no', async () => {
    wecom = await aWecom(() => says(84061));
    const error = await wecom.client
      .markTag('zhang', 'wm1', ['t1'])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WecomError);
    expect(error).toMatchObject({ errcode: 84061, kind: 'B', hint: 'h-84061' });
  });

  it.each([
    ['hangs after taking the call', { hang: true }],
    ['breaks off its answer', { cut: true, text: '{"errcode":0,"msgid":"m' }],
    ['answers JSON that was cut short', { text: '{"errcode":0,"msgi' }],
    ['answers 502', { status: 502, text: '<html>' }],
    ['answers through a gateway that failed', { status: 404, json: { errcode: 0, msgid: 'm1' } }],
    ['answers without an errcode', { json: {} }],
    ['answers without the msgid', ok()],
    ['redirects elsewhere', { status: 307, headers: { location: '/elsewhere' } }],
  ])('have an unknown outcome when WeCom %s', async (_, answer) => {
    wecom = await aWecom(() => answer, 'hang' in answer ? 300 : 5000);
    const error = await wecom.client
      .addMsgTemplate('zhang', ['wm1'], 'hello')
      .catch((thrown: unknown) => thrown);
    expect(error).toEqual(unknown);
    expect(error).not.toBeInstanceOf(WecomError);
    expect(wecom.asked()).toHaveLength(1);
  });

  it('have an unknown outcome when nobody listens, and the error does not name the secret', async () => {
    wecom = await aWecom(() => ok());
    await wecom.close();
    const error = await wecom.client.getFollowUserList().catch((thrown: unknown) => thrown);
    expect(error).toEqual(unknown);
    expect(String(error)).toMatch(/ECONNREFUSED/);
    expect(JSON.stringify([error, String(error)])).not.toMatch(/the-corp-secret/);
  });

  it('never name the secret or a token in an error', async () => {
    for (const answer of [says(40058), { hang: true }, { text: 'no' }]) {
      wecom = await aWecom(() => answer, 'hang' in answer ? 300 : 5000);
      const error = await wecom.client.getFollowUserList().catch((thrown: Error) => thrown);
      const told = JSON.stringify([
        error,
        String(error),
        error instanceof Error ? error.cause : undefined,
      ]);
      expect(told).not.toMatch(/the-corp-secret|token-1/);
      await wecom.close();
    }
  });
});

describe('what is asked of WeCom', () => {
  it('counts a text in bytes before sending it', async () => {
    wecom = await aWecom(() => ok({ msgid: 'm1' }));
    const fits = '字'.repeat(1333);
    await wecom.client.addMsgTemplate('zhang', ['wm1'], fits);
    await expect(wecom.client.addMsgTemplate('zhang', ['wm1'], `${fits}字`)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(wecom.client.sendWelcome('c', '')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(wecom.client.addCorpTags('g', ['字'.repeat(31)])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(wecom.asked()).toHaveLength(1);
  });

  it('makes a mass send for one sender and leaves out empty fields', async () => {
    wecom = await aWecom(() => ok({ msgid: 'm1', fail_list: ['wm2'] }));
    expect(await wecom.client.addMsgTemplate('zhang', ['wm1', 'wm2'], 'hello')).toEqual({
      msgid: 'm1',
      fail_list: ['wm2'],
    });
    expect(wecom.asked()[0]).toMatchObject({
      path: '/cgi-bin/externalcontact/add_msg_template',
      body: {
        chat_type: 'single',
        external_userid: ['wm1', 'wm2'],
        sender: 'zhang',
        text: { content: 'hello' },
      },
    });
    expect(Object.keys(wecom.asked()[0]?.body ?? {})).toHaveLength(4);
  });

  it('walks every page of followers and of results', async () => {
    const follower = (userid: string) => ({ userid, createtime: 1 });
    wecom = await aWecom((call) => {
      if (call.path.endsWith('/get'))
        return call.query.get('cursor') === 'next'
          ? ok({ external_contact: { external_userid: 'wm1' }, follow_user: [follower('li')] })
          : ok({
              external_contact: { external_userid: 'wm1' },
              follow_user: [follower('zhang')],
              next_cursor: 'next',
            });
      const { cursor } = call.body as { cursor?: string };
      return cursor === 'next'
        ? ok({ task_list: [{ userid: 'li', status: 2, send_time: 5 }], next_cursor: '' })
        : ok({ task_list: [{ userid: 'zhang', status: 0 }], next_cursor: 'next' });
    });
    expect((await wecom.client.getCustomer('wm1')).followers.map(({ userid }) => userid)).toEqual([
      'zhang',
      'li',
    ]);
    expect((await wecom.client.getGroupmsgTask('m1')).map(({ status }) => status)).toEqual([0, 2]);
  });
});
