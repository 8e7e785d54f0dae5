// Whether the slots of a calendar may go out as they are: all that they refer to is there, on the shelf, open and fit for them.

import { referredId } from '../base/ids';
import { nearestName } from '../base/nearestName';
import type { Promotion } from '../catalogue/promotion';
import { outsiderOf } from './outsider';
import { type CalendarPlan, type CalendarTables, type PlannedSlot, planDatesOf } from './plan';
import { closedChannel, closedPlaces, type PromotionUse } from './promotionFaults';
import {
  type CatalogueNoun,
  catalogueReferences,
  type FoundReference,
  findReference,
  type PlanReferences,
  type SlotReference,
} from './references';
import type { ReferenceFault, SlotFault } from './slotFault';
import { templateFaults } from './templateFaults';

/** The dates for which promotions are judged: local ones, both included. */
export interface JudgedDates {
  readonly tables: CalendarTables;
  readonly from: string;
  readonly to: string;
}

/**
 * With any of these no version is approved. What stands in a pinned version counts for what is said; whether it is on the shelf, or
 * open, is asked of the catalogue in force.
 */
export function slotFaults(
  plan: CalendarPlan,
  references: PlanReferences,
  { tables, from, to }: JudgedDates,
): readonly SlotFault[] {
  const planned = planDatesOf(plan, tables, from, to);

  return planned.flatMap(({ slot, dates }, i) => {
    const use = { cities: plan.cities ?? null, dates: dates.map(({ date }) => date) };
    return [
      ...catalogueReferences(slot, i).flatMap((reference) => [
        ...missing(slot, reference, references),
        ...productFaults(slot, reference, references),
        ...promotionFaults(slot, i, reference, references, use),
      ]),
      ...templateFaults(slot, i, references),
    ];
  });
}

const faultAt = ({ id }: PlannedSlot, { path, ref }: SlotReference, fault: ReferenceFault) => ({
  ...{ path, slot: id, value: ref, fault },
});

function missing(
  slot: PlannedSlot,
  reference: SlotReference,
  references: PlanReferences,
): readonly SlotFault[] {
  const { noun, ref } = reference;
  const fault = missingFault(noun, findReference(noun, ref, references));

  return fault === null ? [] : [faultAt(slot, reference, fault)];
}

function missingFault(noun: CatalogueNoun, found: FoundReference<unknown>): ReferenceFault | null {
  switch (found.kind) {
    case 'unknown':
      return { kind: 'unknown', noun, nearest: nearestName(found.id, found.ids) };
    case 'unknown-version':
      return { kind: 'unknown-version', noun: 'catalogue', version: found.version };
    case 'found':
      return found.current === null ? { kind: 'withdrawn', noun } : null;
  }
}

/** On the shelf, and for everybody of the audience. */
function productFaults(
  slot: PlannedSlot,
  reference: SlotReference,
  references: PlanReferences,
): readonly SlotFault[] {
  const product = currentOf('product', reference, references);
  if (product === null) return [];
  if (!product.onShelf)
    return [faultAt(slot, reference, { kind: 'off-shelf', name: product.name })];

  const { segments = [] } = product;
  const example = outsiderOf(slot.audience, segments);
  return example === null
    ? []
    : [faultAt(slot, reference, { kind: 'not-eligible', segments, example })];
}

function promotionFaults(
  slot: PlannedSlot,
  i: number,
  reference: SlotReference,
  references: PlanReferences,
  use: PromotionUse,
): readonly SlotFault[] {
  const promotion = currentOf('promotion', reference, references);
  if (promotion === null) return [];

  const own = [
    ...anotherProduct(slot, promotion),
    ...closedPlaces(promotion, use),
    ...closedChannel(promotion, slot.touch.channel, use.cities),
  ].map((fault) => faultAt(slot, reference, fault));

  const ofFallbacks = (slot.delivery?.fallback ?? []).flatMap((channel, j) =>
    closedChannel(promotion, channel, use.cities).map((fault) => ({
      ...{ path: `slots[${i}].delivery.fallback[${j}]`, slot: slot.id, value: channel, fault },
    })),
  );

  return [...own, ...ofFallbacks];
}

function anotherProduct({ touch }: PlannedSlot, { product }: Promotion): readonly ReferenceFault[] {
  if (touch.product === undefined) return [];

  return referredId(touch.product) === product ? [] : [{ kind: 'promotes-another', product }];
}

/** As the catalogue in force has it; null: the slot does not refer to one, or it is missing. */
function currentOf<Noun extends CatalogueNoun>(
  noun: Noun,
  reference: SlotReference,
  references: PlanReferences,
) {
  if (reference.noun !== noun) return null;
  const found = findReference(noun, reference.ref, references);
  return found.kind === 'found' ? found.current : null;
}
