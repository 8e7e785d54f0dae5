import { withContact, withRun } from '../../test/fakes/api';
import type { Endpoint } from '../exchange';
import { ROUTES } from '../routes';

const endpointOf = (method: string, path: string): Endpoint | undefined =>
  ROUTES.find((route) => route.method === method && route.path === path)?.endpoint;
const fits = (method: string, path: string, body: unknown): boolean =>
  endpointOf(method, path)?.answer?.safeParse(body).success ?? false;
const RUN = 'monthStart/c-1/2026-03-01';

describe('journeys', () => {
  test('every kind says what it does and what a start of it has to bring', async () => {
    const api = await withContact();

    const answer = await api.call('get', '/api/v1/journeys');

    const overage = answer.body.items.find(({ kind }: { kind: string }) => kind === 'overage');
    expect(overage).toMatchObject({ name: { zh: '超套商机' }, classes: ['marketing'] });
    expect(overage.start).toContainEqual({ field: 'product', type: 'id', required: true });
    expect(overage.start).toContainEqual({ field: 'channel', type: 'channel', required: false });
    expect(overage.start).toContainEqual({ field: 'staffId', type: 'id', required: false });
    expect(fits('get', '/api/v1/journeys', answer.body)).toBe(true);
  });

  test('starting the same entry again begins no second run', async () => {
    const api = await withContact();
    const start = () =>
      api.call('post', '/api/v1/journeys/monthStart/runs', {
        contactId: 'c-1',
        billedAt: '2026-02-28T16:00:00Z',
      });
    const first = await start();
    expect([first.status, first.body]).toEqual([
      201,
      { workflowId: RUN, started: true, link: expect.stringContaining('/workflows/monthStart%2F') },
    ]);
    const again = await start();
    expect([again.status, again.body.started]).toEqual([200, false]);
    expect(api.engine.starts).toEqual([
      {
        journey: 'monthStart',
        workflowId: RUN,
        city: 'guangzhou',
        input: {
          version: 1,
          contactId: 'c-1',
          entry: '2026-03-01',
          billedAt: '2026-02-28T16:00:00.000Z',
        },
      },
    ]);
  });

  test.each([
    [
      'welcome',
      { staffId: 's-1', externalUserId: 'wm1', addedAt: '2026-03-02T02:00:00Z' },
      'welcome/c-1/s-1',
    ],
    ['followUp', { staffId: 's-1', addedAt: '2026-03-02T02:00:00Z' }, 'followUp/c-1/1772416800'],
    [
      'overage',
      { entry: 'e-1', product: 'p-1', expiresAt: '2026-03-02T04:00:00Z' },
      'opportunity/builtin-overage/c-1/e-1',
    ],
    ['leadRetry', { leadId: 'l-1', product: 'p-1', outcome: 'busy' }, 'leadRetry/c-1/l-1'],
  ])('%s starts under the id of its entry', async (kind, body, workflowId) => {
    const api = await withContact();
    const answer = await api.call('post', `/api/v1/journeys/${kind}/runs`, {
      contactId: 'c-1',
      ...body,
    });
    expect([answer.status, answer.body.workflowId]).toEqual([201, workflowId]);
    expect(await api.stores.runs.find(workflowId)).toMatchObject({
      journey: kind,
      contactId: 'c-1',
      city: 'guangzhou',
      state: 'running',
    });
  });

  test('lists runs by contact and state, and refuses a journey that does not exist', async () => {
    const api = await withRun();
    const found = await api.call(
      'get',
      '/api/v1/journeys/monthStart/runs?contactId=c-1&state=running',
    );
    expect(fits('get', '/api/v1/journeys/{kind}/runs', found.body)).toBe(true);
    expect(found.body).toMatchObject({ items: [{ workflowId: RUN }], next: null });
    expect(
      (await api.call('get', '/api/v1/journeys/monthStart/runs?state=closed')).body.items,
    ).toEqual([]);
    const wrong = await api.call('get', '/api/v1/journeys/newsletter/runs');
    expect([wrong.status, wrong.body.issues[0].path]).toEqual([422, 'kind']);
  });

  test('a run is found by its id, encoded in the path or as it is in the query', async () => {
    const api = await withRun();
    for (const path of [`/api/v1/runs/${encodeURIComponent(RUN)}`, `/api/v1/runs?id=${RUN}`]) {
      const { body } = await api.call('get', path);
      expect(fits('get', '/api/v1/runs/{id}', body)).toBe(true);
      expect(body).toMatchObject({ workflowId: RUN, status: 'running' });
    }
  });

  test.each(['stop', 'pause', 'resume'])(
    '%s is told to the run in the name of the caller',
    async (verb) => {
      const api = await withRun();
      expect(
        (await api.call('post', `/api/v1/runs/${encodeURIComponent(RUN)}:${verb}`, {})).body,
      ).toEqual({
        workflowId: RUN,
        told: true,
      });
      await api.call('post', `/api/v1/runs:${verb}?id=${RUN}`);
      expect(api.engine.signalled).toEqual(
        Array(2).fill({ workflowId: RUN, message: { signal: verb, body: { by: 'admin' } } }),
      );
    },
  );

  test('a run that is over, unknown, or of another city cannot be told anything', async () => {
    const api = await withRun();
    const limited = await api.keyFor('ops', ['shenzhen']);
    expect((await api.call('post', `/api/v1/runs:stop?id=${RUN}`, {}, limited)).status).toBe(404);
    expect((await api.call('post', '/api/v1/runs:stop?id=welcome/x/y', {})).status).toBe(404);
    api.engine.close(RUN);
    expect((await api.call('post', `/api/v1/runs:stop?id=${RUN}`, {})).status).toBe(404);
    expect(api.engine.signalled).toEqual([]);
  });
});
