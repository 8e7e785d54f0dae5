// The rules that contacts of one city are decided by: a policy as the gate reads it, made once and kept.

import { ownRulesOf, policyFor } from '../policy/cities';
import type { PolicyDocument } from '../policy/document.schema';
import { longestWindowHours } from '../policy/longestWindow';
import type { Policy } from '../policy/policy.schema';
import type { Holidays } from '../time/holidays';
import { type PreparedPolicy, preparePolicy } from './gate';

export interface PolicySnapshot {
  readonly policy: Policy;
  readonly prepared: PreparedPolicy;
  /** Touches older than this many hours no longer count under it. */
  readonly windowHours: number;
}

/** A flat policy with the holidays that its day kinds go by. */
export const snapshotOf = (policy: Policy, holidays: Holidays): PolicySnapshot => ({
  policy,
  prepared: preparePolicy(policy, holidays),
  windowHours: longestWindowHours(policy),
});

/** Snapshots of one document by city, each made when it is first asked for. */
export function snapshotsOf(
  document: PolicyDocument,
  holidays: Holidays,
): (city: string) => PolicySnapshot {
  const known = new Map<string | undefined, PolicySnapshot>();

  return (city) => {
    const own = ownRulesOf(document, city);
    const snapshot = known.get(own) ?? snapshotOf(policyFor(document, own), holidays);
    known.set(own, snapshot);
    return snapshot;
  };
}
