// Who should hold what, so that every process that lives has an even share and nothing is held by the dead.

import type { Lease } from '../ports/leases';

export interface LeaseView {
  /** All names of the group, in the same order everywhere. */
  readonly names: readonly string[];
  readonly leases: Readonly<Record<string, Lease>>;
  /** The process whose plan it is, and what it knows to hold. A lease of its own that it does not know of is free. */
  readonly process: string;
  readonly mine: ReadonlySet<string>;
  readonly living: readonly string[];
}

export interface LeasePlan {
  readonly take: readonly string[];
  readonly giveBack: readonly string[];
}

/** What one process does next. Each plans for itself alone, and together they come to rest. */
export function planLeases(view: LeaseView): LeasePlan {
  const { names, leases, process, living } = view;
  const share = Math.ceil(names.length / Math.max(1, living.length));
  const mine = names.filter((name) => view.mine.has(name));
  const free = names.filter((name) => {
    const holder = leases[name]?.holder;
    if (holder === process) return !view.mine.has(name);
    return holder === undefined || !living.includes(holder);
  });

  return {
    take: free.slice(0, Math.max(0, share - mine.length)),
    giveBack: mine.slice(share),
  };
}
