// Every partition of the inbox in the hands of one process, where no other runs.

import { PARTITIONS } from '../rules/base/partition';
import type { Holdings } from './processor';

export function holdsAll(fence = 1): Holdings {
  const all = new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, fence]));
  return { held: () => all, isAlone: () => true };
}
