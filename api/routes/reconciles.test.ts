import { createFakeApi } from '../../test/fakes/api';

const PATH = '/api/v1/reconciles';

describe('a reconcile', () => {
  it('begins for the last days, or for a span', async () => {
    const api = await createFakeApi();
    const begun = await api.call('post', PATH, { days: 7 });
    expect([begun.status, begun.body]).toEqual([
      202,
      { reportId: 'reconcile-2026-03-02T02:00:00.000Z' },
    ]);
    const from = '2026-02-01T08:00:00+08:00';
    await api.call('post', PATH, { from, to: '2026-02-03T00:00:00Z' });
    await api.call('post', PATH, {});
    expect(api.engine.reconciles.map(({ input }) => input)).toEqual([
      { version: 1, days: 7 },
      { version: 1, from: '2026-02-01T00:00:00.000Z', to: '2026-02-03T00:00:00.000Z' },
      { version: 1 },
    ]);
  });

  it.each([
    { days: 29 },
    { days: 1, from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' },
    { from: '2026-02-01T00:00:00Z' },
    { from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    { from: '2026-01-01T00:00:00Z', to: '2026-02-02T00:00:00Z' },
  ])('is refused for %j, which WeCom cannot list', async (body) => {
    const api = await createFakeApi();
    expect((await api.call('post', PATH, body)).status).toBe(422);
    expect(api.engine.reconciles).toEqual([]);
  });

  it('shows how far it is and what it has found, and those before it', async () => {
    const api = await createFakeApi();
    const report = (reportId: string, flow: 'reap' | 'reconcile', startedAt: string) => ({
      reportId,
      flow,
      startedAt,
      parts: { sms: { pages: 1, looked: 9, found: { 'callback-missed': 2 }, state: 'done' } },
    });
    const first = report('r-1', 'reconcile', '2026-03-01T00:00:00.000Z');
    const second = report('r-2', 'reap', '2026-03-02T00:00:00.000Z');
    for (const each of [first, second]) await api.stores.bookReports.save(each as never);

    expect((await api.call('get', `${PATH}/r-1`)).body).toEqual(first);
    expect((await api.call('get', `${PATH}/r-9`)).status).toBe(404);
    expect((await api.call('get', PATH)).body.items).toEqual([second, first]);
    expect((await api.call('get', `${PATH}?flow=reconcile&limit=1`)).body.items).toEqual([first]);
  });

  it('is begun by those who run the deployment', async () => {
    const api = await createFakeApi();
    const viewer = await api.keyFor('viewer');
    expect((await api.call('post', PATH, {}, viewer)).status).toBe(403);
    expect((await api.call('get', PATH, undefined, viewer)).status).toBe(200);
  });
});
