// API keys and kept answers in memory.

import type { Key, KeyStore } from '../../ports/auth';
import type { ResponseStore, StoredResponse } from '../../ports/responses';
import { CodedError } from '../../rules/base/errors';
import { copy } from './copy';

export function createMemoryKeys(): KeyStore {
  const rows = new Map<string, Key>();
  return {
    async add(key, hash) {
      if (rows.has(hash) || [...rows.values()].some(({ keyId }) => keyId === key.keyId))
        throw new CodedError('CONFLICT', `key ${key.keyId} or its secret exists already`);
      rows.set(hash, copy(key));
    },
    findByHash: async (hash) => copy(rows.get(hash)) ?? null,
    async list() {
      const order = ({ createdAt, keyId }: Key): string => `${createdAt} ${keyId}`;
      return [...rows.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1)).map(copy);
    },
    async revoke(keyId, revokedAt) {
      for (const [hash, key] of rows) {
        if (key.keyId !== keyId) continue;
        rows.set(hash, { revokedAt, ...key });
        return true;
      }
      return false;
    },
    isEmpty: async () => rows.size === 0,
  };
}

export function createMemoryResponses(): ResponseStore {
  const rows = new Map<string, StoredResponse>();
  return {
    find: async (key) => copy(rows.get(key)) ?? null,
    async save(key, response) {
      if (rows.has(key)) return false;
      rows.set(key, copy(response));
      return true;
    },
  };
}
