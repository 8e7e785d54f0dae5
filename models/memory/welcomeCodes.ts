// Welcome codes, in memory.

import type { WelcomeCodeStore } from '../../ports/welcomeCodes';

export function createMemoryWelcomeCodes(): WelcomeCodeStore {
  const codes = new Map<string, string>();

  return {
    async keep(id, code) {
      if (!codes.has(id)) codes.set(id, code);
    },
    find: async (id) => codes.get(id) ?? null,
  };
}
