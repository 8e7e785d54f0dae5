// Turns a condition into a predicate, once, so that it can be asked of a hundred thousand contacts.

import { assertNever } from '../base/errors';
import { compareValues, isSameKind } from './compareValues';
import {
  type Condition,
  type ConditionValue,
  type FieldOperator,
  type FieldOperators,
  type FieldTest,
  type Group,
  isGroup,
  isOperators,
} from './condition';
import { MISSING, someAt } from './valuesAt';

export type Matcher = (value: unknown) => boolean;

/** The predicate of a condition that `conditionFaults` finds nothing wrong with; no text in it is ever run as code. */
export function createMatcher(condition: Condition): Matcher {
  const tests = Object.entries(condition).map(([key, test]) =>
    isGroup(key)
      ? groupMatcher(key, test as readonly Condition[])
      : fieldMatcher(key.split('.'), test as FieldTest),
  );

  return allOf(tests);
}

function allOf(tests: readonly Matcher[]): Matcher {
  const [only] = tests;
  if (tests.length === 1 && only) return only;

  return (value) => tests.every((test) => test(value));
}

function groupMatcher(group: Group, conditions: readonly Condition[]): Matcher {
  const tests = conditions.map(createMatcher);

  switch (group) {
    case '$and':
      return allOf(tests);
    case '$or':
      return (value) => tests.some((test) => test(value));
    case '$nor':
      return (value) => !tests.some((test) => test(value));
    default:
      return assertNever(group, 'group of conditions');
  }
}

function fieldMatcher(path: readonly string[], test: FieldTest): Matcher {
  if (!isOperators(test)) return equals(path, test);

  return allOf(
    Object.entries(test).map(([operator, operand]) =>
      operatorMatcher(path, operator as FieldOperator, operand),
    ),
  );
}

function operatorMatcher(
  path: readonly string[],
  operator: FieldOperator,
  operand: unknown,
): Matcher {
  const value = operand as ConditionValue;
  const values = operand as readonly ConditionValue[];

  switch (operator) {
    case '$eq':
      return equals(path, value);
    case '$ne':
      return not(equals(path, value));
    case '$in':
      return isIn(path, values);
    case '$nin':
      return not(isIn(path, values));
    case '$gt':
      return compares(path, value, (order) => order > 0);
    case '$gte':
      return compares(path, value, (order) => order >= 0);
    case '$lt':
      return compares(path, value, (order) => order < 0);
    case '$lte':
      return compares(path, value, (order) => order <= 0);
    case '$exists':
      return operand === true ? exists(path) : not(exists(path));
    case '$all':
      return values.length === 0
        ? () => false
        : allOf(values.map((element) => equals(path, element)));
    case '$not':
      return not(fieldMatcher(path, operand as FieldOperators));
    default:
      return assertNever(operator, 'operator of a condition');
  }
}

const not =
  (test: Matcher): Matcher =>
  (value) =>
    !test(value);

const exists =
  (path: readonly string[]): Matcher =>
  (value) =>
    someAt(value, path, 0, (found) => found !== MISSING);

const equals = (path: readonly string[], operand: ConditionValue): Matcher =>
  compares(path, operand, (order) => order === 0);

/** At the end of the path a list fits by one of its elements, or as a whole. */
const fits =
  (test: (found: unknown) => boolean) =>
  (found: unknown): boolean =>
    (Array.isArray(found) && found.some(test)) || test(found);

function compares(
  path: readonly string[],
  operand: ConditionValue,
  accepts: (order: number) => boolean,
): Matcher {
  const test = fits(
    (found) => isSameKind(found, operand) && accepts(compareValues(found, operand)),
  );

  return (value) => someAt(value, path, 0, test);
}

/** Texts and numbers are looked up, so that a list of a thousand costs no more than one. */
function isIn(path: readonly string[], operands: readonly ConditionValue[]): Matcher {
  const simple = new Set(operands.filter((operand) => !Array.isArray(operand)));
  const lists = operands.filter((operand) => Array.isArray(operand));
  const test = fits(
    (found) =>
      simple.has((found === MISSING ? null : found) as ConditionValue) ||
      (Array.isArray(found) && lists.some((list) => compareValues(found, list) === 0)),
  );

  return (value) => someAt(value, path, 0, test);
}
