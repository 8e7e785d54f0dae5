// The seals of the ledger in memory.

import type { SealStore } from '../../ports/seals';
import type { Seal, SealedLine, SealLine } from '../../rules/ledger/seal/seal';
import { copy } from './copy';

interface SealedHour {
  readonly seal: Seal;
  readonly lines: readonly SealedLine[];
}

export function createMemorySeals(): SealStore {
  const tries = new Map<string, readonly SealedLine[]>();
  /** In order of the hours. */
  const sealed = new Map<string, SealedHour>();

  return {
    latest: async () => copy([...sealed.values()].at(-1)?.seal ?? null),
    find: async (hour) => copy(sealed.get(hour)?.seal ?? null),

    async keep({ hour, name }, page, lines) {
      tries.set(`${hour} ${name} ${page}`, copy(lines));
    },

    async commit(seal, { hour, name }, pages) {
      if (sealed.has(hour)) return false;

      const kept = Array.from({ length: pages }, (_, i) => tries.get(`${hour} ${name} ${i}`) ?? []);
      sealed.set(hour, { seal: copy(seal), lines: kept.flat() });
      return true;
    },

    export: (after) => exportLines(sealed, after),
  };
}

async function* exportLines(
  sealed: ReadonlyMap<string, SealedHour>,
  after = '',
): AsyncGenerator<SealLine> {
  for (const [hour, { lines, seal }] of sealed) if (hour > after) yield* copy([...lines, seal]);
}
