// Whether a promotion is open for what a slot does with it: in every city of its calendar, on its channels, on its dates.

import { isOpenOn, openingIn, type Promotion, type PromotionOpening } from '../catalogue/promotion';
import type { FaultCities, ReferenceFault } from './slotFault';

export interface PromotionUse {
  /** Of the calendar; null: all. */
  readonly cities: readonly string[] | null;
  /** Local dates on which anybody can be due. */
  readonly dates: readonly string[];
}

type CityFault = Extract<ReferenceFault, { readonly cities: FaultCities }>;

/** Where it is not open at all, or not on the dates. */
export function closedPlaces(promotion: Promotion, use: PromotionUse): readonly CityFault[] {
  return merged(
    placesOf(promotion, use.cities).flatMap(({ city, opening }): readonly CityFault[] => {
      if (opening === null) {
        const open = promotion.openings.map((one) => one.city ?? null);
        return [{ kind: 'closed-city', cities: [city], open }];
      }

      const date = use.dates.find((one) => !isOpenOn(opening, one));
      if (date === undefined) return [];
      return [{ kind: 'closed-date', cities: [city], date, from: opening.from, to: opening.to }];
    }),
  );
}

/** Where it is open, and not for a channel. */
export function closedChannel(
  promotion: Promotion,
  channel: string,
  cities: PromotionUse['cities'],
): readonly CityFault[] {
  return merged(
    placesOf(promotion, cities).flatMap(({ city, opening }) => {
      if (opening === null || opening.channels.some((open) => open === channel)) return [];
      return [{ kind: 'closed-channel', cities: [city], channel, open: opening.channels } as const];
    }),
  );
}

interface Place {
  readonly city: string | null;
  readonly opening: PromotionOpening | null;
}

/** A calendar of all cities comes to those with an opening of their own, and to all others. */
function placesOf(promotion: Promotion, cities: PromotionUse['cities']): readonly Place[] {
  if (cities !== null) return cities.map((city) => ({ city, opening: openingIn(promotion, city) }));

  const others = promotion.openings.find(({ city }) => city === undefined) ?? null;
  const named = promotion.openings.filter(({ city }) => city !== undefined);
  return [
    ...named.map((opening) => ({ city: opening.city ?? null, opening })),
    { city: null, opening: others },
  ];
}

/** One fault for all the cities that have the same. */
function merged(faults: readonly CityFault[]): readonly CityFault[] {
  const byWhat = new Map<string, CityFault>();

  for (const fault of faults) {
    const what = JSON.stringify({ ...fault, cities: [] });
    const cities = [...(byWhat.get(what)?.cities ?? []), ...fault.cities];
    byWhat.set(what, { ...fault, cities });
  }

  return [...byWhat.values()];
}
