// Conditions: MongoDB-style filters as data, written by designers and city operators. Only the operators listed here exist.

export type ConditionValue = string | number | boolean | null | readonly ConditionValue[];

/** What is asked of one field: a value (equality), or operators that must all hold. */
export type FieldTest = ConditionValue | FieldOperators;

export interface FieldOperators {
  readonly $eq?: ConditionValue;
  readonly $ne?: ConditionValue;
  readonly $in?: readonly ConditionValue[];
  readonly $nin?: readonly ConditionValue[];
  readonly $gt?: ConditionValue;
  readonly $gte?: ConditionValue;
  readonly $lt?: ConditionValue;
  readonly $lte?: ConditionValue;
  readonly $exists?: boolean;
  readonly $all?: readonly ConditionValue[];
  readonly $not?: FieldOperators;
}

/** `$and`, `$or` and `$nor` hold lists of conditions; every other key is a dotted path. All keys must hold. */
export interface Condition {
  readonly [key: string]: FieldTest | readonly Condition[];
}

export const GROUPS = ['$and', '$or', '$nor'] as const;

export const FIELD_OPERATORS = [
  '$eq',
  '$ne',
  '$in',
  '$nin',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$exists',
  '$all',
  '$not',
] as const satisfies readonly (keyof FieldOperators)[];

export type Group = (typeof GROUPS)[number];
export type FieldOperator = (typeof FIELD_OPERATORS)[number];

export const isGroup = (key: string): key is Group => (GROUPS as readonly string[]).includes(key);

export const isFieldOperator = (key: string): key is FieldOperator =>
  (FIELD_OPERATORS as readonly string[]).includes(key);

/** A field's test with operators, not a value. */
export const isOperators = (test: unknown): test is FieldOperators =>
  typeof test === 'object' && test !== null && !Array.isArray(test);
