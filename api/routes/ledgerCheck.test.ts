import request from 'supertest';
import { createFakeApi } from '../../test/fakes/api';
import { aPassed, PROVED_POLICY } from '../../test/fakes/ledger';
import { reserveOne } from '../../test/support/singles';

const AT = '2026-03-01T02:00:00.000Z';

async function withTouch(over: Parameters<typeof aPassed>[2] = {}) {
  const api = await createFakeApi();
  const { version } = await api.stores.policies.draft('default', PROVED_POLICY, 'test', AT);
  await api.stores.policies.publish('default', version, 'test', AT);
  await api.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'yunfu' }]);
  const contact = await api.stores.contacts.find('c-1');
  if (!contact) throw new Error('the contact was not kept');
  await reserveOne(api.stores.touches, contact, { ...aPassed('t-1', AT, over), revision: 1 });
  return api;
}

async function check(
  api: Awaited<ReturnType<typeof withTouch>>,
  query = '',
  role: 'ops' | 'viewer' = 'ops',
) {
  const answer = await request(api.app)
    .get(`/api/v1/ledger:check${query}`)
    .set('Authorization', await api.keyFor(role))
    .buffer(true)
    .parse((response, done) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => done(null, text));
    });
  const lines = answer.status === 200 ? String(answer.body).trim().split('\n') : [];
  return { status: answer.status, lines: lines.map((line) => JSON.parse(line)) };
}

describe('the proof of the ledger', () => {
  test('ends a clean ledger with a summary alone', async () => {
    const { lines } = await check(await withTouch());
    expect(lines).toEqual([
      { summary: expect.objectContaining({ rows: 1, contacts: 1, violations: 0 }) },
    ]);
  });

  test('tells each violation on a line of its own before the summary', async () => {
    const { lines } = await check(await withTouch({ on: { consent: 'refused' } }), '?contact=c-1');
    expect(lines).toEqual([
      expect.objectContaining({
        kind: 'without-consent',
        contactId: 'c-1',
        touchId: 't-1',
        policy: 'default@1',
      }),
      { summary: expect.objectContaining({ violations: 1, byKind: { 'without-consent': 1 } }) },
    ]);
  });

  test('counts a reservation nobody settled in time, by the clock of the deployment', async () => {
    expect(
      (await check(await withTouch({ settleBy: '2026-03-02T01:25:00.000Z' }))).lines[0],
    ).toMatchObject({
      kind: 'unsettled',
    });
    // The clock stands at 02:00: its flow, or else the reaper, still has some minutes.
    expect(
      (await check(await withTouch({ settleBy: '2026-03-02T01:35:00.000Z' }))).lines,
    ).toHaveLength(1);
  });

  test('is for those who run the deployment', async () => {
    expect((await check(await withTouch(), '', 'viewer')).status).toBe(403);
  });
});
