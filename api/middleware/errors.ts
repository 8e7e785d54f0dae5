// Every refusal leaves as RFC 9457 problem+json with a stable code; no internals leave with it.

import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Log } from '../../ports/log';
import { CodedError, type ErrorCode, type Issue, isCodedError } from '../../rules/base/errors';

/** A body that is not even JSON: the one malformed input that answers 400 instead of 422. */
export class MalformedBody extends CodedError {}

const STATUS: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 422,
  NOT_FOUND: 404,
  CONFLICT: 409,
  FORBIDDEN: 403,
  UNAUTHENTICATED: 401,
  TOO_LARGE: 413,
  UNAVAILABLE: 503,
  TEMPLATE_VARIABLE_MISSING: 422,
  TEMPLATE_TOO_LONG: 422,
  TEMPLATE_INVALID: 422,
  BAD_SIGNATURE: 403,
  STALE_TIMESTAMP: 403,
  FOREIGN_RECEIVER: 403,
};
const RETRY_AFTER_SECONDS = '5';

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode | 'INTERNAL';
  readonly detail: string;
  readonly issues?: readonly Issue[];
}

/** Any error as a problem; what is no coded error becomes `INTERNAL`, without its message. */
function problemOf(error: unknown): Problem {
  const coded = asCoded(error);
  if (coded === null)
    return {
      type: 'about:blank',
      title: 'INTERNAL',
      status: 500,
      code: 'INTERNAL',
      detail: 'the server failed; see its log',
    };

  return {
    type: `/docs#${coded.code}`,
    title: coded.code,
    status: coded instanceof MalformedBody ? 400 : STATUS[coded.code],
    code: coded.code,
    detail: detailOf(coded),
    ...(coded.issues.length > 0 && { issues: coded.issues }),
  };
}

/** What a dependency itself said is for the log. */
const detailOf = ({ code, message, cause }: CodedError): string =>
  code === 'UNAVAILABLE' && cause !== undefined ? (message.split(': ', 1)[0] ?? message) : message;

function asCoded(error: unknown): CodedError | null {
  if (isCodedError(error)) return error;
  if (!(error instanceof Error)) return null;

  if ('type' in error && error.type === 'entity.too.large')
    return new CodedError(
      'TOO_LARGE',
      `the body is too large; at most ${'limit' in error ? error.limit : '?'} bytes are allowed`,
    );

  if (
    'status' in error &&
    typeof error.status === 'number' &&
    error.status >= 400 &&
    error.status < 500
  )
    return new MalformedBody('INVALID_INPUT', `the request cannot be read: ${error.message}`);

  return null;
}

export function answerErrors(log: Log): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const problem = problemOf(error);
    if (problem.status >= 500)
      log.error({ err: error, code: problem.code, route: response.locals.route }, 'request failed');
    if (response.headersSent) return next(error);

    if (problem.status === 503) response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

export const answerUnknown: RequestHandler = (request) => {
  throw new CodedError('NOT_FOUND', `there is no ${request.method} ${request.path}; see /docs`);
};
