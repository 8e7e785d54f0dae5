// Tags by name: WeCom marks by id, so names are looked up once, and those nobody has made yet are made.

import { CodedError } from '../../rules/base/errors';
import type { WecomClient } from './client';
import { WecomError } from './errors';

const GROUP = 'sopflow';
const NAME_EXISTS = 40071;

type TagClient = Pick<WecomClient, 'getCorpTags' | 'addCorpTags'>;

export interface TagIds {
  /** Ids of tags by name; missing ones are created. */
  of(names: readonly string[]): Promise<readonly string[]>;
  /** Forgets what is known: somebody deleted a tag in the console. */
  forget(): void;
}

interface TagState {
  readonly client: TagClient;
  /** Ids by name. */
  known: ReadonlyMap<string, string> | null;
  /** One at a time: two journeys that miss the same tag must not both create it. */
  turn: Promise<unknown>;
}

export function createTagIds(client: TagClient): TagIds {
  const state: TagState = { client, known: null, turn: Promise.resolve() };

  return {
    of: (names) => idsInTurn(state, names),
    forget: () => {
      state.known = null;
    },
  };
}

function idsInTurn(state: TagState, names: readonly string[]): Promise<readonly string[]> {
  const wanted = [...new Set(names)];
  const ids = state.turn.then(() => idsOf(state, wanted));

  // The next caller waits for this one to end, not for it to succeed: this caller hears of the failure.
  state.turn = ids.catch(() => undefined);
  return ids;
}

async function idsOf(state: TagState, names: readonly string[]): Promise<readonly string[]> {
  state.known ??= await loadTags(state.client);

  const { known } = state;
  const missing = names.filter((name) => !known.has(name));
  const ids = missing.length > 0 ? await createTags(state.client, missing, known) : known;
  state.known = ids;

  return names.map((name) => {
    const id = ids.get(name);
    if (id === undefined)
      throw new CodedError('UNAVAILABLE', `wecom tag ${name} was created and cannot be found yet`);
    return id;
  });
}

async function loadTags(client: TagClient): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();

  for (const group of await client.getCorpTags())
    for (const tag of group.tag) if (!tag.deleted && !ids.has(tag.name)) ids.set(tag.name, tag.id);

  return ids;
}

/** The known tags and, beside them, those that were missing. */
async function createTags(
  client: TagClient,
  missing: readonly string[],
  known: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  try {
    const group = await client.addCorpTags(GROUP, missing);
    return new Map([...known, ...group.tag.map(({ name, id }) => [name, id] as const)]);
  } catch (error) {
    if (!(error instanceof WecomError && error.errcode === NAME_EXISTS)) throw error;

    // Another process was faster, unless the name itself is what WeCom objects to.
    const reread = await loadTags(client);
    if (missing.every((name) => reread.has(name))) return reread;
    throw error;
  }
}
