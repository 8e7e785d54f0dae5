// The published versions in force, prepared once per version and city: published bodies never change, so only heads are read again.

import type { Version } from '../ports/library';
import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';
import type { Catalogue } from '../rules/catalogue/catalogue';
import type { Template } from '../rules/catalogue/template';
import { type PreparedPolicy, preparePolicy } from '../rules/gate/gate';
import { policyFor } from '../rules/policy/cities';
import type { PolicyDocument } from '../rules/policy/document.schema';
import { longestWindowHours } from '../rules/policy/longestWindow';
import { inForceAt } from '../rules/policy/versions';
import type { HolidayTable } from '../rules/time/holidays';
import { instantAt } from '../rules/time/instant';

export interface PolicyInForce {
  readonly ref: string;
  readonly prepared: PreparedPolicy;
  readonly timezone: string;
  /** `id@version` of the holiday table. */
  readonly holidays?: string;
  /** Touches older than this many hours can no longer count. */
  readonly keepHours: number;
}

export interface PublishedVersions {
  /**
   * The rules for contacts of a city at an instant (ISO).
   * @throws CodedError UNAVAILABLE while no policy is in force: without rules nothing may be sent, and nothing is lost by waiting.
   */
  policyFor(city: string, at: string): Promise<PolicyInForce>;
  catalogue(): Promise<{ readonly ref: string; readonly body: Catalogue }>;
  /** @throws CodedError NOT_FOUND naming the reference. */
  template(ref: string): Promise<Template>;
}

/** The month before the policy in force is kept too, for a policy that is published with longer windows. */
const MONTH_BEFORE_HOURS = 31 * 24;
const NO_CATALOGUE = { ref: 'none', body: { products: [], migrations: [] } } as const;

/** Of the versions that were in force lately, each with its cities. */
const MAX_PREPARED = 256;

export function createPublished(
  stores: Pick<Stores, 'policies' | 'templates' | 'catalogues' | 'holidays'>,
): PublishedVersions {
  const templates = new Map<string, Template>();
  const documents = new Map<number, PolicyDocument>();
  const prepared = new Map<string, PolicyInForce>();

  async function policyInForce(city: string, at: string): Promise<PolicyInForce> {
    const [publications, holidays] = await Promise.all([
      stores.policies.publications('default'),
      stores.holidays.current('cn'),
    ]);
    const version = inForceAt(publications, instantAt(at, 'at'))?.version;
    if (version === undefined)
      throw new CodedError('UNAVAILABLE', noPolicy(publications.length > 0, at));
    const document = await documentOf(version);
    // Cities without rules of their own share the province's.
    const own = document.cities && Object.hasOwn(document.cities, city) ? city : undefined;
    const key = JSON.stringify([version, holidays?.version, own]);
    const known = prepared.get(key);
    if (known) return known;
    const value = prepare(document, own, version, holidays);
    if (prepared.size >= MAX_PREPARED) prepared.clear();
    prepared.set(key, value);
    return value;
  }

  async function documentOf(version: number): Promise<PolicyDocument> {
    const known = documents.get(version);
    if (known) return known;
    const found = await stores.policies.find('default', version);
    if (!found)
      throw new CodedError(
        'UNAVAILABLE',
        `policy default@${version} is in force but cannot be read`,
      );
    documents.set(version, found.body);
    return found.body;
  }

  async function catalogue(): Promise<{ readonly ref: string; readonly body: Catalogue }> {
    const current = await stores.catalogues.current('default');
    return current
      ? { ref: versionRef(current.id, current.version), body: current.body }
      : NO_CATALOGUE;
  }

  async function template(ref: string): Promise<Template> {
    const known = templates.get(ref);
    if (known) return known;
    const at = ref.lastIndexOf('@');
    const found = await stores.templates.find(ref.slice(0, at), Number(ref.slice(at + 1)));
    if (!found)
      throw new CodedError('NOT_FOUND', `template ${ref} does not exist`, [
        { path: 'template', message: 'unknown', value: ref },
      ]);
    templates.set(ref, found.body);
    return found.body;
  }

  return { policyFor: policyInForce, catalogue, template };
}

const noPolicy = (scheduled: boolean, at: string): string =>
  scheduled
    ? `no version of policy "default" is in force at ${at}: nothing is sent without rules`
    : 'no policy "default" is published: nothing is sent without rules';

function prepare(
  document: PolicyDocument,
  city: string | undefined,
  version: number,
  holidays: Version<HolidayTable> | null,
): PolicyInForce {
  const policy = policyFor(document, city);
  // Of all cities: a contact may move to one that looks further back.
  const everywhere = [undefined, ...Object.keys(document.cities ?? {})].map((each) =>
    policyFor(document, each),
  );
  return {
    ref: versionRef('default', version),
    prepared: preparePolicy(policy, holidays?.body.days ?? {}),
    timezone: policy.timezone,
    ...(holidays && { holidays: versionRef(holidays.id, holidays.version) }),
    keepHours: Math.max(...everywhere.map(longestWindowHours)) + MONTH_BEFORE_HOURS,
  };
}
