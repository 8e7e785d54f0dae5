// The shape of a condition, for the schemas of all that carry one.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { strict } from '../input/shape.schema';
import { conditionFaults } from './checkCondition';
import type { Condition } from './condition';

/** A condition without faults. Its `null`s are values: whoever reads one keeps them (`parseWith`, `verbatim`). */
export const condition = z.unknown().transform((value, context): Condition => {
  for (const { path, allowed } of conditionFaults(value))
    context.addIssue({ code: 'custom', path: [...path], message: allowed, input: value });

  return value as Condition;
});

const matchCase = strict({
  condition,
  value: z.record(z.string(), z.unknown()),
  name: z.unknown().optional(),
  expect: z.unknown().optional(),
});

export interface MatchCase {
  readonly condition: Condition;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Reads one case of `sopflow match`; a malformed one is an error naming the place, the value and what is allowed. */
export function parseMatchCase(value: unknown): MatchCase {
  return parseWith(matchCase, value, '', ['condition', 'value']);
}
