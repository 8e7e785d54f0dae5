// Ids that the simulated systems give out.

import { createHash } from 'node:crypto';
import type { Clock } from './clock';
import type { Table } from './tables';

export interface Serials {
  /** A number of this kind never given before, counting from 1. */
  count(kind: string): number;
  /** An id of this kind never given before, not even by a world that was reset: 20 letters and digits after the prefix. */
  next(kind: string, prefix: string): string;
}

/** WeCom's id of a customer towards one corp: the same in every world, so that sopflow's relations outlive a reset. */
export const externalUserIdOf = (contactId: string): string =>
  `wm${digest(`external:${contactId}`).slice(0, 30)}`;

export const unionIdOf = (contactId: string): string =>
  `o${digest(`union:${contactId}`).slice(0, 27)}`;

export function createSerials(seed: number, clock: Clock, counters: Table<number>): Serials {
  const count = (kind: string): number => {
    const value = (counters.get(kind) ?? 0) + 1;
    counters.set(kind, value);
    return value;
  };

  // The instant this world began tells its ids from those of the world before a reset: sopflow drops repeated event ids.
  const epoch = (): number => {
    const known = counters.get('epoch');
    if (known !== undefined) return known;

    const begun = clock.now();
    counters.set('epoch', begun);

    return begun;
  };

  return {
    count,
    next: (kind, prefix) =>
      `${prefix}${digest(`${seed}:${epoch()}:${kind}:${count(kind)}`).slice(0, 20)}`,
  };
}

/** Letters and digits only: such ids travel in URLs and XML as they are. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64').replace(/[+/=]/g, '');
}
