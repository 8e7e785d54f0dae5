// Idempotency-Key: the same write asked twice is done once and answered alike; the same key for another write is a conflict.

import type { Caller } from '../../ports/auth';
import type { ResponseStore } from '../../ports/responses';
import { CodedError } from '../../rules/base/errors';
import type { ApiAnswer, Route } from '../exchange';
import { hashOf } from '../secrets';

const KEY = /^[\x21-\x7e]{1,200}$/;

export interface Asked {
  readonly route: Route;
  readonly caller: Caller;
  /** Path and query as asked. */
  readonly url: string;
  readonly raw: Buffer;
  readonly key: string | undefined;
}

/** Runs `act` at most once per caller and key. Answers of 5xx are not kept: they are meant to be tried again. */
export function createReplay(responses: ResponseStore) {
  const going = new Map<string, Promise<ApiAnswer>>();

  return async function replay(asked: Asked, act: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
    if (asked.key === undefined || asked.route.method === 'get' || asked.route.permit === 'public')
      return act();

    assertKey(asked.key, asked.route);
    const id = hashOf(`${asked.caller.credential.id}\n${asked.key}`);
    const requestHash = hashOf(
      Buffer.concat([Buffer.from(`${asked.route.method} ${asked.url}\n`), asked.raw]),
    );
    // Two at once in this process: the second waits and then finds the first one's answer.
    const before = going.get(id) ?? Promise.resolve();
    const mine = before.then(
      () => once(responses, id, requestHash, act),
      () => once(responses, id, requestHash, act),
    );
    going.set(id, mine);

    try {
      return await mine;
    } finally {
      if (going.get(id) === mine) going.delete(id);
    }
  };
}

async function once(
  responses: ResponseStore,
  id: string,
  requestHash: string,
  act: () => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  const known = await responses.find(id);
  if (known !== null) return replayed(known, requestHash);

  const answer = await act();
  const status = answer.status ?? 200;
  if (await responses.save(id, { requestHash, status, body: answer.body ?? null })) return answer;

  const faster = await responses.find(id);
  return faster === null ? answer : replayed(faster, requestHash);
}

function assertKey(key: string, route: Route): void {
  if (route.endpoint.uploadType !== undefined)
    throw new CodedError(
      'INVALID_INPUT',
      'Idempotency-Key cannot be used here: the same file goes on with the job that it began',
      [{ path: 'Idempotency-Key', message: 'not supported here' }],
    );
  if (route.endpoint.secret)
    throw new CodedError(
      'INVALID_INPUT',
      'Idempotency-Key cannot be used here: the answer holds a secret, which is never kept',
      [{ path: 'Idempotency-Key', message: 'not supported here' }],
    );

  if (!KEY.test(key))
    throw new CodedError('INVALID_INPUT', 'Idempotency-Key is malformed', [
      { path: 'Idempotency-Key', message: 'malformed', allowed: '1 to 200 visible ASCII signs' },
    ]);
}

function replayed(
  known: { readonly requestHash: string; readonly status: number; readonly body: unknown },
  requestHash: string,
): ApiAnswer {
  if (known.requestHash !== requestHash)
    throw new CodedError('CONFLICT', 'this Idempotency-Key was used for another request', [
      { path: 'Idempotency-Key', message: 'used for another request' },
    ]);
  return { status: known.status, body: known.body, headers: { 'Idempotency-Replayed': 'true' } };
}
