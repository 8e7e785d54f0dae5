// The partitions of the inbox as leases, and the one who fetches leads: what the processes of the intake share among them.

import { PARTITIONS } from '../rules/base/partition';
import type { Leases } from './leases';
import type { Holdings, Processor } from './processor';

const PREFIX = 'inbox-';
const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);

const nameOf = (partition: number): string => `${PREFIX}${partition}`;

/** Undefined: the lease is about something else. */
const partitionOfLease = (name: string): number | undefined =>
  name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : undefined;

/** Resolves when nothing under a lease is being done any more. */
export async function finishLease(processor: Processor, name: string): Promise<void> {
  const partition = partitionOfLease(name);
  if (partition !== undefined) await processor.release(partition);
}

export const LEAD_POLLER = 'lead-poller';
/** Who runs imports of files. */
export const IMPORTER = 'importer';
/** Partitions are shared evenly; of the others there is one each. */
export const LEASE_GROUPS: readonly (readonly string[])[] = [
  partitions.map(nameOf),
  [LEAD_POLLER],
  [IMPORTER],
];

export function holdingsOf(leases: Leases): Holdings {
  let known: ReadonlyMap<string, number> = new Map();
  let held: ReadonlyMap<number, number> = new Map();

  return {
    held() {
      const now = leases.held();
      if (now !== known) {
        known = now;
        held = heldPartitions(now);
      }
      return held;
    },
    mayGoOn: (partition, fence) => leases.mayGoOn(nameOf(partition), fence),
    isAlone: () => leases.isAlone(),
  };
}

function heldPartitions(leases: ReadonlyMap<string, number>): ReadonlyMap<number, number> {
  return new Map(
    [...leases].flatMap(([name, fence]) => {
      const partition = partitionOfLease(name);
      return partition === undefined ? [] : [[partition, fence] as const];
    }),
  );
}
