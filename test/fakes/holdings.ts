// One process that holds every partition of the inbox, as where no other runs.

import type { Holdings } from '../../intake/processor';
import { PARTITIONS } from '../../rules/base/partition';

export function holdsAll(fence = 1): Holdings {
  const all = new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, fence]));
  return { held: () => all, mayGoOn: () => true, isAlone: () => true };
}
