import { AT, aWorld } from '../../test/fakes/world';
import { listActs } from './blocks';

const complaint = { channel: '*', reason: 'complaint' };

async function afterComplaint() {
  const world = await aWorld();
  await world.event('complaint', {});
  return world;
}

test('a complaint leaves evidence, and no edit or import lifts it', async () => {
  const { call, contact, stores } = await afterComplaint();
  for (const blocks of [[], null])
    expect((await call('patch', '/api/v1/contacts/c-1', { blocks })).status).toBe(200);
  const own = { channel: 'call', reason: 'own list' };
  await call('patch', '/api/v1/contacts/c-1', { blocks: [own] });
  await call('put', '/api/v1/contacts:batch?replace=true', [
    { contactId: 'c-1', city: 'guangzhou', blocks: [] },
  ]);
  expect((await contact()).blocks).toEqual([complaint]);

  const acts = (await call('get', '/api/v1/contacts/c-1/acts')).body;
  expect(listActs.answer?.safeParse(acts).success).toBe(true);
  expect(acts.items).toEqual([
    {
      actId: 'complaint/e-1',
      contactId: 'c-1',
      kind: 'complaint',
      by: 'event e-1',
      at: AT,
      after: { channel: '*' },
    },
  ]);
  expect(await stores.contactActs.ofContact('c-1')).toHaveLength(1);
});

test('a complaint is lifted by an act with a reason, which stays', async () => {
  const { call, contact, keyFor } = await afterComplaint();
  const path = '/api/v1/contacts/c-1:lift-block';
  const lift = { block: complaint, reason: '客户书面撤回投诉' };
  expect((await call('post', path, { block: complaint })).status).toBe(422);
  expect((await call('post', path, { ...lift, reason: ' ' })).status).toBe(422);
  expect((await call('post', path, lift, await keyFor('city'))).status).toBe(403);
  expect((await call('post', path, lift, await keyFor('ops', ['yunfu']))).status).toBe(404);

  expect((await call('post', path, lift)).body).not.toHaveProperty('blocks');
  expect(await contact()).not.toHaveProperty('blocks');
  expect((await call('get', '/api/v1/contacts/c-1/acts')).body.items[1]).toMatchObject({
    kind: 'block-lifted',
    by: 'admin',
    reason: lift.reason,
    before: { block: complaint },
  });
  expect((await call('post', path, lift)).status).toBe(409);
});
