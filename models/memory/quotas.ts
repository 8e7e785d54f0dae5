// The quota store in memory.

import type { QuotaRequest, QuotaStore } from '../../ports/quotas';

export function createMemoryQuotas(): QuotaStore {
  const used = new Map<string, number>();
  const holds = new Map<string, readonly string[]>();
  const countOf = (scope: string): number => used.get(scope) ?? 0;

  function giveBack(key: string): void {
    for (const scope of holds.get(key) ?? []) used.set(scope, countOf(scope) - 1);
    holds.delete(key);
  }

  function take({ key, takes }: QuotaRequest): string | null {
    const scopes = takes.map(({ scope }) => scope);
    if (JSON.stringify(holds.get(key) ?? []) === JSON.stringify(scopes)) return null;

    giveBack(key);
    const full = takes.find(({ scope, limit }) => countOf(scope) >= limit);
    if (full) return full.scope;

    for (const scope of scopes) used.set(scope, countOf(scope) + 1);
    if (scopes.length > 0) holds.set(key, scopes);

    return null;
  }

  return {
    take: async (asks) => asks.map(take),
    giveBack: async (keys) => keys.forEach(giveBack),
    used: async (scopes) => scopes.map(countOf),
  };
}
