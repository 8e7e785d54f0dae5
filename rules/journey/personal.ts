// Personal features of marketing (PIPL Art. 24): what a touch may not rest on when the customer turned personalisation off.

import type { Contact, TouchClass } from '../contact/contact';

/** Variables that would read the same for every customer of a city. Any other, known or not, is taken for a personal one. */
const IMPERSONAL: ReadonlySet<string> = new Set(['city', 'productName', 'productFee']);

/**
 * True when a touch must be looked at for personal features. Art. 24 is about pushing and marketing by automated decision:
 * a service message about the customer's own bill performs the contract and stays as it is.
 */
export const refusesPersonal = (
  contact: Pick<Contact, 'personalisation'>,
  touchClass: TouchClass,
): boolean => contact.personalisation === false && touchClass === 'marketing';

/** The first personal feature of the audience or of the variables that a text reads; null: the touch would be the same for anybody. */
export function personalFeature({
  audienceBy,
  variables,
}: {
  /** The feature by which the audience was picked. */
  readonly audienceBy: string | undefined;
  readonly variables: readonly string[];
}): string | null {
  return audienceBy ?? variables.find((name) => !IMPERSONAL.has(name)) ?? null;
}
