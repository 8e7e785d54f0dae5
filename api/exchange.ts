// The shape of an endpoint: schemas that give validation, types and OpenAPI at once, and a handler that loads, acts and answers.

import type { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type { Caller, Role } from '../ports/auth';
import type { CallbackHeaders } from '../ports/callbacks';
import type { ApiDeps } from './deps';

export interface Exchange<Body = unknown, Query = unknown> {
  readonly deps: ApiDeps;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** The body as received, byte for byte. */
  readonly raw: Buffer;
  readonly headers: CallbackHeaders;
  /** The body as it comes in; of endpoints that take it so. */
  readonly upload: AsyncIterable<Uint8Array>;
}

export interface ApiAnswer {
  readonly status?: number;
  /** JSON, unless `type` says otherwise. */
  readonly body?: unknown;
  readonly type?: string;
  readonly stream?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Endpoint<Body = unknown, Query = unknown> {
  /** Chinese first, then English. */
  readonly summary: readonly [zh: string, en: string];
  readonly query?: ZodType<Query>;
  readonly body?: ZodType<Body>;
  /** Rows are read by the handler one by one, so that a bad row does not spoil the good ones; `body` only documents. */
  readonly rows?: true;
  readonly answer?: ZodType;
  readonly answerType?: string;
  readonly limitBytes?: number;
  /** The body is a file of this type that the handler reads as it comes. */
  readonly uploadType?: string;
  /** The caller must be allowed all cities: what it reads or changes belongs to none. */
  readonly everyCity?: true;
  /** The answer holds a secret and is never kept for an Idempotency-Key. */
  readonly secret?: true;
  handle(exchange: Exchange<Body, Query>): Promise<ApiAnswer> | ApiAnswer;
}

/** Infers the types of a handler from the schemas beside it. */
export const endpoint = <Body = unknown, Query = unknown>(
  definition: Endpoint<Body, Query>,
): Endpoint =>
  // The body and query given to `handle` are those its own schemas made.
  definition as Endpoint;

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As documented: `/api/v1/runs/{id}:stop`. */
  readonly path: string;
  readonly permit: readonly Role[] | 'public';
  readonly endpoint: Endpoint;
}
