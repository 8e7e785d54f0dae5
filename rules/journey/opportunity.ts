// The built-in real-time opportunity: a customer whose data bundle ran over (超套) or nearly so (高饱和).

import type { Catalogue, Product } from '../catalogue/catalogue';
import { MINUTE_MS } from '../time/durations';
import { formatInstant, instantAt } from '../time/instant';

export const OVERAGE_TRIGGER = 'builtin-overage';
/** A second offer is never made inside these hours. */
export const OVERAGE_COOLDOWN_HOURS = 72;

/** Percent of the bundle used. */
const RAN_OVER = 100;
const NEARLY = 90;
/** An offer is worth something while the customer is still using data. */
const WORTH_MS = 120 * MINUTE_MS;

export interface Usage {
  readonly dataUsedPct: number;
  /** ISO. */
  readonly occurredAt: string;
}

export interface Opportunity {
  readonly kind: '超套' | '高饱和';
  readonly product: string;
  /** ISO: worth nothing from here on. */
  readonly expiresAt: string;
}

/** Why usage gives no opportunity; `no-product`: the catalogue has no data pack on its shelf. */
export type NoOpportunity = 'below-threshold' | 'stale' | 'no-product';

/** What the usage of a customer is an occasion for at the instant `now` (milliseconds). */
export function usageOpportunity(
  usage: Usage,
  now: number,
  catalogue: Catalogue,
): Opportunity | NoOpportunity {
  if (usage.dataUsedPct < NEARLY) return 'below-threshold';

  const expiresAt = instantAt(usage.occurredAt, 'occurredAt') + WORTH_MS;
  if (now >= expiresAt) return 'stale';

  const product = cheapestDataPack(catalogue);
  if (product === undefined) return 'no-product';

  return {
    kind: usage.dataUsedPct >= RAN_OVER ? '超套' : '高饱和',
    product: product.id,
    expiresAt: formatInstant(expiresAt),
  };
}

function cheapestDataPack(catalogue: Catalogue): Product | undefined {
  return catalogue.products
    .filter((product) => product.kind === 'data-pack' && product.onShelf)
    .sort((a, b) => a.fee - b.fee || (a.id < b.id ? -1 : 1))[0];
}
