// One HTTP exchange with a system: a whole answer, or the honest word that its outcome is unknown.

import { fetch as undiciFetch } from 'undici';
import { z } from 'zod';
import { CodedError } from '../rules/base/errors';

export type Fetch = typeof undiciFetch;

const TIMEOUT_MS = 5000;

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Target {
  readonly system: string;
  readonly baseUrl: string;
  readonly timeoutMs?: number;
  readonly fetch?: Fetch;
}

export interface HttpAnswer {
  /** Names the call in errors: system, method and path, without the query, which may hold keys. */
  readonly place: string;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/**
 * Sends a request and reads the whole answer.
 * @throws CodedError UNAVAILABLE when no whole answer came in time, or a 5xx: whether the system took the request is unknown.
 */
export async function exchange(target: Target, request: Request): Promise<HttpAnswer> {
  const place = `${target.system} ${request.method} ${request.path}`;
  const answer = await send(target, request).catch((error: unknown) => {
    const cause = causeOf(error);
    throw new OutcomeUnknown(place, cause, cause);
  });
  if (answer.status >= 500)
    throw new OutcomeUnknown(place, `HTTP ${answer.status}`, `HTTP-${answer.status}`);

  return { place, ...answer };
}

async function send(target: Target, { method, path, query, headers, body }: Request) {
  const url = new URL(target.baseUrl.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const json = body === undefined ? undefined : JSON.stringify(body);
  const answer = await (target.fetch ?? undiciFetch)(url, {
    method,
    headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(json !== undefined && { body: json }),
    // A redirect would carry keys to a place nobody configured.
    redirect: 'error',
    signal: AbortSignal.timeout(target.timeoutMs ?? TIMEOUT_MS),
  });

  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    text: await answer.text(),
  };
}

/** The request may have been taken although nobody said so: look it up before asking again. */
export class OutcomeUnknown extends CodedError {
  constructor(
    place: string,
    why: string,
    /** What stood between: `timeout`, `ECONNREFUSED`, `HTTP-502`, `CERT_HAS_EXPIRED`, `BROKEN_ANSWER`. */
    readonly blocker = 'BROKEN_ANSWER',
  ) {
    super('UNAVAILABLE', `${place}: outcome unknown, ${why}`);
  }
}

/** Names a failure by its code alone: messages of fetch hold the URL, and with it a token. */
function causeOf(error: unknown): string {
  const { name, cause } = nameable.parse(error);
  return cause?.code ?? (name === 'TimeoutError' ? 'timeout' : name);
}

const nameable = z
  .object({
    name: z.string().catch('no answer'),
    cause: z.object({ code: z.string() }).optional().catch(undefined),
  })
  .catch({ name: 'no answer' });
