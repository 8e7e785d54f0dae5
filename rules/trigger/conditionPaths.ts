// Which fields a condition asks.

import { type Condition, isGroup } from './condition';

/** The dotted paths of a condition in the order in which they stand, repeats included. */
export function pathsOfCondition(condition: Condition): readonly string[] {
  return Object.entries(condition).flatMap(([key, test]) =>
    isGroup(key) ? (test as readonly Condition[]).flatMap(pathsOfCondition) : key,
  );
}
