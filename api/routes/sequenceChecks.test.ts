import { createFakeApi } from '../../test/fakes/api';

const hello = {
  ...{ id: 'hello', day: 0, window: { from: '10:00', to: '12:00' } },
  do: { kind: 'send', channel: 'wecom', class: 'service', template: 't-hello' },
};
const sequence = {
  start: { kind: 'added' },
  audience: { brand: null },
  reentry: 'never',
  steps: [hello],
};

async function anApi() {
  const api = await createFakeApi();
  const template = { channel: 'wecom', class: 'service', text: '您好' };
  await api.call('post', '/api/v1/templates', { id: 't-hello', body: template });
  await api.call('post', '/api/v1/templates/t-hello/versions/1:publish');

  return {
    ...api,
    validate: (body: object) =>
      api.call('post', '/api/v1/sequences:validate', { id: 'new-friend', body }),
    draft: (body: object) => api.call('post', '/api/v1/sequences', { id: 'new-friend', body }),
    publish: (version: number) =>
      api.call('post', `/api/v1/sequences/new-friend/versions/${version}:publish`),
  };
}

const withTemplate = (template: string) => ({
  ...sequence,
  steps: [{ ...hello, do: { ...hello.do, template } }],
});

test('a sequence is read out step by step before anything is kept', async () => {
  const api = await anApi();
  const { status, body } = await api.validate(sequence);
  expect([status, body.valid, body.issues]).toEqual([200, true, []]);
  expect(body.start.en).toBe('the customer adds a member');
  expect(body.steps).toEqual([
    {
      id: 'hello',
      words: {
        'zh-CN': '第 0 天 10:00-12:00：企业微信服务触达，话术「t-hello」',
        en: 'day 0, 10:00-12:00: WeCom service by template "t-hello"',
      },
    },
  ]);
  expect((await api.call('get', '/api/v1/sequences')).body.items).toEqual([]);
});

test('what is wrong is named by its place, with what was probably meant', async () => {
  const api = await anApi();
  expect((await api.validate({ ...sequence, reentry: 'once' })).body).toMatchObject({
    valid: false,
    issues: [{ path: 'body.reentry' }],
  });
  expect((await api.validate(withTemplate('t-helo'))).body).toMatchObject({
    valid: false,
    issues: [{ path: 'body.steps[0].do.template', message: expect.stringContaining('"t-hello"?') }],
  });
});

test('a version that refers to what is not there is drafted, and not published', async () => {
  const api = await anApi();
  expect((await api.draft(withTemplate('t-helo'))).status).toBe(201);
  expect(await api.publish(1)).toMatchObject({
    status: 422,
    body: { issues: [{ path: 'steps[0].do.template' }] },
  });

  const drafted = await api.draft(sequence);
  expect(drafted.body.body.audience).toEqual({ brand: null });
  expect((await api.publish(2)).status).toBe(200);
  expect((await api.call('get', '/api/v1/sequences/new-friend')).body.version).toBe(2);
});

test('what a version changes is said in words, against the one in force', async () => {
  const api = await anApi();
  await api.draft(sequence);
  await api.publish(1);
  await api.draft({ ...sequence, reentry: 'always' });

  const diff = '/api/v1/sequences/new-friend/versions/2/diff';
  expect((await api.call('get', diff)).body).toMatchObject({
    ...{ before: 'new-friend@1', after: 'new-friend@2' },
    items: [{ field: 'reentry', words: { en: 're-entry never → always' } }],
  });
  expect((await api.call('get', `${diff}?against=9`)).status).toBe(404);
});
