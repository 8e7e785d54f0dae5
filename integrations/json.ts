// Reads what systems say in JSON by a schema, telling a broken answer of ours from a bad call-back of theirs.

import type { z } from 'zod';
import { CodedError, type Issue } from '../rules/base/errors';
import { OutcomeUnknown } from './http';

/**
 * Reads an answer; fields nobody asked for are dropped.
 * @throws CodedError UNAVAILABLE when it is broken: the system may have done its part before its answer was cut.
 */
export function readAnswer<T>(schema: z.ZodType<T>, place: string, text: string): T {
  const json = parse(text);
  if (json === NOT_JSON) throw new OutcomeUnknown(place, 'the answer is not JSON');

  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;

  const wrong = issuesOf(parsed.error).map(
    ({ path, message }) => `${path || 'answer'}: ${message}`,
  );
  throw new OutcomeUnknown(place, `unexpected answer, ${wrong.join('; ')}`);
}

/**
 * Reads what a system sent by itself.
 * @throws CodedError INVALID_INPUT with every place that is wrong.
 */
export function readInput<T>(schema: z.ZodType<T>, what: string, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;

  const issues = issuesOf(parsed.error).map((issue) => ({ ...issue, ...shown(input, issue.path) }));
  const wrong = issues.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
  throw new CodedError('INVALID_INPUT', `bad ${what}: ${wrong}`, issues);
}

export const NOT_JSON = Symbol('not JSON');

/** The JSON of a text, or NOT_JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

const SHOWN_LENGTH = 80;
/** What customers say and where they are reached. */
const PERSONAL: ReadonlySet<string> = new Set(['phone', 'text', '']);

/** The value that is wrong, shortened, unless it may be personal or is not there. */
function shown(input: unknown, path: string): Pick<Issue, 'value'> {
  if (PERSONAL.has(path) || typeof input !== 'object' || input === null) return {};

  const json = JSON.stringify(Reflect.get(input, path)) as string | undefined;
  if (json === undefined) return {};
  return { value: json.length > SHOWN_LENGTH ? `${json.slice(0, SHOWN_LENGTH)}…` : json };
}

/** Without values, and with what is allowed where the schema says it. */
function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map(({ code, path, message }) => ({
    path: path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, ''),
    message,
    ...(code === 'invalid_format' && { allowed: message }),
  }));
}
