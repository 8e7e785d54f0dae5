// The policy in force, by city. Published bodies never change, so each is read and prepared once; only heads are read again.

import type { Version } from '../ports/library';
import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';
import { type PolicySnapshot, snapshotsOf } from '../rules/gate/policySnapshot';
import type { PolicyDocument } from '../rules/policy/document.schema';
import { longestWindowHoursAnywhere } from '../rules/policy/longestWindow';
import { inForceAt } from '../rules/policy/versions';
import type { HolidayTable } from '../rules/time/holidays';
import { instantAt } from '../rules/time/instant';

export interface PolicyInForce extends PolicySnapshot {
  readonly ref: string;
  readonly timezone: string;
  /** `id@version` of the holiday table. */
  readonly holidays?: string;
  /** Touches older than this many hours can no longer count. */
  readonly keepHours: number;
}

/** The month before the policy in force is kept too, for a policy that is published with longer windows. */
const MONTH_BEFORE_HOURS = 31 * 24;

/** Of the versions that were in force lately, each with its cities. */
const MAX_PREPARED = 64;

type PolicyStores = Pick<Stores, 'policies' | 'holidays'>;

/** @throws CodedError UNAVAILABLE while no policy is in force: without rules nothing may be sent, and nothing is lost by waiting. */
export function createPoliciesInForce(
  stores: PolicyStores,
): (city: string, at: string) => Promise<PolicyInForce> {
  const prepared = new Map<string, (city: string) => PolicyInForce>();

  return async (city, at) => {
    const [version, holidays] = await Promise.all([
      versionInForce(stores, at),
      stores.holidays.current('cn'),
    ]);

    const key = JSON.stringify([version, holidays?.version]);
    const known = prepared.get(key) ?? prepare(await read(stores, version), holidays);
    if (prepared.size >= MAX_PREPARED) prepared.clear();
    prepared.set(key, known);

    return known(city);
  };
}

async function versionInForce({ policies }: PolicyStores, at: string): Promise<number> {
  const publications = await policies.publications('default');
  const inForce = inForceAt(publications, instantAt(at, 'at'));
  if (inForce) return inForce.version;

  throw new CodedError(
    'UNAVAILABLE',
    publications.length > 0
      ? `no version of policy "default" is in force at ${at}: nothing is sent without rules`
      : 'no policy "default" is published: nothing is sent without rules',
  );
}

async function read({ policies }: PolicyStores, version: number): Promise<Version<PolicyDocument>> {
  const found = await policies.find('default', version);
  if (found) return found;

  const ref = versionRef('default', version);
  throw new CodedError('UNAVAILABLE', `policy ${ref} is in force but cannot be read`);
}

function prepare(
  { version, body }: Version<PolicyDocument>,
  holidays: Version<HolidayTable> | null,
): (city: string) => PolicyInForce {
  const snapshotFor = snapshotsOf(body, holidays?.body.days ?? {});
  const ofAllCities = {
    ref: versionRef('default', version),
    timezone: body.timezone,
    ...(holidays && { holidays: versionRef(holidays.id, holidays.version) }),
    keepHours: longestWindowHoursAnywhere(body) + MONTH_BEFORE_HOURS,
  };

  return (city) => ({ ...snapshotFor(city), ...ofAllCities });
}
