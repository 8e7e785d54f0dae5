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

  const issues = issuesOf(parsed.error);
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

/** Values are left out: they may be personal. */
function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map(({ path, message }) => ({
    path: path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, ''),
    message,
  }));
}
