// Whether an audience goes beyond the segments of a product: somebody is looked for who is in the one and in none of the others.

import { type Segment, segmentMatcher } from '../catalogue/segment';
import {
  type Condition,
  type ConditionValue,
  type FieldTest,
  isGroup,
  isOperators,
} from '../trigger/condition';
import { createMatcher } from '../trigger/matcher';

/** Fields of a contact by their dotted path; null: it lacks the field. */
export type Outsider = Readonly<Record<string, ConditionValue>>;

/** Contacts that are tried; more than any audience that people write needs. */
const MOST_TRIED = 20_000;

/** A value that nobody asks for. */
const ANY_OTHER = 'other';

/**
 * A contact that the audience takes in and no segment does. Made of the values that both ask for and their neighbours, so that
 * one is found whenever such values make one, within the first so many. Null: none was found.
 */
export function outsiderOf(
  audience: Condition | undefined,
  segments: readonly Segment[] | undefined,
): Outsider | null {
  if (segments === undefined || segments.length === 0) return null;
  const isInAudience = audience === undefined ? () => true : createMatcher(audience);
  const isInSegments = segmentMatcher(segments);

  const values = new Map<string, Set<ConditionValue>>();
  if (audience) addValues(values, audience);
  for (const { brands, condition } of segments) {
    if (brands) addValues(values, { brand: { $in: brands } });
    if (condition) addValues(values, condition);
  }

  const fieldsAsked = [...values].map(([path, set]) => [path, [...set, ANY_OTHER]] as const);
  for (const fields of combinations(fieldsAsked)) {
    const contact = contactWith(fields);
    if (isInAudience(contact) && !isInSegments(contact)) return fields;
  }
  return null;
}

type Values = Map<string, Set<ConditionValue>>;

function addValues(values: Values, condition: Condition): void {
  for (const [key, test] of Object.entries(condition)) {
    if (isGroup(key)) for (const part of test as readonly Condition[]) addValues(values, part);
    else addOperands(values, key, test as FieldTest);
  }
}

function addOperands(values: Values, path: string, test: FieldTest): void {
  if (!isOperators(test)) {
    addNeighbours(values, path, test);
    return;
  }

  for (const operand of Object.values(test) as (FieldTest | undefined)[])
    if (isOperators(operand)) addOperands(values, path, operand);
    else if (operand !== undefined) addNeighbours(values, path, operand);
}

function addNeighbours(values: Values, path: string, operand: ConditionValue): void {
  const known = values.get(path) ?? new Set<ConditionValue>([null]);
  values.set(path, known);

  if (Array.isArray(operand)) for (const one of operand) addNeighbours(values, path, one);
  else for (const one of neighboursOf(operand)) known.add(one);
}

function neighboursOf(operand: ConditionValue): readonly ConditionValue[] {
  if (typeof operand === 'number') return [operand - 1, operand, operand + 1];
  if (typeof operand === 'boolean') return [true, false];
  return [operand];
}

function* combinations(
  fields: readonly (readonly [path: string, values: readonly ConditionValue[]])[],
): Generator<Outsider> {
  const total = fields.reduce((product, [, values]) => product * values.length, 1);

  for (let number = 0; number < Math.min(total, MOST_TRIED); number++) {
    let rest = number;
    yield Object.fromEntries(
      fields.map(([path, values]) => {
        const value = values[rest % values.length] ?? null;
        rest = Math.floor(rest / values.length);
        return [path, value];
      }),
    );
  }
}

function contactWith(fields: Outsider): object {
  const contact: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(fields))
    if (value !== null) place(contact, path.split('.'), value);

  return contact;
}

/** A field within one that has a value already has no place: the contact then lacks it. */
function place(at: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    at[first] = value;
    return;
  }

  const next = Object.hasOwn(at, first) ? at[first] : {};
  if (typeof next !== 'object' || next === null) return;
  at[first] = next;
  place(next as Record<string, unknown>, rest, value);
}
