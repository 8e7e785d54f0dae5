// What the answers of a JSON system mean: done, refused in so many words, or (thrown) outcome unknown. SMS, CRM and IOP share it.

import { z } from 'zod';
import type { Delivered } from '../ports/channel';
import type { Clock } from '../ports/clock';
import type { OutsideSystem, SystemWatch } from '../ports/conditions';
import { CodedError, type ErrorCode } from '../rules/base/errors';
import { exchange, type Fetch, type Request } from './http';
import { NOT_JSON, parse, readAnswer } from './json';
import { tellUnknown } from './watch';

/** A system that was reached and said no: nothing was done. */
export interface Refusal {
  readonly place: string;
  readonly status: number;
  /** The system's own code, else `HTTP-<status>`. */
  readonly code: string;
  /** True: a code that the call lists as final. Else about us (our key, our address, a proxy in between), or known to nobody. */
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
  readonly watch?: SystemWatch;
}

export interface SystemRequest extends Request {
  /**
   * The closed list of codes about this message or this customer: as final as they are refused. Any other code waits for a person,
   * for it may mean anything.
   */
  readonly final: ReadonlySet<string>;
}

/** Who we are, whether we may, and how fast we ask: none of it says anything of the customer. */
const ABOUT_US: ReadonlySet<number> = new Set([401, 403, 407, 408, 429]);

/** No call of ours gets past these. */
const WIDE: ReadonlySet<number> = new Set([401, 407, 429]);

/** Final where a thing is asked for under our own key: the system never took it. */
export const UNKNOWN_KEY: ReadonlySet<string> = new Set(['NOT_FOUND']);

const refusalBody = z.object({ code: z.string().min(1) });

/** Makes the caller of a system. It throws only when the outcome is unknown. */
export function createSystem(system: OutsideSystem, options: SystemOptions) {
  const { watch } = options;

  return async function call<T>(request: SystemRequest, schema: z.ZodType<T>): Promise<Outcome<T>> {
    try {
      const outcome = await ask(system, options, request, schema);
      tell(watch, system, outcome);
      return outcome;
    } catch (error) {
      tellUnknown(watch, system, error);
      throw error;
    }
  };
}

async function ask<T>(
  system: OutsideSystem,
  options: SystemOptions,
  { final, ...request }: SystemRequest,
  schema: z.ZodType<T>,
): Promise<Outcome<T>> {
  const headers = { ...request.headers, authorization: `Bearer ${options.key}` };
  const answer = await exchange({ ...options, system }, { ...request, headers });
  const { place, status, text, retryAfter } = answer;
  if (status < 300)
    return { kind: 'done', value: readAnswer(schema, place, text === '' ? 'null' : text) };

  const code = codeIn(text);
  const isFinal = code !== undefined && final.has(code) && !ABOUT_US.has(status);
  const refusal = { place, status, isFinal, code: code ?? `HTTP-${status}` };
  const retryAfterMs = status === 429 ? waitMs(retryAfter, options.clock.now()) : undefined;

  return {
    kind: 'refused',
    refusal: retryAfterMs === undefined ? refusal : { ...refusal, retryAfterMs },
  };
}

/** A final refusal is the system's own word on a message: it works. */
function tell(
  watch: SystemWatch | undefined,
  system: OutsideSystem,
  outcome: Outcome<unknown>,
): void {
  if (outcome.kind === 'done' || outcome.refusal.isFinal) {
    watch?.worked(system);
    return;
  }

  const { code, status } = outcome.refusal;
  const fault = status === 429 ? 'theirs' : 'ours';
  watch?.met({ system, code, fault, isWide: WIDE.has(status) });
}

/** The code alone: a message may name the customer. Proxies in front of a system refuse in HTML, without any code. */
function codeIn(text: string): string | undefined {
  const json = parse(text);
  return json === NOT_JSON ? undefined : refusalBody.safeParse(json).data?.code;
}

/** Retry-After is seconds or an HTTP date. Undefined, where it names no time to come: the pauses then grow. */
function waitMs(retryAfter: string | null, now: number): number | undefined {
  const isSeconds = retryAfter !== null && /^\d+$/.test(retryAfter);
  const ms = isSeconds ? Number(retryAfter) * 1000 : Date.parse(retryAfter ?? '') - now;
  return ms > 0 ? ms : undefined;
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
