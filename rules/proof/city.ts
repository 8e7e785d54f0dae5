// A city's own rules as the proof understands them; it shares no code with what makes the gate's policy of a city.

import type { PolicyDocument } from '../policyDocument.schema';

type Rule = { readonly id: string };

/** The province's policy with the rules of a city: one under a known id stands in its place, every other is one more. */
export function rulesIn(policy: PolicyDocument, city: string): PolicyDocument {
  const own = Object.entries(policy.cities ?? {}).find(([name]) => name === city)?.[1];
  if (!own) return policy;
  return {
    ...policy,
    consent: [...(policy.consent ?? []), ...(own.consent ?? [])],
    quietHours: overlaid(policy.quietHours, own.quietHours),
    gaps: overlaid(policy.gaps, own.gaps),
    caps: overlaid(policy.caps, own.caps),
  };
}

function overlaid<R extends Rule>(province: readonly R[] = [], city: readonly R[] = []): R[] {
  const rules = new Map(province.map((rule) => [rule.id, rule]));
  for (const rule of city) rules.set(rule.id, rule);
  return [...rules.values()];
}
