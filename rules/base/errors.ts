// The catalogue of coded errors: every refusal in sopflow carries one of these codes, from the rule to the HTTP answer.

export type ErrorCode =
  | 'INVALID_INPUT' // malformed: a path, the value found and what is allowed
  | 'NOT_FOUND'
  | 'CONFLICT' // a state or a revision that moved
  | 'FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'TOO_LARGE'
  | 'UNAVAILABLE' // a dependency is away; the caller may try again
  | 'TEMPLATE_VARIABLE_MISSING'
  | 'TEMPLATE_TOO_LONG'
  | 'TEMPLATE_INVALID'
  | 'BAD_SIGNATURE'
  | 'STALE_TIMESTAMP'
  | 'FOREIGN_RECEIVER';

/** One thing wrong with one place of an input. `path` is dotted, lists by index: `policy.caps[0].limit`. */
export interface Issue {
  readonly path: string;
  readonly message: string;
  /** The value found, shortened; absent when the value may be personal. */
  readonly value?: unknown;
  /** What would have been accepted, in words or as a list. */
  readonly allowed?: string;
}

/** An error that a person or a program can act on: a stable code, a sentence, and the places that are wrong. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly issues: readonly Issue[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Tells a coded error from any other, also across realms (Temporal's sandbox, jest's module registry). */
export function isCodedError(error: unknown): error is CodedError {
  return (
    error instanceof Error && error.name === 'CodedError' && 'code' in error && 'issues' in error
  );
}

/** Makes a switch over a union exhaustive: the compiler objects when a case is missing, the run time names the value. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
