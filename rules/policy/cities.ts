// The policy of one city: the province's rules, with the city's own in their place or beside them.

import type { PolicyDocument } from './document.schema';
import type { Policy } from './policy.schema';

/** The flat policy that the gate asks for a contact of this city. */
export function policyFor(document: PolicyDocument, city: string | undefined): Policy {
  const { cities, effectiveFrom: _, ...province } = document;
  const override =
    city !== undefined && cities && Object.hasOwn(cities, city) ? cities[city] : undefined;
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
