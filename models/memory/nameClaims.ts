// Claims of names in memory.

import type { NameClaim, NameClaimStore } from '../../ports/nameClaims';
import { citiesOfClaim } from '../claimCities';
import { copy } from './copy';

export function createMemoryNameClaims(): NameClaimStore {
  const rows = new Map<string, NameClaim>();

  return {
    async keep(claims) {
      for (const claim of claims)
        if (!rows.has(claim.claimId)) rows.set(claim.claimId, copy(claim));
    },

    find: async (claimId) => copy(rows.get(claimId)) ?? null,

    list: async ({ state, cities, after = '', limit }) =>
      [...rows.values()]
        .filter((claim) => claim.claimId > after && (state ?? claim.state) === claim.state)
        .filter((claim) => !cities || citiesOfClaim(claim).some((city) => cities.includes(city)))
        .sort((a, b) => (a.claimId < b.claimId ? -1 : 1))
        .slice(0, limit)
        .map(copy),

    async decide(claimId, state, decision) {
      const known = rows.get(claimId);
      if (known?.state !== 'waiting') return false;

      rows.set(claimId, { ...known, state, decision: copy(decision) });
      return true;
    },
  };
}
