// Personal features of marketing (PIPL Art. 24): what a touch may not rest on when the customer turned personalisation off.

import type { Contact, TouchClass } from '../contact/contact';
import type { Condition } from '../trigger/condition';
import { pathsOfCondition } from '../trigger/conditionPaths';

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

/** Fields of a contact that say where it is and how it can be reached, and nothing of the person. */
const OF_NOBODY: ReadonlySet<string> = new Set([
  ...['contactId', 'city', 'timezone'],
  ...['channels', 'consents', 'relations', 'staffId'],
]);

/** What a condition may ask of the run itself. */
const OF_THE_RUN = 'run';

/** The personal feature by which a condition picks contacts, the first one that it names; undefined: none. */
export function pickedBy(condition: Condition | undefined): string | undefined {
  const features = pathsOfCondition(condition ?? {}).map(featureOf);
  return features.find((name) => !OF_NOBODY.has(name) && name !== OF_THE_RUN);
}

/** `facts.dataUsedPct` is known by its own name, `plan.fee` by the plan's. */
function featureOf(path: string): string {
  const [field = '', fact] = path.split('.');
  return field === 'facts' && fact !== undefined ? fact : field;
}

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
