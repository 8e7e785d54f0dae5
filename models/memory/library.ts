// A versioned library in memory.

import type { Library, PublicationRecord, Version } from '../../ports/library';
import { copy } from './copy';

export function createMemoryLibrary<T>(): Library<T> {
  const shelves = new Map<string, Version<T>[]>();
  const published = new Map<string, readonly PublicationRecord[]>();

  const find = (id: string, version: number): Version<T> | null =>
    copy(shelves.get(id)?.[version - 1]) ?? null;

  return {
    async draft(id, body, author, at) {
      const shelf = shelves.get(id) ?? [];
      const version: Version<T> = {
        id,
        version: shelf.length + 1,
        state: 'draft',
        body: copy(body),
        author,
        at,
      };
      shelves.set(id, [...shelf, version]);
      return copy(version);
    },

    async publish(id, version, author, at, effectiveFrom) {
      const shelf = shelves.get(id) ?? [];
      const found = shelf[version - 1];
      if (!found) return null;
      if (found.state === 'draft')
        shelf[version - 1] = { ...found, state: 'published', author, at };
      const before = published.get(id) ?? [];
      if (before.at(-1)?.version !== version)
        published.set(id, [
          ...before,
          { version, author, at, ...(effectiveFrom !== undefined && { effectiveFrom }) },
        ]);
      return find(id, version);
    },

    publications: async (id) => copy(published.get(id) ?? []),
    current: async (id) => find(id, published.get(id)?.at(-1)?.version ?? 0),
    find: async (id, version) => find(id, version),
    versions: async (id) => copy(shelves.get(id) ?? []).reverse(),
    list: async () =>
      [...shelves.keys()].sort().flatMap((id) => copy(shelves.get(id)?.at(-1)) ?? []),
  };
}
