// The demo province as one: the same seed gives the same people, catalogue and texts.

import type { Catalogue } from '../../rules/catalogue/catalogue';
import type { Template } from '../../rules/catalogue/texts';
import type { Profile } from '../../rules/contact/contact';
import { createRandom } from '../random';
import { demoCatalogue } from './catalogue';
import { type DemoStaff, demoCustomers, demoStaff } from './customers';
import { TEMPLATES } from './templates';

export interface Province {
  /** Rows for `PUT /api/v1/contacts:batch`. */
  readonly customers: readonly Profile[];
  readonly staff: readonly DemoStaff[];
  readonly catalogue: Catalogue;
  readonly templates: Readonly<Record<string, Template>>;
}

export function createProvince(seed: number): Province {
  const staff = demoStaff(createRandom(seed, 'staff'));
  return {
    customers: demoCustomers(seed, staff),
    staff,
    catalogue: demoCatalogue(),
    templates: TEMPLATES,
  };
}
