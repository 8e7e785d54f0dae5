// What every store of API keys and of kept answers promises.

import type { Key } from '../../ports/auth';
import { AT, hoursAfter, type Make } from './builders';

const aKey = (keyId: string, fields: Partial<Key> = {}): Key => ({
  keyId,
  name: keyId,
  role: 'viewer',
  createdAt: AT,
  ...fields,
});

export function describeKeyStoreContract(name: string, make: Make): void {
  describe(`the store of keys ${name}`, () => {
    it('finds a key by the hash of its secret, with or without cities', async () => {
      const { keys } = await make();
      expect(await keys.isEmpty()).toBe(true);
      await keys.add(aKey('k-1'), 'hash-1');
      await keys.add(aKey('k-2', { cities: ['foshan'], createdAt: hoursAfter(-1) }), 'hash-2');
      expect(await keys.findByHash('hash-1')).toEqual(aKey('k-1'));
      expect((await keys.findByHash('hash-2'))?.cities).toEqual(['foshan']);
      expect(await keys.findByHash('hash-3')).toBeNull();
      expect((await keys.list()).map(({ keyId }) => keyId)).toEqual(['k-2', 'k-1']);
      expect(await keys.isEmpty()).toBe(false);
    });

    it('adds no key twice', async () => {
      const { keys } = await make();
      await keys.add(aKey('k-1'), 'hash-1');
      await expect(keys.add(aKey('k-2'), 'hash-1')).rejects.toMatchObject({ code: 'CONFLICT' });
      await expect(keys.add(aKey('k-1'), 'hash-2')).rejects.toMatchObject({ code: 'CONFLICT' });
    });

    it('revokes a key once and keeps the instant', async () => {
      const { keys } = await make();
      await keys.add(aKey('k-1'), 'hash-1');
      expect(await keys.revoke('k-1', AT)).toBe(true);
      expect(await keys.revoke('k-1', hoursAfter(5))).toBe(true);
      expect((await keys.findByHash('hash-1'))?.revokedAt).toBe(AT);
      expect(await keys.revoke('k-9', AT)).toBe(false);
    });
  });

  describe(`the store of kept answers ${name}`, () => {
    it('keeps the first answer under a key', async () => {
      const { responses } = await make();
      const first = { requestHash: 'h', status: 201, body: { 'a.b': [1, null], $x: '中' } };
      expect(await responses.save('k', first)).toBe(true);
      expect(await responses.save('k', { requestHash: 'h2', status: 500, body: null })).toBe(false);
      expect(await responses.find('k')).toEqual(first);
      expect(await responses.find('other')).toBeNull();
    });
  });
}
