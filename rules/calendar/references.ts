// What the slots of a calendar refer to: the catalogue and the texts in force, and the versions that a reference pins.

import { parseVersionRef } from '../base/ids';
import type { Catalogue } from '../catalogue/catalogue';
import type { Template } from '../catalogue/texts';
import type { CalendarPlan, PlannedSlot } from './plan';

/** Published, and not withdrawn. */
export interface PlanReferences {
  /** In force; null: none is. */
  readonly catalogue: Catalogue | null;
  /** The catalogues whose version a reference pins, by version. */
  readonly pinnedCatalogues: ReadonlyMap<number, Catalogue>;
  /** By the reference as it is written: `t-58@3`, or `t-58` for the one in force. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Ids of all templates. */
  readonly templateIds: readonly string[];
}

export type CatalogueNoun = 'product' | 'promotion' | 'scene' | 'material';

const LISTS = {
  product: 'products',
  promotion: 'promotions',
  scene: 'scenes',
  material: 'materials',
} as const satisfies Readonly<Record<CatalogueNoun, keyof Catalogue>>;

type ItemOf<Noun extends CatalogueNoun> = NonNullable<Catalogue[(typeof LISTS)[Noun]]>[number];

/** One reference of a slot to the catalogue. */
export interface SlotReference {
  readonly noun: CatalogueNoun;
  /** Dotted, lists by index. */
  readonly path: string;
  readonly ref: string;
}

/** @param i place of the slot in its calendar */
export function catalogueReferences(
  { touch, delivery = {} }: PlannedSlot,
  i: number,
): readonly SlotReference[] {
  const at = `slots[${i}]`;
  const found: readonly (Omit<SlotReference, 'ref'> & { readonly ref: string | undefined })[] = [
    { noun: 'product', path: `${at}.touch.product`, ref: touch.product },
    { noun: 'promotion', path: `${at}.delivery.promotion`, ref: delivery.promotion },
    { noun: 'scene', path: `${at}.delivery.scene`, ref: delivery.scene },
    ...(delivery.materials ?? []).map((ref, j) => ({
      ...{ noun: 'material' as const, path: `${at}.delivery.materials[${j}]`, ref },
    })),
  ];

  return found.flatMap(({ ref, ...rest }) => (ref === undefined ? [] : [{ ...rest, ref }]));
}

/** What has to be read before the references of a calendar can be judged. */
export function wantedReferences({ slots }: CalendarPlan): {
  readonly catalogueVersions: readonly number[];
  readonly templates: readonly string[];
} {
  const versions = slots
    .flatMap(catalogueReferences)
    .flatMap(({ ref }) => parseVersionRef(ref)?.version ?? []);
  const templates = slots.flatMap(({ touch }) => touch.template ?? []);

  return { catalogueVersions: [...new Set(versions)], templates: [...new Set(templates)] };
}

/** What a reference means: `p-58` in the catalogue in force, `p-58@3` in version 3 of the catalogue. */
export type FoundReference<Item> =
  | {
      readonly kind: 'found';
      readonly item: Item;
      /** The same in the catalogue in force; null: it has none of that id any more. */
      readonly current: Item | null;
    }
  | { readonly kind: 'unknown'; readonly id: string; readonly ids: readonly string[] }
  | { readonly kind: 'unknown-version'; readonly version: number };

export function findReference<Noun extends CatalogueNoun>(
  noun: Noun,
  ref: string,
  { catalogue, pinnedCatalogues }: PlanReferences,
): FoundReference<ItemOf<Noun>> {
  const pinned = parseVersionRef(ref);
  const { id } = pinned ?? { id: ref };
  const of = pinned === null ? catalogue : (pinnedCatalogues.get(pinned.version) ?? null);
  if (of === null && pinned !== null) return { kind: 'unknown-version', version: pinned.version };

  const item = itemOf(noun, id, of);
  if (item === null) return { kind: 'unknown', id, ids: itemsOf(noun, of).map((one) => one.id) };

  return { kind: 'found', item, current: itemOf(noun, id, catalogue) };
}

const itemsOf = <Noun extends CatalogueNoun>(
  noun: Noun,
  catalogue: Catalogue | null,
): readonly ItemOf<Noun>[] =>
  // The list of a noun holds items of that noun.
  (catalogue?.[LISTS[noun]] ?? []) as readonly ItemOf<Noun>[];

const itemOf = <Noun extends CatalogueNoun>(
  noun: Noun,
  id: string,
  catalogue: Catalogue | null,
): ItemOf<Noun> | null => itemsOf(noun, catalogue).find((item) => item.id === id) ?? null;
