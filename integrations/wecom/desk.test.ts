import type { StubAnswer, StubCall } from '../../test/support/stubSystem';
import { aWecom, ok, says } from '../../test/support/stubWecom';
import { createWecomDesk } from './desk';

let wecom: Awaited<ReturnType<typeof aWecom>>;
afterEach(() => wecom.close());

async function aDesk(answer: (call: StubCall, nth: number) => StubAnswer) {
  wecom = await aWecom(answer);
  return createWecomDesk(wecom.client);
}

const asked = (name: string) => wecom.asked().filter(({ path }) => path.endsWith(`/${name}`));

describe('a customer', () => {
  it('comes with relations in our words', async () => {
    const desk = await aDesk(() =>
      ok({
        external_contact: { external_userid: 'wm1', unionid: 'u1', name: 'not read' },
        follow_user: [
          {
            userid: 'zhang',
            createtime: 1_700_000_000,
            state: 'shop-7',
            remark_mobiles: ['138 0000 0000', '看店的手机', '0755-81234567'],
            tags: [],
          },
          { userid: 'li', createtime: 1_600_000_000, state: '' },
        ],
      }),
    );
    expect(await desk.customer('wm1')).toEqual({
      externalUserId: 'wm1',
      unionId: 'u1',
      relations: [
        {
          staffId: 'zhang',
          addedAt: 1_700_000_000_000,
          scene: 'shop-7',
          phones: ['+8613800000000', '+8675581234567'],
        },
        { staffId: 'li', addedAt: 1_600_000_000_000, phones: [] },
      ],
    });
  });

  it.each([84061, 40096])('is null after %s', async (code) => {
    const desk = await aDesk(() => says(code));
    expect(await desk.customer('wm1')).toBeNull();
  });

  it('is null when nobody follows them', async () => {
    const desk = await aDesk(() =>
      ok({ external_contact: { external_userid: 'wm1' }, follow_user: [] }),
    );
    expect(await desk.customer('wm1')).toBeNull();
  });
});

describe('tags', () => {
  /** WeCom with tags of its own, made by id in the order they come. */
  function tagLibrary(names: string[]) {
    const tagOf = (name: string) => ({ id: `et-${name}`, name });
    return (call: StubCall): StubAnswer => {
      if (call.path.endsWith('get_corp_tag_list'))
        return ok({ tag_group: [{ group_name: 'shop', tag: names.map(tagOf) }] });
      if (call.path.endsWith('add_corp_tag')) {
        const { tag } = call.body as { tag: { name: string }[] };
        names.push(...tag.map(({ name }) => name));
        return ok({ tag_group: { group_name: 'sopflow', tag: names.map(tagOf) } });
      }
      const { add_tag } = call.body as { add_tag: string[] };
      return add_tag.every((id) => names.includes(id.slice(3))) ? ok() : says(40068);
    };
  }

  it('are looked up once, created when missing, and marked by id', async () => {
    const desk = await aDesk(tagLibrary(['old']));
    await desk.tag('zhang', 'wm1', ['old', 'new', 'new']);
    await desk.tag('zhang', 'wm2', ['new']);
    expect(asked('mark_tag').map(({ body }) => body)).toEqual([
      { userid: 'zhang', external_userid: 'wm1', add_tag: ['et-old', 'et-new'] },
      { userid: 'zhang', external_userid: 'wm2', add_tag: ['et-new'] },
    ]);
    expect(asked('get_corp_tag_list')).toHaveLength(1);
    expect(asked('add_corp_tag').map(({ body }) => body)).toEqual([
      { group_name: 'sopflow', tag: [{ name: 'new' }] },
    ]);
  });

  it('are created once by many at a time', async () => {
    const desk = await aDesk(tagLibrary([]));
    await Promise.all(Array.from({ length: 10 }, (_, n) => desk.tag('zhang', `wm${n}`, ['new'])));
    expect(asked('add_corp_tag')).toHaveLength(1);
    expect(asked('mark_tag')).toHaveLength(10);
  });

  it('are made anew when somebody deleted one in the console', async () => {
    const names = ['gone'];
    const desk = await aDesk(tagLibrary(names));
    await desk.tag('zhang', 'wm1', ['gone']);
    names.length = 0;
    await desk.tag('zhang', 'wm2', ['gone']);
    expect(names).toEqual(['gone']);
  });

  it('are made anew when the one of that name is a deleted one', async () => {
    const deleted = { group_name: 'shop', tag: [{ id: 'et-dead', name: 'vip', deleted: true }] };
    const library = tagLibrary([]);
    const desk = await aDesk((call) =>
      call.path.endsWith('get_corp_tag_list') ? ok({ tag_group: [deleted] }) : library(call),
    );
    await desk.tag('zhang', 'wm1', ['vip']);
    expect(asked('mark_tag')[0]?.body).toMatchObject({ add_tag: ['et-vip'] });
  });

  it('are read again when another process made the same one', async () => {
    const names: string[] = [];
    const library = tagLibrary(names);
    const desk = await aDesk((call) => {
      if (!call.path.endsWith('add_corp_tag')) return library(call);
      names.push('new');
      return says(40071);
    });
    await desk.tag('zhang', 'wm1', ['new']);
    expect(asked('mark_tag')).toHaveLength(1);
  });

  it('are refused for good when WeCom objects to the name', async () => {
    const library = tagLibrary([]);
    const desk = await aDesk((call) =>
      call.path.endsWith('add_corp_tag') ? says(40071) : library(call),
    );
    await expect(desk.tag('zhang', 'wm1', ['?'])).rejects.toMatchObject({
      errcode: 40071,
      code: 'INVALID_INPUT',
    });
  });

  it('fail for the caller that failed only', async () => {
    const library = tagLibrary([]);
    const desk = await aDesk((call, nth) => (nth === 1 ? says(-1) : library(call)));
    await expect(desk.tag('zhang', 'wm1', ['a'])).rejects.toMatchObject({ errcode: -1 });
    await desk.tag('zhang', 'wm1', ['a']);
  });

  it('ask nothing when there are none', async () => {
    const desk = await aDesk(() => ok());
    await desk.tag('zhang', 'wm1', []);
    expect(wecom.asked()).toHaveLength(0);
  });
});

describe('a mass send', () => {
  const result = (row: object) => () =>
    ok({ send_list: [{ external_userid: 'wm1', userid: 'zhang', ...row }] });

  it.each([
    [{ status: 0 }, { kind: 'waiting' }],
    [
      { status: 1, send_time: 1_700_000_000 },
      { kind: 'sent', deliveredAt: 1_700_000_000_000 },
    ],
    [{ status: 2 }, { kind: 'failed', why: 'not-a-friend' }],
    [{ status: 3 }, { kind: 'failed', why: 'platform-cap' }],
  ])('with %j is %j', async (row, expected) => {
    const desk = await aDesk(result(row));
    expect(await desk.massSendResult('m1', 'zhang', 'wm1')).toEqual(expected);
  });

  it('waits while it has no row for the customer, and has none of another', async () => {
    const desk = await aDesk(result({ status: 1, send_time: 5 }));
    expect(await desk.massSendResult('m1', 'zhang', 'wm2')).toEqual({ kind: 'waiting' });
  });

  it('cannot be read while it is dispatched', async () => {
    const desk = await aDesk(() => says(41063));
    expect(await desk.massSendResult('m1', 'zhang', 'wm1')).toBeNull();
  });

  it.each([{ status: 9 }, { status: 1 }])('is not guessed from %j', async (row) => {
    const desk = await aDesk(result(row));
    await expect(desk.massSendResult('m1', 'zhang', 'wm1')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  it('that is odd for one customer is read for the others', async () => {
    const odd = { external_userid: 'wm1', userid: 'zhang', status: 9 };
    const sent = { external_userid: 'wm2', userid: 'zhang', status: 1, send_time: 5 };
    const desk = await aDesk(() => ok({ send_list: [odd, sent] }));
    const results = await desk.massSendResults('m1', 'zhang');
    expect([...(results ?? [])]).toEqual([
      ['wm1', { kind: 'unreadable', said: 'status 9, send_time undefined' }],
      ['wm2', { kind: 'sent', deliveredAt: 5000 }],
    ]);
    expect(await desk.massSendResult('m1', 'zhang', 'wm2')).toEqual({
      kind: 'sent',
      deliveredAt: 5000,
    });
  });

  it('is reminded of until WeCom has had enough', async () => {
    const desk = await aDesk((_, nth) => (nth === 1 ? ok() : says(41094)));
    expect(await desk.remindMassSend('m1')).toBe(true);
    expect(await desk.remindMassSend('m1')).toBe(false);
  });

  it('may be cancelled twice', async () => {
    const desk = await aDesk((_, nth) => (nth === 1 ? ok() : says(41093)));
    await desk.cancelMassSend('m1');
    await desk.cancelMassSend('m1');
    expect(wecom.asked()).toHaveLength(2);
  });

  it('is not taken for cancelled when WeCom says anything else', async () => {
    const desk = await aDesk(() => says(41063));
    await expect(desk.cancelMassSend('m1')).rejects.toMatchObject({ errcode: 41063 });
  });
});
