// Reads unknown input with a schema and turns what is wrong into coded issues: the place, the value and what is allowed.

import type { core, ZodType } from 'zod';
import { CodedError, type Issue } from '../base/errors';

const SHOWN_LENGTH = 80;
/** Far beyond any shape of ours, far below what the call stack bears. */
const MAX_DEPTH = 100;

/**
 * The value of the schema's type. A field that is null is as if absent, at any depth.
 * @param path where the value stands, for messages; empty for the outermost.
 * @param verbatim names of fields that are taken as they are, with their nulls and to any depth: their schema is to judge.
 */
export function parseWith<Output>(
  schema: ZodType<Output>,
  value: unknown,
  path: string,
  verbatim: readonly string[] = [],
): Output {
  const given = withoutNulls(value, path, verbatim);
  const result = schema.safeParse(given);
  if (result.success) return result.data;

  const issues = result.error.issues.flatMap((issue) => issuesOf(issue, given, path));
  throw new CodedError(
    'INVALID_INPUT',
    issues.map(({ path: at, message }) => `${at}: ${message}`).join('; '),
    issues,
  );
}

/** The value without its null fields; the same object when it has none. Elements of lists stay: they are not fields. */
function withoutNulls(
  value: unknown,
  path: string,
  verbatim: readonly string[],
  depth = 1,
): unknown {
  if (depth > MAX_DEPTH) {
    const issue = {
      path,
      message: `nested too deep; allowed: ${MAX_DEPTH} levels`,
      allowed: `${MAX_DEPTH} levels`,
    };
    throw new CodedError('INVALID_INPUT', `${path}: ${issue.message}`, [issue]);
  }

  if (Array.isArray(value)) {
    const kept = value.map((element) => withoutNulls(element, path, verbatim, depth + 1));
    return kept.some((element, i) => element !== value[i]) ? kept : value;
  }
  if (typeof value !== 'object' || value === null) return value;

  let changed = false;
  const entries: [string, unknown][] = [];

  for (const [key, field] of Object.entries(value)) {
    const kept = verbatim.includes(key) ? field : withoutNulls(field, path, verbatim, depth + 1);
    const isAbsent = field === null || field === undefined;
    changed ||= isAbsent || kept !== field;
    if (!isAbsent) entries.push([key, kept]);
  }

  return changed ? Object.fromEntries(entries) : value;
}

function placeOf(base: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    return place === '' ? String(key) : `${place}.${String(key)}`;
  }, base);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined,
    value,
  );
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > SHOWN_LENGTH ? `${json.slice(0, SHOWN_LENGTH)}…` : json;
}

function issuesOf(issue: core.$ZodIssue, given: unknown, base: string): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: placeOf(base, [...issue.path, key]),
      message: `unknown key; allowed: ${issue.message}`,
      allowed: issue.message,
    }));
  }

  const path = placeOf(base, issue.path);
  const allowed = allowedBy(issue);
  const value = valueAt(given, issue.path);
  if (issue.code === 'invalid_key')
    return [{ path, message: `the key is not allowed; allowed: ${allowed}`, allowed }];
  if (value === undefined) return [{ path, message: `missing; allowed: ${allowed}`, allowed }];

  return [
    {
      path,
      message: `${shown(value)} is not allowed; allowed: ${allowed}`,
      value: shown(value),
      allowed,
    },
  ];
}

function allowedBy(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map(String).join(', ');
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty';
      return `a number ${issue.inclusive === false ? '>' : '>='} ${issue.minimum}`;
    case 'too_big':
      return `a number <= ${issue.maximum}`;
    case 'not_multiple_of':
      return 'a whole number';
    case 'invalid_key':
      return issue.issues.map(allowedBy).join(' or ');
    case 'invalid_union':
      // A union told apart by one field: the values of that field.
      return 'options' in issue && issue.options
        ? issue.options.map(String).join(', ')
        : issue.message;
    default:
      return issue.message;
  }
}
