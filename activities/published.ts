// The published versions in force, prepared once per version: published bodies never change, so only heads are read again.

import type { Stores } from '../ports/stores';
import type { Catalogue } from '../rules/catalogue';
import { CodedError } from '../rules/errors';
import { type PreparedPolicy, preparePolicy } from '../rules/gate';
import { versionRef } from '../rules/ids';
import type { Template } from '../rules/template';
import { longestWindowHours } from '../rules/windows';

export interface PolicyInForce {
  readonly ref: string;
  readonly prepared: PreparedPolicy;
  readonly timezone: string;
  /** `id@version` of the holiday table. */
  readonly holidays?: string;
  /** Touches older than this many hours can no longer count. */
  readonly keepHours: number;
}

export interface Published {
  /** @throws CodedError UNAVAILABLE while no policy is published: without rules nothing may be sent, and nothing is lost by waiting. */
  policy(): Promise<PolicyInForce>;
  catalogue(): Promise<{ readonly ref: string; readonly body: Catalogue }>;
  /** @throws CodedError NOT_FOUND naming the reference. */
  template(ref: string): Promise<Template>;
}

/** The month before the policy in force is kept too, for a policy that is published with longer windows. */
const MONTH_BEFORE_HOURS = 31 * 24;
const NO_CATALOGUE = { ref: 'none', body: { products: [], migrations: [] } } as const;

export function createPublished(stores: Pick<Stores, 'policies' | 'templates' | 'catalogues' | 'holidays'>): Published {
  const templates = new Map<string, Template>();
  let inForce: { readonly key: string; readonly value: PolicyInForce } | null = null;

  async function policy(): Promise<PolicyInForce> {
    const [current, holidays] = await Promise.all([stores.policies.current('default'), stores.holidays.current('cn')]);
    if (!current)
      throw new CodedError('UNAVAILABLE', 'no policy "default" is published: nothing is sent without rules');
    const key = `${current.version}/${holidays?.version ?? 0}`;
    if (inForce?.key !== key) {
      const value = {
        ref: versionRef(current.id, current.version),
        prepared: preparePolicy(current.body, holidays?.body.days ?? {}),
        timezone: current.body.timezone,
        ...(holidays && { holidays: versionRef(holidays.id, holidays.version) }),
        keepHours: longestWindowHours(current.body) + MONTH_BEFORE_HOURS,
      };
      inForce = { key, value };
    }
    return inForce.value;
  }

  async function catalogue(): Promise<{ readonly ref: string; readonly body: Catalogue }> {
    const current = await stores.catalogues.current('default');
    return current ? { ref: versionRef(current.id, current.version), body: current.body } : NO_CATALOGUE;
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

  return { policy, catalogue, template };
}
