// What is sold, and the migration map: current plan × consumption features → suggested plan. Versioned data, pure choice.

import type { Profile } from '../contact/contact';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly kind: 'plan' | 'data-pack' | 'broadband' | 'device' | 'rights';
  /** Yuan a month, or once. */
  readonly fee: number;
  /** Off the shelf: never offered. */
  readonly onShelf: boolean;
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
