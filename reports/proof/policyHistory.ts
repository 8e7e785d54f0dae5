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

export interface PolicyHistoryReader {
  /** Makes sure that `policies` can answer for this row. */
  read(row: LedgerRow): Promise<void> | undefined;
  readonly policies: PolicyHistory;
  /** Names of the policies that were asked for. */
  named(): string[];
}

interface ReaderState {
  readonly versions: Versions;
  readonly documents: Map<string, PolicyDocument | null>;
  /** By version and rules of a city. */
  readonly policies: Map<string, Policy>;
  readonly holidays: Map<string, HolidayTable | null>;
}

/** Reads every version once, when a row first names it. */
export function createPolicyHistory(versions: Versions): PolicyHistoryReader {
  const state: ReaderState = {
    versions,
    documents: new Map(),
    policies: new Map(),
    holidays: new Map(),
  };

  return {
    read: (row) =>
      row.kind === 'settlement' || isKnown(state, row) ? undefined : fetchVersions(state, row),
    policies: (policyRef, holidaysRef, city) => rulesOf(state, policyRef, holidaysRef, city),
    named: () => [...state.documents.keys()].sort(),
  };
}

function isKnown({ documents, holidays }: ReaderState, { policy, basis }: DecisionRow): boolean {
  const table = basis?.holidays;
  return documents.has(policy) && (table === undefined || holidays.has(table));
}

async function fetchVersions(
  { versions, documents, holidays }: ReaderState,
  { policy, basis }: DecisionRow,
): Promise<void> {
  if (!documents.has(policy)) documents.set(policy, await found(policy, versions.policy));

  const table = basis?.holidays;
  if (table !== undefined && !holidays.has(table))
    holidays.set(table, await found(table, versions.holidays));
}

function rulesOf(
  state: ReaderState,
  policyRef: string,
  holidaysRef: string | undefined,
  city: string,
): ReturnType<PolicyHistory> {
  const policy = policyOf(state, policyRef, city);
  const table = holidaysRef === undefined ? NO_HOLIDAYS : state.holidays.get(holidaysRef);

  return policy && table ? { policy, holidays: table.days } : undefined;
}

/** Made once per version and city: the proof asks for every row. */
function policyOf(
  { documents, policies }: ReaderState,
  ref: string,
  city: string,
): Policy | undefined {
  const document = documents.get(ref);
  if (!document) return undefined;

  const own = ownRulesOf(document, city);
  const key = JSON.stringify([ref, own]);
  const policy = policies.get(key) ?? policyFor(document, own);
  policies.set(key, policy);

  return policy;
}

const NO_HOLIDAYS: HolidayTable = { days: {}, names: {} };

async function found<T>(
  ref: string,
  find: (id: string, version: number) => Promise<T | null>,
): Promise<T | null> {
  const version = parseVersionRef(ref);
  return version && (await find(version.id, version.version));
}
