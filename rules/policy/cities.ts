// The policy of one city: the province's rules, with the city's own in their place or beside them.

import type { PolicyDocument } from './document.schema';
import type { Policy } from './policy.schema';

/** The flat policy that the gate asks for a contact of this city. */
export function policyFor(document: PolicyDocument, city: string | undefined): Policy {
  const { cities, effectiveFrom: _, ...province } = document;
  const own = ownRulesOf(document, city);
  const override = own === undefined ? undefined : cities?.[own];
  if (override === undefined) return province;

  const maxDeferHours = override.maxDeferHours ?? province.maxDeferHours;

  return {
    ...province,
    ...(maxDeferHours !== undefined && { maxDeferHours }),
    consent: [...(province.consent ?? []), ...(override.consent ?? [])],
    quietHours: merged(province.quietHours, override.quietHours),
    gaps: merged(province.gaps, override.gaps),
    caps: merged(province.caps, override.caps),
  };
}

/** The city when the document has rules of its own for it; undefined: it shares the province's. */
export const ownRulesOf = (
  { cities }: PolicyDocument,
  city: string | undefined,
): string | undefined =>
  city !== undefined && cities && Object.hasOwn(cities, city) ? city : undefined;

/** The flat policies of the province and of every city with rules of its own. */
export const everyPolicyOf = (document: PolicyDocument): readonly Policy[] =>
  [undefined, ...Object.keys(document.cities ?? {})].map((city) => policyFor(document, city));

/** A city's rules put in the place of the province's under the same id, the others behind them. */
function merged<Rule extends { readonly id: string }>(
  province: readonly Rule[] | undefined,
  city: readonly Rule[] | undefined,
): readonly Rule[] | undefined {
  if (city === undefined) return province;

  const ids = new Set((province ?? []).map(({ id }) => id));
  const tightened = (province ?? []).map((rule) => city.find(({ id }) => id === rule.id) ?? rule);

  return [...tightened, ...city.filter(({ id }) => !ids.has(id))];
}

/** Whether any window, of the province or of a city, goes by work days or days of rest. */
export const tellsKindsOfDays = (document: PolicyDocument): boolean =>
  [document, ...Object.values(document.cities ?? {})].some(({ quietHours = [] }) =>
    quietHours.some(({ dayKinds }) => dayKinds !== undefined),
  );
