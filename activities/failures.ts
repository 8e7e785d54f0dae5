// Turns coded errors into Temporal failures: what can never succeed is not retried, what may is, after the time stated.

import { ApplicationFailure } from '@temporalio/common';
import { type CodedError, type ErrorCode, isCodedError } from '../rules/base/errors';

/** Waiting heals these; everything else in the catalogue is final. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['UNAVAILABLE', 'CONFLICT']);

/** True for what can never succeed, however often it is tried. */
export const isFinalFailure = (failure: unknown): boolean =>
  isCodedError(failure)
    ? !PASSING.has(failure.code)
    : failure instanceof ApplicationFailure && failure.nonRetryable === true;

/** The code of a failure, for records; `failed` for what nobody gave one. */
export const failureCode = (failure: unknown): string => {
  if (isCodedError(failure)) return failure.code;
  return (failure instanceof ApplicationFailure && failure.type) || 'failed';
};

/** A failure that asks Temporal to try again, not before `retryAfterMs`. */
export function tryLater(code: string, message: string, retryAfterMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: false,
    ...(retryAfterMs !== undefined && { nextRetryDelay: retryAfterMs }),
  });
}

/** Systems that said when to come back say it in `retryAfterMs`. */
function toFailure(error: CodedError & { readonly retryAfterMs?: number }): ApplicationFailure {
  if (PASSING.has(error.code)) return tryLater(error.code, error.message, error.retryAfterMs);
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: true,
    cause: error,
  });
}

/** Wraps an activity so that a coded error reaches the workflow as a failure of that type. */
export function withFailures<I, O>(activity: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return async (input) => {
    try {
      return await activity(input);
    } catch (error) {
      throw isCodedError(error) ? toFailure(error) : error;
    }
  };
}
