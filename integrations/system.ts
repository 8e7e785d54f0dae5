// What the answers of a JSON system mean: done, refused in so many words, or (thrown) outcome unknown. SMS, CRM and IOP share it.

import { z } from 'zod';
import type { Delivered } from '../ports/channel';
import type { Clock } from '../ports/clock';
import { CodedError, type ErrorCode } from '../rules/base/errors';
import { exchange, type Fetch, type Request } from './http';
import { NOT_JSON, parse, readAnswer } from './json';

/** Wait after a 429 that names no time. */
const THROTTLED_MS = 5000;

/** A system that was reached and said no: nothing was done. */
export interface Refusal {
  readonly place: string;
  readonly status: number;
  /** The system's own code, else `HTTP-<status>`. */
  readonly code: string;
  /** True: said by the system itself, about this request. Else about us: our key, our address, or a proxy in between. */
  readonly isFinal: boolean;
  /** When the same may succeed, where the system says it. */
  readonly retryAfterMs?: number;
}

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface SystemOptions {
  readonly baseUrl: string;
  /** Sent as bearer token. */
  readonly key: string;
  readonly clock: Clock;
  readonly fetch?: Fetch;
  readonly timeoutMs?: number;
}

/** Who we are, whether we may, and how fast we ask: none of it says anything of the customer. */
const ABOUT_US: ReadonlySet<number> = new Set([401, 403, 407, 408, 429]);

const refusalBody = z.object({ code: z.string().min(1) });

/** Makes the caller of a system. It throws only when the outcome is unknown. */
export function createSystem(system: string, options: SystemOptions) {
  return async function call<T>(request: Request, schema: z.ZodType<T>): Promise<Outcome<T>> {
    const headers = { ...request.headers, authorization: `Bearer ${options.key}` };
    const { place, status, text, retryAfter } = await exchange(
      { ...options, system },
      { ...request, headers },
    );
    if (status < 300)
      return { kind: 'done', value: readAnswer(schema, place, text === '' ? 'null' : text) };

    const retryAfterMs = status === 429 ? waitMs(retryAfter, options.clock.now()) : undefined;
    const code = codeIn(text);
    const isFinal = code !== undefined && !ABOUT_US.has(status);
    const refusal = { place, status, isFinal, code: code ?? `HTTP-${status}` };

    return {
      kind: 'refused',
      refusal: retryAfterMs === undefined ? refusal : { ...refusal, retryAfterMs },
    };
  };
}

/** The code alone: a message may name the customer. Proxies in front of a system refuse in HTML, without any code. */
function codeIn(text: string): string | undefined {
  const json = parse(text);
  return json === NOT_JSON ? undefined : refusalBody.safeParse(json).data?.code;
}

/** Retry-After is seconds or an HTTP date. */
function waitMs(retryAfter: string | null, now: number): number {
  if (retryAfter !== null && /^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter ?? '');
  return Number.isNaN(date) ? THROTTLED_MS : Math.max(0, date - now);
}

/** A refusal as a channel's answer. */
export const refusedDelivery = ({ code, isFinal, retryAfterMs }: Refusal): Delivered => ({
  kind: 'refused',
  reason: code,
  retryable: !isFinal,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** A refusal where the port has no word for one. UNAVAILABLE may be tried again after `retryAfterMs`; anything else is final. */
class RefusedError extends CodedError {
  readonly retryAfterMs: number | undefined;
  constructor({ place, status, code, isFinal, retryAfterMs }: Refusal) {
    super(
      isFinal ? errorCodeOf(status) : 'UNAVAILABLE',
      `${place}: refused, HTTP ${status} ${code}`,
    );
    this.retryAfterMs = retryAfterMs;
  }
}

function errorCodeOf(status: number): ErrorCode {
  return status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT';
}

/** What was done; a refusal is thrown. */
export function doneOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new RefusedError(outcome.refusal);
}

/** The value, or null when the system does not know the thing; any other refusal is thrown. */
export const foundOf = <T>(outcome: Outcome<T>): T | null =>
  outcome.kind === 'refused' && outcome.refusal.isFinal && outcome.refusal.status === 404
    ? null
    : doneOf(outcome);
