// Answers of the controls when something is wrong: RFC 9457 problems that name the path and what is allowed.

import type { ErrorRequestHandler, Response } from 'express';
import type { z } from 'zod';
import { CodedError, type ErrorCode, type Issue, isCodedError } from '../rules/base/errors';

const STATUS: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  UNAVAILABLE: 503,
};

/** Reads an input by its schema. @throws CodedError INVALID_INPUT naming each bad place. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;

  throw new CodedError(
    'INVALID_INPUT',
    'the input is not as it should be',
    parsed.error.issues.map(toIssue),
  );
}

function toIssue(issue: z.core.$ZodIssue): Issue {
  const keys =
    issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;

  const path = keys.reduce<string>(
    (text, key) =>
      typeof key === 'number'
        ? `${text}[${key}]`
        : text === ''
          ? String(key)
          : `${text}.${String(key)}`,
    '',
  );

  return {
    path,
    message: issue.message,
    ...(issue.code === 'invalid_value' ? { allowed: issue.values.map(String).join(', ') } : {}),
  };
}

/** The error handler of the whole app. */
export const answerProblem: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }

  const tooLarge = error instanceof Error && 'type' in error && error.type === 'entity.too.large';
  const coded = isCodedError(error)
    ? error
    : tooLarge
      ? new CodedError('TOO_LARGE', 'the body is too large')
      : null;

  if (coded)
    sendProblem(response, STATUS[coded.code] ?? 400, coded.code, coded.message, coded.issues);
  else {
    process.stderr.write(
      `sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    sendProblem(response, 500, 'INTERNAL', 'the sandbox failed; its log says more', []);
  }
};

function sendProblem(
  response: Response,
  status: number,
  code: string,
  detail: string,
  issues: readonly Issue[],
): void {
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: code,
        status,
        code,
        detail,
        ...(issues.length > 0 ? { issues } : {}),
      }),
    );
}
