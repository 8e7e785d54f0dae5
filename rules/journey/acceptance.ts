// Which offer an acceptance answers, and what becomes of one that no run takes.

import type { KeptTouch } from '../contact/contact';
import { DAY_MS } from '../time/durations';

/** An acceptance counts so long after its offer; later, a person looks at it. */
const ORDER_WITHIN_DAYS = 30;

/**
 * The offers of its product that an acceptance may answer, the likeliest first: the touch it names, else the newest. A touch of
 * another product is no offer of this one, whoever names it.
 */
export function offersAnswered(
  touches: readonly KeptTouch[],
  product: string,
  touchId: string | undefined,
): readonly KeptTouch[] {
  const ofProduct = touches.filter((touch) => touch.product === product);
  if (touchId !== undefined) return ofProduct.filter((touch) => touch.touchId === touchId);

  const offers = ofProduct.filter(({ state }) => state !== 'released');
  return offers.toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

/** What is known of an acceptance that no running journey has taken. */
export interface Untaken {
  /** ISO. */
  readonly at: string;
  readonly offer: Pick<KeptTouch, 'at'> | undefined;
  /** Of the run that made the offer; absent: nobody knows. */
  readonly outcome?: string;
  /** ISO instants of the customer's orders of the product that were not rejected. */
  readonly orderedAt: readonly string[];
}

/** `order`: the customer was offered it and said yes. Anything else is why a person has to look. */
export function fateOfUntaken({ at, offer, outcome, orderedAt }: Untaken): string {
  if (offer === undefined) return 'never-offered';
  if (Date.parse(at) - Date.parse(offer.at) > ORDER_WITHIN_DAYS * DAY_MS) return 'offer-too-old';

  const isRecent = (then: string) =>
    Math.abs(Date.parse(at) - Date.parse(then)) <= ORDER_WITHIN_DAYS * DAY_MS;
  if (orderedAt.some(isRecent)) return 'ordered-already';

  return outcome !== undefined && CUT_SHORT.has(outcome) ? `run-${outcome}` : 'order';
}

/** Somebody or something ended these runs against their course: whether the offer still stands is not ours to say. */
const CUT_SHORT: ReadonlySet<string> = new Set(['stopped', 'cancelled', 'failed']);
