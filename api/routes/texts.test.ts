import { refusalReader } from '../../rules/contact/refusal';
import { createFakeApi } from '../../test/fakes/api';

const SMS_FRAME = { signature: '【广东移动】', refusalNote: '拒收请回复R' };
const anApi = () => createFakeApi({ smsFrame: SMS_FRAME });
type Api = Awaited<ReturnType<typeof anApi>>;

async function publish(api: Api, body: object, id = 'offer') {
  const draft = await api.call('post', '/api/v1/templates', { id, body });
  if (draft.status >= 300) return draft;
  return api.call('post', `/api/v1/templates/${id}/versions/${draft.body.version}:publish`, {});
}

const aText = (text: string, channel = 'sms') => ({ channel, class: 'marketing', text });

test('a misspelt variable is found when the text is drafted, with the nearest name and those that exist', async () => {
  const api = await anApi();
  const answer = await publish(
    api,
    aText('尊敬的{{#if nmae}}{{nmae}}{{/if}}：推荐{{prodctName}}。'),
  );
  expect(answer.status).toBe(422);
  expect(answer.body.issues).toEqual([
    expect.objectContaining({
      path: 'text',
      value: 'nmae',
      message: expect.stringContaining('"name"'),
    }),
    expect.objectContaining({
      value: 'prodctName',
      message: expect.stringContaining('"productName"'),
      allowed: expect.stringContaining('name, city, planName'),
    }),
  ]);
});

test('a draft from before texts were checked is refused when it is published', async () => {
  const api = await anApi();
  const at = '2026-01-01T00:00:00.000Z';
  const old = { channel: 'sms', class: 'marketing', text: '{{prodctName}}' } as const;
  await api.stores.templates.draft('offer', old, 'ann', at);
  const answer = await api.call('post', '/api/v1/templates/offer/versions/1:publish', {});
  expect(answer.status).toBe(422);
  expect(await api.stores.templates.current('offer')).toBeNull();
});

test.each([
  ['no words', aText('！！')],
  ['a control character', aText('您好\u0000')],
  ['half a character', aText('您好\ud842')],
  ['another signature', aText('【中国移动】您好')],
  ['another signature in one of its texts', { class: 'marketing', texts: { sms: '【x】您好' } }],
  ['a word to refuse that would not be understood', aText('流量包特惠，退订回QA1')],
  ['no text at all', { class: 'marketing', texts: {} }],
  ['two forms at once', { ...aText('您好'), texts: { sms: '您好' } }],
  ['the class of answers', { ...aText('您好'), class: 'reply' }],
])('a text with %s is refused', async (_, body) => {
  const api = await anApi();
  expect((await publish(api, body)).status).toBe(422);
});

test('a text may name the word that the deployment understands', async () => {
  const readAnswer = refusalReader({ note: '退订回QA1' });
  const api = await createFakeApi({ smsFrame: SMS_FRAME }, readAnswer);
  for (const text of [
    '特惠，退订回QA1',
    '特惠，回T退订',
    '特惠 拒收请回复R',
    '回复1办理，退订回TD',
  ])
    expect((await publish(api, aText(text))).status).toBe(200);
});

test('whoever publishes sees the texts as they go out, the length of short ones, and who lacks what', async () => {
  const api = await anApi();
  const contact = (contactId: string, more: object) => ({ contactId, city: 'yunfu', ...more });
  await api.call('put', '/api/v1/contacts:batch', [
    contact('c-1', { name: '王', facts: { balanceFen: 100 } }),
    contact('c-2', { brand: '动感地带' }),
    contact('c-3', { name: '李', city: 'foshan' }),
  ]);
  const texts = { wecom: '{{or name "您"}}好', sms: '余额{{yuan balanceFen}}元' };
  const published = await publish(api, { class: 'marketing', texts });
  expect(published.body).toMatchObject({
    state: 'published',
    texts: [
      { channel: 'wecom', example: '陈晓明好' },
      { channel: 'sms', example: '【广东移动】余额12.50元 拒收请回复R', units: 21, parts: 1 },
    ],
    audience: {
      contacts: 3,
      variables: [
        { variable: 'name', required: false, contacts: 1 },
        { variable: 'balanceFen', required: true, contacts: 2 },
      ],
    },
  });

  const path = '/api/v1/templates/offer/versions/1/audience';
  const ofCity = await api.call('get', `${path}?city=yunfu`);
  expect(ofCity.body.audience.contacts).toBe(2);
  const ofBrand = await api.call('get', `${path}?brand=${encodeURIComponent('动感地带')}`);
  expect(ofBrand.body.audience.variables[0]).toMatchObject({ contacts: 1 });
  const limited = await api.call('get', path, undefined, await api.keyFor('city', ['foshan']));
  expect(limited.body.audience.contacts).toBe(1);
});

test('a text for those of whom something is not known is shown as they get it, and is published', async () => {
  const api = await anApi();
  const published = await publish(
    api,
    aText('{{#unless planName}}余额{{yuan balanceFen}}元{{/unless}}'),
  );
  expect(published.status).toBe(200);
  expect(published.body.texts).toMatchObject([
    { example: '【广东移动】余额12.50元 拒收请回复R', parts: 1 },
  ]);
  const both = '{{#unless name}}{{#unless planName}}您好{{/unless}}{{/unless}}';
  const second = await publish(api, aText(both), 'other');
  expect([second.status, second.body.texts]).toEqual([200, [{ channel: 'sms' }]]);
});

test('a text that its journey could never say is not published; what it lacks for some channel is told', async () => {
  const api = await anApi();
  const bill = { channel: 'wecom', class: 'service', text: '账单已出' };
  const ofOtherClass = await publish(api, { ...bill, class: 'marketing' }, 'bill-balance');
  expect(ofOtherClass.status).toBe(422);
  expect(ofOtherClass.body.detail).toMatch(/marketing.*service.*monthStart/);
  expect((await publish(api, { ...bill, channel: 'call' }, 'bill-balance')).status).toBe(422);

  const onWecom = await publish(api, bill, 'bill-balance');
  expect(onWecom.body.lacking).toEqual([{ journey: 'monthStart', channel: 'sms' }]);
});

describe('a start', () => {
  const start = (api: Api, more: object) =>
    api.call('post', '/api/v1/journeys/overage/runs', {
      contactId: 'c-1',
      entry: 'e-1',
      product: 'p-1',
      expiresAt: '2026-03-03T00:00:00Z',
      template: 'offer',
      ...more,
    });
  const withContactAnd = async (body: object) => {
    const api = await anApi();
    await api.call('put', '/api/v1/contacts:batch', [{ contactId: 'c-1', city: 'yunfu' }]);
    await publish(api, body);
    return api;
  };

  test('that may speak on a channel for which its text has none is refused, naming both', async () => {
    const api = await withContactAnd(aText('您好', 'wecom'));
    const answer = await start(api, { channel: 'wecom', fallback: ['sms'] });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(/offer@1 has no text for sms/);
    expect(api.engine.starts).toEqual([]);
    expect((await start(api, { channel: 'wecom', fallback: [] })).status).toBe(201);
  });

  test('with a text of another class is refused, naming both', async () => {
    const api = await withContactAnd({ ...aText('账单'), class: 'service' });
    const answer = await start(api, { channel: 'sms', fallback: [] });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(/offer@1 is of the class service.*marketing/);
  });

  test('with a text for each channel goes on', async () => {
    const api = await withContactAnd({ class: 'marketing', texts: { wecom: '您好', sms: '您好' } });
    expect((await start(api, {})).status).toBe(201);
  });
});

describe('a version that is withdrawn', () => {
  const withdraw = (api: Api, version: number, body: object) =>
    api.call('post', `/api/v1/templates/offer/versions/${version}:withdraw`, body);
  // biome-ignore lint/suspicious/noThenProperty: a word of the API
  const asking = (use: string) => ({ then: use, reason: 'wrong price' });
  const latest = asking('latest');

  test('says by whom and why, is in force no more, and has those who wait looked after', async () => {
    const api = await anApi();
    await publish(api, aText('仅1元'));
    await publish(api, aText('仅10元'));
    const answer = await withdraw(api, 2, latest);
    expect(answer.body).toMatchObject({
      version: 2,
      withdrawn: { use: 'latest', reason: 'wrong price', author: 'admin' },
    });
    expect(api.engine.reviews).toEqual([
      { version: 1, rules: 'templates', id: 'offer', number: 2 },
    ]);
    expect((await api.call('get', '/api/v1/templates/offer')).body.version).toBe(1);

    const again = await api.call('post', '/api/v1/templates/offer/versions/2:publish', {});
    expect([again.status, again.body.detail]).toEqual([
      409,
      expect.stringContaining('wrong price'),
    ]);
  });

  test('needs another one for those who wait to take, or lets them end', async () => {
    const api = await anApi();
    await publish(api, aText('仅1元'));
    expect((await withdraw(api, 1, latest)).status).toBe(409);
    expect((await withdraw(api, 1, asking('end'))).status).toBe(200);
    expect((await api.call('get', '/api/v1/templates/offer')).status).toBe(404);
  });

  test('was published before, and is withdrawn with a reason by those who may publish', async () => {
    const api = await anApi();
    await api.call('post', '/api/v1/templates', { id: 'offer', body: aText('仅1元') });
    expect((await withdraw(api, 1, latest)).status).toBe(404);
    expect((await withdraw(api, 1, { reason: 'wrong price' })).status).toBe(422);
    const path = '/api/v1/templates/offer/versions/1:withdraw';
    const viewer = await api.keyFor('viewer');
    expect((await api.call('post', path, latest, viewer)).status).toBe(403);
  });
});
