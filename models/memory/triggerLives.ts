// The lives of triggers in memory.

import type { TriggerBacktest, TriggerLifeStore } from '../../ports/triggers';
import { versionRef } from '../../rules/base/ids';
import type { TriggerLife } from '../../rules/trigger/life';
import { copy } from './copy';

export function createMemoryTriggerLives(): TriggerLifeStore {
  const lives = new Map<string, TriggerLife>();
  const backtests = new Map<string, TriggerBacktest>();
  const all = () => [...lives.values()].sort((a, b) => (a.triggerId < b.triggerId ? -1 : 1));

  return {
    find: async (triggerId) => copy(lives.get(triggerId) ?? null),
    list: async () => copy(all()),
    enabled: async () =>
      all().flatMap(({ triggerId, enabled: version }) =>
        version === undefined ? [] : { triggerId, version },
      ),

    async keepBacktest(backtest) {
      backtests.set(versionRef(backtest.triggerId, backtest.version), copy(backtest));
    },
    findBacktest: async (triggerId, version) =>
      copy(backtests.get(versionRef(triggerId, version)) ?? null),

    async keep(next) {
      const known = lives.get(next.triggerId);
      if ((known?.revision ?? 0) + 1 !== next.revision) return false;

      lives.set(next.triggerId, copy(next));
      return true;
    },
  };
}
