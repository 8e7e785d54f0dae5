// A versioned library in memory.

import type { Library, Version } from '../../ports/library';
import { copy } from './copy';

export function createFakeLibrary<T>(): Library<T> {
  const shelves = new Map<string, Version<T>[]>();
  const inForce = new Map<string, number>();

  const find = (id: string, version: number): Version<T> | null => copy(shelves.get(id)?.[version - 1]) ?? null;

  return {
    async draft(id, body, author, at) {
      const shelf = shelves.get(id) ?? [];
      const version: Version<T> = { id, version: shelf.length + 1, state: 'draft', body: copy(body), author, at };
      shelves.set(id, [...shelf, version]);
      return copy(version);
    },

    async publish(id, version, author, at) {
      const shelf = shelves.get(id) ?? [];
      const found = shelf[version - 1];
      if (!found) return null;
      if (found.state === 'draft') shelf[version - 1] = { ...found, state: 'published', author, at };
      inForce.set(id, version);
      return find(id, version);
    },

    current: async (id) => find(id, inForce.get(id) ?? 0),
    find: async (id, version) => find(id, version),
    versions: async (id) => copy(shelves.get(id) ?? []).reverse(),
    list: async () => [...shelves.keys()].sort().flatMap((id) => copy(shelves.get(id)?.at(-1)) ?? []),
  };
}
