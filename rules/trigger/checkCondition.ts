// What is wrong with a condition that somebody wrote: asked before it is ever evaluated or handed to a database.

import {
  type Condition,
  FIELD_OPERATORS,
  type FieldOperator,
  type FieldTest,
  GROUPS,
  isFieldOperator,
  isGroup,
  isOperators,
} from './condition';

const MAX_LEVELS = 6;
const MAX_COMPARISONS = 64;
const MAX_VALUES = 1000;
/** Lists within lists: far beyond any use, far below what the call stack bears. */
const MAX_LIST_DEPTH = 20;
/** Names that lead out of the data. */
const FORBIDDEN_PARTS = ['__proto__', 'constructor'];

const ALLOWED_GROUPS = GROUPS.join(', ');
const ALLOWED_OPERATORS = FIELD_OPERATORS.join(', ');

/** One fault: where, from the condition inwards, and what would have been accepted there. */
export interface ConditionFault {
  readonly path: readonly (string | number)[];
  readonly allowed: string;
}

type Place = ConditionFault['path'];
type Faults = readonly ConditionFault[];

/** Every fault of a condition; none when it may be used. */
export function conditionFaults(condition: unknown): Faults {
  const faults = faultsOf(condition, [], 0);
  if (faults.length > 0) return faults;

  const comparisons = comparisonsOf(condition as Condition);
  return comparisons > MAX_COMPARISONS
    ? fault([], `at most ${MAX_COMPARISONS} comparisons, not ${comparisons}`)
    : [];
}

const fault = (path: Place, allowed: string): Faults => [{ path, allowed }];

/** @param levels groups and `$not` around it */
function faultsOf(condition: unknown, place: Place, levels: number): Faults {
  if (!isOperators(condition)) return fault(place, 'a condition, such as {"city":"gz"}');

  return Object.entries(condition).flatMap(([key, test]) => {
    const at = [...place, key];
    if (isGroup(key)) return faultsOfGroup(test, at, levels + 1);

    const wrongPath = faultsOfPath(key, at);
    return wrongPath.length > 0 ? wrongPath : faultsOfTest(test, at, levels);
  });
}

function faultsOfPath(path: string, place: Place): Faults {
  if (path.startsWith('$')) return fault(place, `${ALLOWED_GROUPS} or the path of a field`);

  const isFine = path
    .split('.')
    .every((part) => part !== '' && !part.startsWith('$') && !FORBIDDEN_PARTS.includes(part));
  return isFine
    ? []
    : fault(
        place,
        `a dotted path; no part of it is empty, begins with $ or is ${FORBIDDEN_PARTS.join(' or ')}`,
      );
}

function faultsOfGroup(conditions: unknown, place: Place, levels: number): Faults {
  if (levels > MAX_LEVELS) return tooManyLevels(place);
  if (!Array.isArray(conditions) || conditions.length === 0)
    return fault(place, 'a list of conditions that is not empty');

  return conditions.flatMap((condition, i) => faultsOf(condition, [...place, i], levels));
}

const tooManyLevels = (place: Place): Faults =>
  fault(place, `at most ${MAX_LEVELS} levels of ${ALLOWED_GROUPS} and $not`);

const faultsOfTest = (test: unknown, place: Place, levels: number): Faults =>
  isOperators(test) ? faultsOfOperators(test, place, levels) : faultsOfValue(test, place);

function faultsOfOperators(operators: object, place: Place, levels: number): Faults {
  const entries = Object.entries(operators);
  if (entries.length === 0) return fault(place, `a value, or any of ${ALLOWED_OPERATORS}`);

  return entries.flatMap(([operator, operand]) => {
    const at = [...place, operator];
    return isFieldOperator(operator)
      ? faultsOfOperand(operator, operand, at, levels)
      : fault(at, ALLOWED_OPERATORS);
  });
}

function faultsOfOperand(
  operator: FieldOperator,
  operand: unknown,
  place: Place,
  levels: number,
): Faults {
  switch (operator) {
    case '$not':
      if (levels + 1 > MAX_LEVELS) return tooManyLevels(place);
      if (!isOperators(operand)) return fault(place, `an object with any of ${ALLOWED_OPERATORS}`);
      return faultsOfOperators(operand, place, levels + 1);
    case '$exists':
      return typeof operand === 'boolean' ? [] : fault(place, 'true, false');
    case '$in':
    case '$nin':
    case '$all':
      return Array.isArray(operand)
        ? faultsOfValue(operand, place)
        : fault(place, 'a list of values');
    default:
      return faultsOfValue(operand, place);
  }
}

function faultsOfValue(value: unknown, place: Place, depth = 0): Faults {
  if (!Array.isArray(value))
    return isScalar(value)
      ? []
      : fault(place, 'a text, a number, true, false, null or a list of these');

  if (value.length > MAX_VALUES)
    return fault(place, `a list of at most ${MAX_VALUES} values, not ${value.length}`);
  if (depth === MAX_LIST_DEPTH)
    return fault(place, `at most ${MAX_LIST_DEPTH} lists within each other`);

  return value.flatMap((element, i) => faultsOfValue(element, [...place, i], depth + 1));
}

const isScalar = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  Number.isFinite(value);

/** Each operator on a field counts one, whatever list it is asked with; a plain value is an equality. */
function comparisonsOf(condition: Condition): number {
  const counts = Object.entries(condition).map(([key, test]) =>
    isGroup(key)
      ? sum((test as readonly Condition[]).map(comparisonsOf))
      : comparisonsOfTest(test as FieldTest),
  );
  return sum(counts);
}

function comparisonsOfTest(test: FieldTest): number {
  if (!isOperators(test)) return 1;
  const { $not: negated } = test;

  return Object.keys(test).length + (negated === undefined ? 0 : comparisonsOfTest(negated));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
