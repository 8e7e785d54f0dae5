import { createFakeApi } from '../../test/fakes/api';

test('what is used and left of a quota is shown for the city, the member and the campaign that are asked for', async () => {
  const api = await createFakeApi();
  const limits = {
    cities: { yunfu: 3 },
    staffPerDay: 2,
    staffOpen: 5,
    campaigns: { 'k-1': { total: 100 } },
  };
  const { body: draft } = await api.call('post', '/api/v1/quotas', { id: 'default', body: limits });
  await api.call('post', `/api/v1/quotas/default/versions/${draft.version}:publish`);
  const path = '/api/v1/quotas:usage?city=yunfu&staffId=s-1&campaign=k-1';
  const before = await api.call('get', path);
  const [total, city, staff, open] = before.body.items;
  expect([total, city, staff, open]).toMatchObject([
    { scope: 'campaign/k-1/total', used: 0, limit: 100, left: 100 },
    { used: 0, limit: 3, left: 3 },
    { used: 0, limit: 2, left: 2 },
    { scope: 'staff-open/s-1', used: 0, limit: 5, left: 5 },
  ]);
  await api.stores.quotaUnits.take([{ key: 't#1', takes: [{ scope: city.scope, limit: 3 }] }]);
  expect((await api.call('get', path)).body.items[1]).toMatchObject({ used: 1, left: 2 });
});

test('nothing is limited while no quota is published, and a city of others is unknown', async () => {
  const api = await createFakeApi();
  expect((await api.call('get', '/api/v1/quotas:usage?city=yunfu')).body).toEqual({ items: [] });
  const { body: made } = await api.call('post', '/api/v1/keys', {
    name: 'gz',
    role: 'viewer',
    cities: ['guangzhou'],
  });
  expect(
    (await api.call('get', '/api/v1/quotas:usage?city=yunfu', undefined, `Bearer ${made.secret}`))
      .status,
  ).toBe(404);
});
