// The inbox in memory.

import type { Inbound, Inbox } from '../../ports/inbox';
import { CodedError } from '../../rules/base/errors';
import { copy } from './copy';

interface InboxRow {
  readonly item: Inbound;
  readonly seq: number;
  state: 'pending' | 'done' | 'refused';
  attempts: number;
}

interface InboxState {
  readonly rows: Map<string, InboxRow>;
  /** The `seq` of the item that came last. */
  lastSeq: number;
}

export function createMemoryInbox(): Inbox {
  const state: InboxState = { rows: new Map(), lastSeq: 0 };

  return {
    put: async (items) => items.map((item) => putItem(state, item)),
    pending: async (limit) =>
      pendingRows(state)
        .slice(0, limit)
        .map(({ item }) => copy(item)),

    async done(key) {
      knownRow(state, key).state = 'done';
    },
    async failed(key) {
      return ++knownRow(state, key).attempts;
    },
    async refuse(key) {
      knownRow(state, key).state = 'refused';
    },

    depth: async () => pendingRows(state).length,
  };
}

/** False when its key was seen before. */
function putItem(state: InboxState, item: Inbound): boolean {
  if (state.rows.has(item.key)) return false;

  state.lastSeq = Math.max(state.lastSeq + 1, item.receivedAt * 1000);
  state.rows.set(item.key, {
    item: copy(item),
    seq: state.lastSeq,
    state: 'pending',
    attempts: 0,
  });

  return true;
}

/** In order of arrival. */
function pendingRows({ rows }: InboxState): InboxRow[] {
  return [...rows.values()]
    .filter(({ state }) => state === 'pending')
    .sort((a, b) => a.seq - b.seq);
}

function knownRow({ rows }: InboxState, key: string): InboxRow {
  const known = rows.get(key);
  if (!known) throw new CodedError('NOT_FOUND', `the inbox has no item ${key}`);
  return known;
}
