// The part of a condition that MongoDB can be asked. Whoever fits the condition fits this part, so that whatever is left out of it,
// or differs in a corner, costs a read and never a contact: the own matcher judges those that are found.

import {
  type Condition,
  type ConditionValue,
  type FieldOperators,
  type FieldTest,
  isGroup,
  isOperators,
} from '../../rules/trigger/condition';

/** Fields whose documents hold the very value that a condition sees. */
const STORED =
  /^(city|brand|payType|plan\.(id|fee)|billDay|activatedAt|personalisation|facts\.[A-Za-z]\w*)$/;

/** What is true of every contact that fits; null: nothing that could be asked. */
export function pushedCondition(condition: Condition): object | null {
  const parts = Object.entries(condition).flatMap(([key, test]) => {
    const part = isGroup(key)
      ? pushedGroup(key, test as readonly Condition[])
      : pushedField(key, test as FieldTest);
    return part ?? [];
  });

  if (parts.length === 0) return null;
  return parts.length === 1 ? (parts[0] ?? null) : { $and: parts };
}

/** Of alternatives each must be asked, for who fits one that is not would be missed. Denials turn "more" into "less". */
function pushedGroup(group: '$and' | '$or' | '$nor', conditions: readonly Condition[]) {
  if (group === '$nor') return null;

  const parts = conditions.map(pushedCondition);
  const asked = parts.flatMap((part) => part ?? []);
  if (group === '$or' && asked.length < parts.length) return null;

  return asked.length === 0 ? null : { [group]: asked };
}

function pushedField(path: string, test: FieldTest): object | null {
  if (!STORED.test(path)) return null;
  if (!isOperators(test)) return isPlain(test) ? { [path]: { $eq: test } } : null;

  // Each operator stands alone: in a list, one element may fit the one and another the other.
  const parts = pushedOperators(test).map((operator) => ({ [path]: operator }));
  return parts.length === 0 ? null : { $and: parts };
}

const COMPARISONS = ['$gt', '$gte', '$lt', '$lte'] as const;

function pushedOperators({ $eq, $in, $exists, ...test }: FieldOperators): readonly object[] {
  const compared = COMPARISONS.flatMap((operator) => {
    const value = test[operator];
    return isOrdered(value) ? [{ [operator]: value }] : [];
  });

  return [
    ...(isPlain($eq) ? [{ $eq }] : []),
    ...($in !== undefined && $in.length > 0 && $in.every(isPlain) ? [{ $in: [...$in] }] : []),
    ...($exists === true ? [{ $exists }] : []),
    ...compared,
  ];
}

/** Null stands for missing fields as well, and lists are compared whole: both are left to the matcher. */
const isPlain = (value: ConditionValue | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || isPlainNumber(value);

const isPlainNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0);

/** Texts are ordered by code unit here and by bytes there: against a text of ASCII alone both agree. */
const isOrdered = (value: ConditionValue | undefined): boolean =>
  isPlainNumber(value) || (typeof value === 'string' && /^[\x20-\x7e]*$/.test(value));
