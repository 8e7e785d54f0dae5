// What keeps outside systems from working, in memory.

import type { ConditionStore, SystemCondition } from '../../ports/conditions';

export function createMemoryConditions(): ConditionStore {
  const conditions = new Map<string, SystemCondition>();

  return {
    async meet({ at, times, ...meeting }) {
      const key = `${meeting.system}/${meeting.code}`;
      const known = conditions.get(key);
      const since = known?.since ?? at;
      conditions.set(key, { ...meeting, since, lastAt: at, times: times + (known?.times ?? 0) });
    },

    async worked(system, { at, quietSince }) {
      for (const [key, condition] of conditions)
        if (condition.system === system && condition.lastAt < (condition.isWide ? at : quietSince))
          conditions.delete(key);
    },

    async list() {
      return [...conditions.keys()].sort().flatMap((key) => conditions.get(key) ?? []);
    },
  };
}
