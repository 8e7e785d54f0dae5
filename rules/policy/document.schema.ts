// A policy as it is published: the province's rules, stricter ones by city, and the instant from which it is in force.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { instant, type ReadonlyDeep, strict, text } from '../input/shape.schema';
import { cityOverride } from './cityOverride.schema';
import { looserThan } from './looserThan';
import { policySchema } from './policy.schema';

/** The outer shape alone: whether a city's rules are stricter is not part of it. */
export const policyDocumentSchema = strict({
  ...policySchema.shape,
  cities: z.record(text, cityOverride).optional(),
  effectiveFrom: instant.optional(),
});

const policyDocument = policyDocumentSchema.superRefine(
  ({ cities, effectiveFrom: _, ...province }, context) => {
    for (const [city, override] of Object.entries(cities ?? {}))
      for (const { path, allowed } of looserThan(province, override))
        context.addIssue({ code: 'custom', path: ['cities', city, ...path], message: allowed });
  },
);

/** A policy with what only its publication knows. The gate asks the flat policy of a city (`policyFor`). */
export type PolicyDocument = ReadonlyDeep<z.infer<typeof policyDocument>>;

/**
 * Reads a policy document; anything malformed, and a city's rule that is looser than the province's, is an error naming
 * the place, the value and the bound.
 */
export function parsePolicyDocument(value: unknown, path = 'policy'): PolicyDocument {
  return parseWith(policyDocument, value, path);
}
