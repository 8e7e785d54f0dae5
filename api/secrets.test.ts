import { createMemoryStores } from '../models/memory/stores';
import { ensureAdminKey, hashOf, makeSecret } from './secrets';

const clock = { now: () => 0 };

test('an empty store gets one admin key, shown this once', async () => {
  const { keys } = createMemoryStores();
  const secret = await ensureAdminKey(keys, clock, undefined);
  expect(await keys.findByHash(hashOf(secret ?? ''))).toMatchObject({ role: 'admin' });
  expect(await ensureAdminKey(keys, clock, undefined)).toBeNull();
  expect(await keys.list()).toHaveLength(1);
});

test('a configured key is known, never shown, and lets people back in', async () => {
  const { keys } = createMemoryStores();
  await keys.add(
    { keyId: 'k', name: 'lost', role: 'admin', createdAt: '2026-01-01T00:00:00.000Z' },
    hashOf('lost'),
  );
  expect(await ensureAdminKey(keys, clock, 'configured-key')).toBeNull();
  expect(await ensureAdminKey(keys, clock, 'configured-key')).toBeNull();
  expect(await keys.list()).toHaveLength(2);
  expect(await keys.findByHash(hashOf('configured-key'))).toMatchObject({ role: 'admin' });
});

test('a configured key that was revoked stays revoked', async () => {
  const { keys } = createMemoryStores();
  await ensureAdminKey(keys, clock, 'configured-key');
  const [key] = await keys.list();
  await keys.revoke(key?.keyId ?? '', '2026-01-01T00:00:00.000Z');
  await ensureAdminKey(keys, clock, 'configured-key');
  expect((await keys.findByHash(hashOf('configured-key')))?.revokedAt).toBeDefined();
});

test('secrets do not repeat', () => {
  expect(new Set(Array.from({ length: 100 }, makeSecret)).size).toBe(100);
});
