// Tags by name: WeCom marks by id, so names are looked up once, and those nobody has made yet are made.

import { CodedError } from '../../rules/base/errors';
import type { WecomClient } from './client';
import { WecomError } from './errors';

const GROUP = 'sopflow';
const NAME_EXISTS = 40071;

export interface TagIds {
  /** Ids of tags by name; missing ones are created. */
  of(names: readonly string[]): Promise<readonly string[]>;
  /** Forgets what is known: somebody deleted a tag in the console. */
  forget(): void;
}

export function createTagIds(client: Pick<WecomClient, 'getCorpTags' | 'addCorpTags'>): TagIds {
  let known: Map<string, string> | null = null;
  /** One at a time: two journeys that miss the same tag must not both create it. */
  let turn: Promise<unknown> = Promise.resolve();

  async function load(): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (const group of await client.getCorpTags())
      for (const tag of group.tag)
        if (!tag.deleted && !ids.has(tag.name)) ids.set(tag.name, tag.id);
    return ids;
  }

  async function resolve(names: readonly string[]): Promise<readonly string[]> {
    known ??= await load();
    const missing = names.filter((name) => !known?.has(name));
    if (missing.length > 0) known = await create(missing, known);
    return names.map((name) => {
      const id = known?.get(name);
      if (id === undefined)
        throw new CodedError(
          'UNAVAILABLE',
          `wecom tag ${name} was created and cannot be found yet`,
        );
      return id;
    });
  }

  async function create(
    missing: readonly string[],
    ids: Map<string, string>,
  ): Promise<Map<string, string>> {
    try {
      const group = await client.addCorpTags(GROUP, missing);
      for (const tag of group.tag) ids.set(tag.name, tag.id);
      return ids;
    } catch (error) {
      if (!(error instanceof WecomError && error.errcode === NAME_EXISTS)) throw error;
      // Another process was faster, unless the name itself is what WeCom objects to.
      const reread = await load();
      if (missing.every((name) => reread.has(name))) return reread;
      throw error;
    }
  }

  return {
    of(names) {
      const wanted = [...new Set(names)];
      const next = turn.then(() => resolve(wanted));
      // The next caller waits for this one to end, not for it to succeed: this caller hears of the failure.
      turn = next.catch(() => undefined);
      return next;
    },
    forget() {
      known = null;
    },
  };
}
