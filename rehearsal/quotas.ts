// Shared limits of a rehearsal: what was taken before it began is taken in it, too.

import type { QuotaStore } from '../ports/quotas';

/** @param real is only read @param own holds what the rehearsal itself takes */
export function quotasFrom(real: Pick<QuotaStore, 'used'>, own: QuotaStore): QuotaStore {
  const usedBefore = new Map<string, number>();

  async function learn(scopes: readonly string[]): Promise<void> {
    const unknown = [...new Set(scopes)].filter((scope) => !usedBefore.has(scope));
    if (unknown.length === 0) return;

    const used = await real.used(unknown);
    unknown.forEach((scope, i) => void usedBefore.set(scope, used[i] ?? 0));
  }

  const before = (scope: string): number => usedBefore.get(scope) ?? 0;

  return {
    async take(asks) {
      await learn(asks.flatMap(({ takes }) => takes.map(({ scope }) => scope)));
      return own.take(
        asks.map(({ key, takes }) => ({
          key,
          takes: takes.map(({ scope, limit }) => ({ scope, limit: limit - before(scope) })),
        })),
      );
    },

    giveBack: (keys) => own.giveBack(keys),

    async used(scopes) {
      await learn(scopes);
      const taken = await own.used(scopes);
      return scopes.map((scope, i) => before(scope) + (taken[i] ?? 0));
    },
  };
}
