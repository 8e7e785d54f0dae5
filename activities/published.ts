// The published versions that touches are made with.

import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';
import { parseVersionRef, versionRef } from '../rules/base/ids';
import type { Catalogue } from '../rules/catalogue/catalogue';
import type { Template } from '../rules/catalogue/texts';
import { createPoliciesInForce, type PolicyInForce } from './policyInForce';

export interface PublishedVersions {
  /**
   * The rules for contacts of a city at an instant (ISO).
   * @throws CodedError UNAVAILABLE while no policy is in force
   */
  policyFor(city: string, at: string): Promise<PolicyInForce>;
  catalogue(): Promise<{ readonly ref: string; readonly body: Catalogue }>;
  /**
   * The version that a touch pinned to this one is made with now: asked of the store each time, for others withdraw. Null: it was
   * withdrawn, and who waits with it ends.
   */
  textInForce(ref: string): Promise<string | null>;
  /** @throws CodedError NOT_FOUND naming the reference. */
  template(ref: string): Promise<Template>;
}

type PublishedStores = Pick<Stores, 'policies' | 'templates' | 'catalogues' | 'holidays'>;

const NO_CATALOGUE = { ref: 'none', body: { products: [], migrations: [] } } as const;

export function createPublished(stores: PublishedStores): PublishedVersions {
  const templates = new Map<string, Template>();

  return {
    policyFor: createPoliciesInForce(stores),

    async catalogue() {
      const current = await stores.catalogues.current('default');
      if (!current) return NO_CATALOGUE;
      return { ref: versionRef(current.id, current.version), body: current.body };
    },

    textInForce: (ref) => textInForce(stores, ref),

    async template(ref) {
      const template = templates.get(ref) ?? (await readTemplate(stores, ref));
      templates.set(ref, template);
      return template;
    },
  };
}

/** One that does not exist ends the touch by name, later. */
async function textInForce({ templates }: PublishedStores, ref: string): Promise<string | null> {
  const version = parseVersionRef(ref);
  const found = version && (await templates.find(version.id, version.version));
  if (!found?.withdrawn) return ref;
  if (found.withdrawn.use === 'end') return null;

  const current = await templates.current(found.id);
  return current && versionRef(current.id, current.version);
}

async function readTemplate({ templates }: PublishedStores, ref: string): Promise<Template> {
  const version = parseVersionRef(ref);
  const found = version && (await templates.find(version.id, version.version));
  if (found) return found.body;

  throw new CodedError('NOT_FOUND', `template ${ref} does not exist`, [
    { path: 'template', message: 'unknown', value: ref },
  ]);
}
