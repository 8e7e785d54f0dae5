// The versions of policies and holidays that a ledger names, read before the proof asks for them.

import { parseVersionRef } from '../../rules/base/ids';
import type { PolicyHistory } from '../../rules/ledger/proof/contact';
import type { DecisionRow, LedgerRow } from '../../rules/ledger/rows';
import { ownRulesOf, policyFor } from '../../rules/policy/cities';
import type { PolicyDocument } from '../../rules/policy/document.schema';
import type { Policy } from '../../rules/policy/policy.schema';
import type { HolidayTable } from '../../rules/time/holidays';

/** Where versions are found; null: nobody ever published it. */
export interface Versions {
  policy(id: string, version: number): Promise<PolicyDocument | null>;
  holidays(id: string, version: number): Promise<HolidayTable | null>;
}

/** Reads every version once, when a row first names it. */
export function createPolicyHistory(versions: Versions): {
  /** Makes sure that `policies` can answer for this row. */
  read(row: LedgerRow): Promise<void> | undefined;
  readonly policies: PolicyHistory;
  /** Names of the policies that were asked for. */
  named(): string[];
} {
  const policies = new Map<string, PolicyDocument | null>();
  const flat = new Map<string, Policy>();
  const holidays = new Map<string, HolidayTable | null>();

  async function fetch({ policy, basis }: DecisionRow): Promise<void> {
    if (!policies.has(policy)) policies.set(policy, await found(policy, versions.policy));
    const table = basis?.holidays;
    if (table !== undefined && !holidays.has(table))
      holidays.set(table, await found(table, versions.holidays));
  }

  /** Made once per version and city: the proof asks for every row. */
  function policyOf(ref: string, city: string): Policy | undefined {
    const document = policies.get(ref);
    if (!document) return undefined;
    const own = ownRulesOf(document, city);
    const key = JSON.stringify([ref, own]);
    const policy = flat.get(key) ?? policyFor(document, own);
    flat.set(key, policy);
    return policy;
  }

  return {
    read(row) {
      if (row.kind === 'settlement') return undefined;
      const table = row.basis?.holidays;
      const known = policies.has(row.policy) && (table === undefined || holidays.has(table));
      return known ? undefined : fetch(row);
    },
    policies(policyRef, holidaysRef, city) {
      const policy = policyOf(policyRef, city);
      const table = holidaysRef === undefined ? NO_HOLIDAYS : holidays.get(holidaysRef);
      return policy && table ? { policy, holidays: table.days } : undefined;
    },
    named: () => [...policies.keys()].sort(),
  };
}

const NO_HOLIDAYS: HolidayTable = { days: {}, names: {} };

async function found<T>(
  ref: string,
  find: (id: string, version: number) => Promise<T | null>,
): Promise<T | null> {
  const version = parseVersionRef(ref);
  return version && (await find(version.id, version.version));
}
