// What is sold and how: products, the migration map (current plan × consumption features → suggested plan), promotions, scenes, materials.

import type { Profile } from '../contact/contact';
import type { Material } from './material';
import type { Promotion } from './promotion';
import type { Scene } from './scene';
import type { Segment } from './segment';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly kind: 'plan' | 'data-pack' | 'broadband' | 'device' | 'rights';
  /** Yuan a month, or once. */
  readonly fee: number;
  /** Off the shelf: never offered. */
  readonly onShelf: boolean;
  /** One of the main categories of the product overview, such as 流量王. */
  readonly category?: string;
  /** Price tier, such as 58-88. */
  readonly tier?: string;
  /** For whom it is: a contact fits by one of them. Absent: for everybody. */
  readonly segments?: readonly Segment[];
  /** What speaks for it, in the words of staff. */
  readonly advantages?: readonly string[];
}

/** Features that a migration asks of a contact; each optional, all must hold. Bounds are inclusive. */
export interface MigrationFeatures {
  readonly minDataUsedPct?: number;
  readonly minOverDataMonths?: number;
  readonly minMonthlySpendFen?: number;
  readonly maxMonthlySpendFen?: number;
  readonly brand?: string;
}

export interface Migration {
  readonly id: string;
  readonly from: string;
  readonly when: MigrationFeatures;
  readonly to: string;
  /** Higher is asked first; equal: by id. */
  readonly priority: number;
}

export interface Catalogue {
  readonly products: readonly Product[];
  readonly migrations: readonly Migration[];
  /** Absent as the next ones are in catalogues of before: none. */
  readonly promotions?: readonly Promotion[];
  readonly scenes?: readonly Scene[];
  readonly materials?: readonly Material[];
}

/** The migration that suits a contact best, or null: nothing on the shelf is better than what it has. */
export function suggest(catalogue: Catalogue, contact: Profile): Migration | null {
  const onShelf = new Set(
    catalogue.products.filter((product) => product.onShelf).map((product) => product.id),
  );

  const suiting = catalogue.migrations.filter(
    (migration) =>
      migration.from === contact.plan?.id &&
      onShelf.has(migration.to) &&
      holds(migration.when, contact),
  );

  return suiting.sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1))[0] ?? null;
}

function holds(when: MigrationFeatures, contact: Profile): boolean {
  const { dataUsedPct = 0, overDataMonths = 0, monthlySpendFen = 0 } = contact.facts ?? {};
  return (
    dataUsedPct >= (when.minDataUsedPct ?? 0) &&
    overDataMonths >= (when.minOverDataMonths ?? 0) &&
    monthlySpendFen >= (when.minMonthlySpendFen ?? 0) &&
    monthlySpendFen <= (when.maxMonthlySpendFen ?? Number.POSITIVE_INFINITY) &&
    (when.brand === undefined || when.brand === contact.brand)
  );
}
