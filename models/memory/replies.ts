// Unclear answers, in memory.

import type { ReplyStore, UnclearReply } from '../../ports/replies';
import { copy } from './copy';

export function createMemoryReplies(): ReplyStore {
  const rows = new Map<string, UnclearReply>();

  return {
    async open(reply) {
      const kept = rows.get(reply.replyId) ?? copy(reply);
      rows.set(reply.replyId, kept);
      return copy(kept);
    },

    find: async (replyId) => copy(rows.get(replyId)) ?? null,

    list: async ({ state, cities, after = '', limit }) =>
      [...rows.values()]
        .filter((reply) => reply.replyId > after && reply.state === state)
        .filter((reply) => !cities || reply.cities.some((city) => cities.includes(city)))
        .sort((a, b) => (a.replyId < b.replyId ? -1 : 1))
        .slice(0, limit)
        .map(copy),

    async resolve(replyId, resolution) {
      const known = rows.get(replyId);
      if (!known || known.resolution !== undefined) return false;

      rows.set(replyId, { ...known, resolution: copy(resolution) });
      return true;
    },

    async close(replyId) {
      const known = rows.get(replyId);
      if (known?.resolution) rows.set(replyId, { ...known, state: 'resolved' });
    },
  };
}
