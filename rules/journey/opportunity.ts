// The built-in real-time opportunity: a customer whose data bundle ran over (超套) or nearly so (高饱和).

import type { Catalogue, Product } from '../catalogue/catalogue';
import type { Contact } from '../contact/contact';
import type { StaleReason } from '../contact/staleStart';
import { MINUTE_MS } from '../time/durations';
import { formatInstant, instantAt } from '../time/instant';
import { isOfEarlierCycle } from './staleness';

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
export type NoOpportunity =
  | { readonly kind: 'none'; readonly why: 'below-threshold' | 'no-product' }
  | { readonly kind: 'stale'; readonly why: StaleReason };

/**
 * What the usage of a customer is an occasion for at the instant `now` (milliseconds).
 * @param known as after it was told of: usage that has fallen since is no occasion
 */
export function usageOpportunity(
  usage: Usage,
  known: Pick<Contact, 'facts' | 'billDay'>,
  { now, zone }: { readonly now: number; readonly zone: string },
  catalogue: Catalogue,
): Opportunity | NoOpportunity {
  const { dataUsedPct, occurredAt } = usage;
  if (dataUsedPct < NEARLY) return { kind: 'none', why: 'below-threshold' };

  const expiresAt = instantAt(occurredAt, 'occurredAt') + WORTH_MS;
  if ((known.facts?.dataUsedPct ?? 0) < NEARLY) return { kind: 'stale', why: 'superseded' };
  if (isOfEarlierCycle(known, occurredAt, now, zone)) return { kind: 'stale', why: 'cycle-over' };
  if (now >= expiresAt) return { kind: 'stale', why: 'too-late' };

  const product = cheapestDataPack(catalogue);
  if (product === undefined) return { kind: 'none', why: 'no-product' };

  return {
    kind: dataUsedPct >= RAN_OVER ? '超套' : '高饱和',
    product: product.id,
    expiresAt: formatInstant(expiresAt),
  };
}

function cheapestDataPack(catalogue: Catalogue): Product | undefined {
  return catalogue.products
    .filter((product) => product.kind === 'data-pack' && product.onShelf)
    .sort((a, b) => a.fee - b.fee || (a.id < b.id ? -1 : 1))[0];
}
