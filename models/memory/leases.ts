// Leases in memory.

import type { Lease, LeaseStore } from '../../ports/leases';
import { copy } from './copy';

export function createMemoryLeases(): LeaseStore {
  const beats: Record<string, number> = {};
  const leases: Record<string, Lease> = {};
  let lastFence = 0;

  return {
    async beat(process) {
      beats[process] = (beats[process] ?? 0) + 1;
      return copy({ beats, leases });
    },

    async take(name, seen, process) {
      const lease = leases[name];
      if (lease?.fence !== seen?.fence || lease?.holder !== seen?.holder) return null;

      lastFence += 1;
      leases[name] = { holder: process, fence: lastFence };
      return lastFence;
    },

    async release(name, fence) {
      if (leases[name]?.fence === fence) leases[name] = { fence };
    },

    async forget(process) {
      delete beats[process];
    },
  };
}
