import { createFakeApi, withContact } from '../../test/fakes/api';
import type { Endpoint } from '../exchange';
import { ROUTES } from '../routes';

const endpointOf = (method: string, path: string): Endpoint | undefined =>
  ROUTES.find((route) => route.method === method && route.path === path)?.endpoint;
const fits = (method: string, path: string, body: unknown): boolean =>
  endpointOf(method, path)?.answer?.safeParse(body).success ?? false;
const policy = {
  timezone: 'Asia/Shanghai',
  caps: [
    { id: 'day', classes: ['marketing'], limit: 0, window: { kind: 'calendar', unit: 'day' } },
  ],
};

describe('versioned data', () => {
  test('a draft is not in force until it is published, and carries the number it was given', async () => {
    const api = await createFakeApi();
    const draft = await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
    expect(draft.status).toBe(201);
    expect(fits('post', '/api/v1/policies', draft.body)).toBe(true);
    expect(draft.body).toMatchObject({
      id: 'default',
      version: 1,
      state: 'draft',
      author: 'admin',
      body: { id: 'default', version: 1 },
    });
    expect((await api.call('get', '/api/v1/policies/default')).status).toBe(404);
    await api.call('post', '/api/v1/policies/default/versions/1:publish');
    expect((await api.call('get', '/api/v1/policies/default')).body).toMatchObject({
      version: 1,
      state: 'published',
    });
    await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
    expect((await api.call('get', '/api/v1/policies/default')).body.version).toBe(1);
    expect(
      (await api.call('get', '/api/v1/policies/default/versions')).body.items.map(
        ({ version }: { version: number }) => version,
      ),
    ).toEqual([2, 1]);
    expect((await api.call('get', '/api/v1/policies/default/versions/2')).body.body.version).toBe(
      2,
    );
    expect((await api.call('get', '/api/v1/policies')).body.items).toHaveLength(1);
    expect((await api.call('post', '/api/v1/policies/default/versions/9:publish')).status).toBe(
      404,
    );
  });

  test('a condition keeps its nulls: a product for who has no brand is not for everybody', async () => {
    const api = await createFakeApi();
    const product = { id: 'p-1', name: 'P', kind: 'plan', fee: 8, onShelf: true };
    const segments = [{ condition: { brand: null } }];
    const body = { products: [{ ...product, segments }], migrations: [] };
    const draft = await api.call('post', '/api/v1/catalogues', { id: 'default', body });
    expect(draft.body.body.products[0].segments).toEqual(segments);
  });

  test.each([
    [
      'policies',
      {
        timezone: 'Asia/Shanghai',
        caps: [{ id: 'a', limit: -1, window: { kind: 'rolling', hours: 1 } }],
      },
      'body.caps[0].limit',
    ],
    ['templates', { channel: 'sms', class: 'marketing', text: '{{#if a}}' }, 'text'],
    ['sequences', { start: { kind: 'added' }, reentry: 'once', steps: [] }, 'body.reentry'],
    [
      'catalogues',
      { products: [], migrations: [{ id: 'm', from: 'a', when: {}, to: 'b', priority: 1 }] },
      'body.migrations[0].to',
    ],
    ['holidays', { days: { '2026-02-30': 'rest' }, names: {} }, 'body.days.2026-02-30'],
    [
      'blackouts',
      { blackouts: [{ from: '2026-10-02', to: '2026-10-01', reason: '割接', by: '省公司' }] },
      'body.blackouts[0].to',
    ],
    ['quotas', { campaigns: { 'k-1': { total: -1 } } }, 'body.campaigns.k-1.total'],
  ])('%s with a mistake are refused before they are kept', async (noun, body, path) => {
    const api = await createFakeApi();
    const answer = await api.call('post', `/api/v1/${noun}`, { id: 'default', body });
    expect(answer.status).toBe(422);
    expect(answer.body.issues[0].path).toBe(path);
    expect((await api.call('get', `/api/v1/${noun}`)).body.items).toEqual([]);
  });

  test.each([
    ['templates', { channel: 'sms', class: 'marketing', text: '您好 {{yuan billDueFen}}' }],
    [
      'catalogues',
      { products: [{ id: 'p', name: 'P', kind: 'plan', fee: 9, onShelf: true }], migrations: [] },
    ],
    ['holidays', { days: { '2026-10-01': 'rest' }, names: { 国庆: ['2026-10-01'] } }],
    [
      'blackouts',
      {
        blackouts: [
          { from: '2026-10-01', to: '2026-10-02', cities: ['gz'], reason: '割接', by: '省公司' },
        ],
      },
    ],
    [
      'quotas',
      {
        cities: { yunfu: 100 },
        default: 50,
        staffPerDay: 20,
        campaigns: { 'k-1': { total: 9, perDay: 3 } },
      },
    ],
  ])('%s without one are kept as given', async (noun, body) => {
    const api = await createFakeApi();
    const answer = await api.call('post', `/api/v1/${noun}`, { id: 'x', body });
    expect([answer.status, answer.body.body]).toEqual([201, body]);
  });
});

describe('the gate', () => {
  const touch = { touchId: 't', at: '2026-03-02T02:00:00Z', channel: 'sms', class: 'marketing' };

  test('decides a whole case as in the vectors', async () => {
    const api = await createFakeApi();
    const contact = { contactId: 'c', channels: { sms: { reachable: true } } };
    const answer = await api.call('post', '/api/v1/gate:decide', {
      policy: { id: 'p', version: 1, ...policy },
      contact,
      touch,
      holidays: {},
    });
    expect(answer.body).toMatchObject({ verdict: 'suppressed', reason: 'cap', rule: 'day' });
    expect(fits('post', '/api/v1/gate:decide', answer.body)).toBe(true);
  });

  test('decides for a stored contact by the policy in force and writes nothing', async () => {
    const api = await withContact();
    const ask = () =>
      api.call('post', '/api/v1/gate:decide', {
        contactId: 'c-1',
        touch: { channel: 'sms', class: 'marketing' },
      });
    expect((await ask()).status).toBe(404);
    await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
    await api.call('post', '/api/v1/policies/default/versions/1:publish');
    expect((await ask()).body).toMatchObject({
      verdict: 'suppressed',
      reason: 'cap',
      policy: 'default@1',
    });
    expect((await api.stores.contacts.find('c-1'))?.touches).toEqual([]);
    expect(await api.stores.touches.timeline('c-1')).toEqual([]);
  });

  test('names the place of a mistake', async () => {
    const api = await createFakeApi();
    const answer = await api.call('post', '/api/v1/gate:decide', {
      policy: { id: 'p', version: 1, ...policy },
      contact: { contactId: 'c' },
      touch: { ...touch, class: 'spam' },
    });
    expect([answer.status, answer.body.issues[0].path]).toEqual([422, 'touch.class']);
  });
});
