// How values compare: within a kind only, numbers by size, texts by code unit, lists element by element.

import type { ConditionValue } from './condition';
import { MISSING } from './valuesAt';

/** Kinds in the order in which MongoDB sorts them; it matters inside of lists only. A missing field counts as null. */
function kindOf(value: unknown): number {
  if (value === null || value === MISSING) return 0;
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  if (Array.isArray(value)) return 4;
  return typeof value === 'boolean' ? 5 : 3;
}

export const isSameKind = (found: unknown, operand: ConditionValue): boolean =>
  kindOf(found) === kindOf(operand);

/** Negative, 0 or positive as `found` sorts before, with or after `operand`. */
export function compareValues(found: unknown, operand: ConditionValue): number {
  const kinds = kindOf(found) - kindOf(operand);
  if (kinds !== 0) return kinds;
  if (Array.isArray(found)) return compareLists(found, operand as readonly ConditionValue[]);
  if (found === MISSING || found === operand) return 0;

  return (found as string) < (operand as string) ? -1 : 1;
}

function compareLists(found: readonly unknown[], operand: readonly ConditionValue[]): number {
  const shared = Math.min(found.length, operand.length);

  for (let i = 0; i < shared; i += 1) {
    const order = compareValues(found[i], operand[i] as ConditionValue);
    if (order !== 0) return order;
  }

  return found.length - operand.length;
}
