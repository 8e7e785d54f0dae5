// Promotions: an offer that each city opens to some channels for some time, and how easily staff there recommend it.

import type { ChannelName } from '../contact/contact';

/** How a promotion stands in one city. */
export interface PromotionOpening {
  /** Absent: in every city that has no opening of its own. */
  readonly city?: string;
  /** On which it may be offered. An offer that staff may not handle by hand lacks `call`. */
  readonly channels: readonly ChannelName[];
  /** Local dates, both included; absent: without that end. */
  readonly from?: string;
  readonly to?: string;
  /** 易推荐指数, 0 to 100: the higher, the more easily it is recommended. */
  readonly easyRecommendIndex: number;
}

export interface Promotion {
  readonly id: string;
  readonly name: string;
  /** The product that it sells. */
  readonly product: string;
  readonly description?: string;
  readonly openings: readonly PromotionOpening[];
}

/** The opening that holds in a city, null: it is not open there. */
export const openingIn = ({ openings }: Promotion, city: string): PromotionOpening | null =>
  openings.find((opening) => opening.city === city) ??
  openings.find((opening) => opening.city === undefined) ??
  null;

/** Dates are local ones: they compare as texts. */
export const isOpenOn = ({ from, to }: PromotionOpening, date: string): boolean =>
  (from === undefined || from <= date) && (to === undefined || date <= to);
