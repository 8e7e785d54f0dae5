// What a page asks of a catalogue: its items by a word, and what is open in a city, the easiest to recommend first.

import type { Catalogue, Product } from './catalogue';
import type { Material } from './material';
import { isOpenOn, openingIn, type Promotion, type PromotionOpening } from './promotion';
import type { Scene } from './scene';

/** Where and when something is to be offered; absent: anywhere, on any channel. */
export interface OfferPlace {
  readonly city?: string | undefined;
  readonly channel?: string | undefined;
  /** Local date. */
  readonly date: string;
}

export interface OpenPromotion extends Promotion {
  /** The best of the openings that hold there. */
  readonly easyRecommendIndex: number;
}

/** Those open at a place, the highest easy-recommend index first, equal ones by id. */
export function openPromotions(
  { promotions = [] }: Catalogue,
  place: OfferPlace,
): readonly OpenPromotion[] {
  return promotions
    .flatMap((promotion) => {
      const open = openingsAt(promotion, place).map((one) => one.easyRecommendIndex);
      return open.length === 0 ? [] : [{ ...promotion, easyRecommendIndex: Math.max(...open) }];
    })
    .sort((a, b) => b.easyRecommendIndex - a.easyRecommendIndex || (a.id < b.id ? -1 : 1));
}

function openingsAt(
  promotion: Promotion,
  { city, channel, date }: OfferPlace,
): readonly PromotionOpening[] {
  const opening = city === undefined ? promotion.openings : openingIn(promotion, city);
  const openings = opening === null ? [] : [opening].flat();

  return openings.filter(
    (one) =>
      isOpenOn(one, date) &&
      (channel === undefined || one.channels.some((open) => open === channel)),
  );
}

export interface OfferedProduct extends Product {
  /** What is open for it there. */
  readonly promotions: readonly Pick<OpenPromotion, 'id' | 'name' | 'easyRecommendIndex'>[];
}

export interface ProductQuery extends OfferPlace {
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  readonly onShelf?: boolean | undefined;
}

/** With its open promotions, in the order of the catalogue. */
export function findProducts(
  catalogue: Catalogue,
  { q, category, onShelf, ...place }: ProductQuery,
): readonly OfferedProduct[] {
  const open = openPromotions(catalogue, place);

  return catalogue.products
    .filter(
      (product) =>
        (category === undefined || product.category === category) &&
        (onShelf === undefined || product.onShelf === onShelf) &&
        says(q, product.id, product.name, product.category, product.tier, product.advantages),
    )
    .map((product) => ({
      ...product,
      promotions: open
        .filter((promotion) => promotion.product === product.id)
        .map(({ id, name, easyRecommendIndex }) => ({ id, name, easyRecommendIndex })),
    }));
}

/** By a word of their names, hot topics and scripts. */
export const findScenes = ({ scenes = [] }: Catalogue, q: string | undefined): readonly Scene[] =>
  scenes.filter(({ id, name, hotTopics, scripts }) =>
    says(
      q,
      id,
      name,
      hotTopics,
      scripts.map(({ text }) => text),
    ),
  );

export interface MaterialQuery {
  readonly q?: string | undefined;
  readonly kind?: Material['kind'] | undefined;
  readonly tag?: string | undefined;
}

export const findMaterials = (
  { materials = [] }: Catalogue,
  { q, kind, tag }: MaterialQuery,
): readonly Material[] =>
  materials.filter(
    (material) =>
      (kind === undefined || material.kind === kind) &&
      (tag === undefined || (material.tags ?? []).includes(tag)) &&
      says(q, material.id, material.name, material.tags),
  );

/** Whether one of the texts holds a word; without a word, all do. */
export function says(
  word: string | undefined,
  ...texts: readonly (string | readonly string[] | undefined)[]
): boolean {
  if (word === undefined) return true;
  const wanted = word.toLowerCase();

  return texts.flat().some((text) => text?.toLowerCase().includes(wanted));
}
