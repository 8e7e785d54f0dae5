// Who is calling, and whether it may: a bearer key looked up by its hash, the same answer for a missing, unknown or revoked one.

import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Caller, KeyStore } from '../../ports/auth';
import { CodedError } from '../../rules/base/errors';
import type { Route } from '../exchange';
import { hashOf } from '../secrets';

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** Who calls a public route: sees no city at all. */
export const ANYBODY: Caller = {
  credential: { kind: 'none', id: 'public' },
  name: 'public',
  role: 'viewer',
  cities: [],
};

const bearerOf = (authorization: unknown): string =>
  typeof authorization === 'string' ? (BEARER.exec(authorization)?.[1] ?? '') : '';

const noKey = (): CodedError =>
  new CodedError('UNAUTHENTICATED', 'a valid key is needed: Authorization: Bearer <key>');

/** For what one configured key opens and no role does. @throws CodedError UNAUTHENTICATED */
export function assertBearer(key: string, authorization: unknown): void {
  const [given, wanted] = [bearerOf(authorization), key].map((secret) =>
    Buffer.from(hashOf(secret)),
  );
  if (!given || !wanted || !timingSafeEqual(given, wanted)) throw noKey();
}

/** @throws CodedError UNAUTHENTICATED */
export async function authenticate(
  keys: KeyStore,
  request: Pick<Request, 'headers'>,
): Promise<Caller> {
  const key = await keys.findByHash(hashOf(bearerOf(request.headers.authorization)));
  if (key === null || key.revokedAt !== undefined) throw noKey();

  const { keyId, name, role, cities } = key;
  return {
    credential: { kind: 'key', id: keyId },
    name,
    role,
    ...(cities !== undefined && { cities }),
  };
}

/** @throws CodedError FORBIDDEN */
export function authorise({ role, cities }: Caller, { permit, endpoint }: Route): void {
  if (permit === 'public') return;

  if (!permit.includes(role))
    throw new CodedError('FORBIDDEN', `the role ${role} may not do this`, [
      { path: 'role', message: 'not allowed here', value: role, allowed: permit.join(', ') },
    ]);

  if (endpoint.everyCity && cities !== undefined)
    throw new CodedError('FORBIDDEN', 'this concerns all cities, and the key is limited to some', [
      {
        path: 'cities',
        message: 'limited',
        value: cities.join(', '),
        allowed: 'a key for all cities',
      },
    ]);
}
