import { beginSealing } from '../../rules/ledger/seal/seal';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { aPassed } from '../../test/fakes/ledger';
import { recordOne } from '../../test/support/singles';

type Api = Awaited<ReturnType<typeof createFakeApi>>;

const hoursAgo = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString();

async function refuse(api: Api, at: string) {
  await api.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'yunfu' }]);
  await recordOne(api.stores.touches, { ...aPassed('t-1', at), verdict: 'suppressed' });
}

async function seal(api: Api, hour: string, previous: string): Promise<string> {
  const sealing = beginSealing(hour, { previous, key: undefined });
  const attempt = { hour, name: 'try' };
  await api.stores.seals.keep(attempt, 0, [sealing.add(aPassed(`t-${hour}`, hour))]);
  const closed = sealing.close(hour);
  await api.stores.seals.commit(closed.seal, attempt, 1);
  return closed.seal.seal;
}

describe('the seals of the ledger', () => {
  it('are asked for at once only when an hour with rows is over', async () => {
    const api = await createFakeApi();
    expect((await api.call('post', '/api/v1/ledger:seal')).body).toEqual({ due: null });
    await refuse(api, hoursAgo(0));
    expect((await api.call('post', '/api/v1/ledger:seal')).body).toEqual({ due: null });
    expect(api.engine.asked.seals).toBe(0);
  });

  it('are made up to the last hour that is over', async () => {
    const api = await createFakeApi();
    await refuse(api, hoursAgo(5));
    const { status, body } = await api.call('post', '/api/v1/ledger:seal');
    expect({ status, body }).toEqual({
      status: 202,
      body: { due: expect.stringMatching(/:00:00\.000Z$/) },
    });
    expect(Date.parse(body.due)).toBeLessThanOrEqual(NOW - 3_600_000);
    expect(api.engine.asked.seals).toBe(1);
  });

  it('are shown by hour and exported line by line, to those who run the deployment', async () => {
    const api = await createFakeApi();
    expect((await api.call('get', '/api/v1/seals/latest')).status).toBe(404);
    const [first, second] = ['2026-03-01T00:00:00.000Z', '2026-03-01T01:00:00.000Z'];
    await seal(api, second ?? '', await seal(api, first ?? '', ''));

    expect((await api.call('get', '/api/v1/seals/latest')).body).toMatchObject({ hour: second });
    expect((await api.call('get', `/api/v1/seals/${first}`)).body).toMatchObject({ hour: first });
    const lines = async (query: string) =>
      (await api.call('get', `/api/v1/seals:export${query}`)).text.trim().split('\n');
    expect(await lines('')).toHaveLength(4);
    expect(await lines(`?after=${first}`)).toHaveLength(2);
    const viewer = await api.keyFor('viewer');
    expect((await api.call('get', '/api/v1/seals:export', undefined, viewer)).status).toBe(403);
  });
});
