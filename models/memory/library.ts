// A versioned library in memory.

import type { Library, PublicationRecord, Version, WithdrawnVersion } from '../../ports/library';
import { copy } from './copy';

interface LibraryState<T> {
  /** By id; version n lies at n - 1. */
  readonly versions: Map<string, Version<T>[]>;
  readonly published: Map<string, readonly PublicationRecord[]>;
}

export function createMemoryLibrary<T>(): Library<T> {
  const state: LibraryState<T> = { versions: new Map(), published: new Map() };
  const { versions, published } = state;

  return {
    draft: async (id, body, author, at) => draft(state, { id, body, author, at }),
    publish: async (id, version, author, at, effectiveFrom) =>
      publish(state, id, {
        version,
        author,
        at,
        ...(effectiveFrom !== undefined && { effectiveFrom }),
      }),

    withdraw: async (id, version, withdrawn) => withdraw(state, id, version, withdrawn),
    publications: async (id) => copy(published.get(id) ?? []),
    current: async (id) => currentVersion(state, id),
    inForce: async () =>
      [...versions.keys()].sort().flatMap((id) => currentVersion(state, id) ?? []),
    find: async (id, version) => findVersion(state, id, version),
    versions: async (id) => copy(versions.get(id) ?? []).reverse(),
    list: async () =>
      [...versions.keys()].sort().flatMap((id) => copy(versions.get(id)?.at(-1)) ?? []),
  };
}

function draft<T>(
  { versions }: LibraryState<T>,
  given: Pick<Version<T>, 'id' | 'body' | 'author' | 'at'>,
): Version<T> {
  const { id, body, author, at } = given;
  const before = versions.get(id) ?? [];
  const version: Version<T> = {
    id,
    version: before.length + 1,
    state: 'draft',
    body: copy(body),
    author,
    at,
  };

  versions.set(id, [...before, version]);
  return copy(version);
}

function publish<T>(
  state: LibraryState<T>,
  id: string,
  publication: PublicationRecord,
): Version<T> | null {
  const { version, author, at } = publication;
  const versions = state.versions.get(id) ?? [];
  const found = versions[version - 1];
  if (!found) return null;

  if (found.state === 'draft') versions[version - 1] = { ...found, state: 'published', author, at };

  const before = state.published.get(id) ?? [];
  if (before.at(-1)?.version !== version) state.published.set(id, [...before, publication]);

  return findVersion(state, id, version);
}

function withdraw<T>(
  state: LibraryState<T>,
  id: string,
  version: number,
  withdrawn: WithdrawnVersion,
): Version<T> | null {
  const versions = state.versions.get(id) ?? [];
  const found = versions[version - 1];
  if (found?.state !== 'published') return null;

  if (!found.withdrawn) versions[version - 1] = { ...found, withdrawn: copy(withdrawn) };
  return findVersion(state, id, version);
}

function currentVersion<T>(state: LibraryState<T>, id: string): Version<T> | null {
  const published = state.published.get(id) ?? [];
  const versions = state.versions.get(id) ?? [];
  const inForce = published.findLast(({ version }) => !versions[version - 1]?.withdrawn);
  return findVersion(state, id, inForce?.version ?? 0);
}

function findVersion<T>(
  { versions }: LibraryState<T>,
  id: string,
  version: number,
): Version<T> | null {
  return copy(versions.get(id)?.[version - 1]) ?? null;
}
