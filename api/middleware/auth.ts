// Who is calling: a bearer key looked up by its hash, the same answer for a missing, unknown or revoked one.

import type { Request } from 'express';
import type { KeyStore } from '../../ports/keys';
import { CodedError } from '../../rules/base/errors';
import type { Caller, Route } from '../exchange';
import { hashOf } from '../secrets';

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** Sees no city at all. */
const NOBODY: Caller = { keyId: 'public', name: 'public', role: 'viewer', cities: [] };

/** @throws CodedError UNAUTHENTICATED, FORBIDDEN */
export async function authorise(
  keys: KeyStore,
  request: Pick<Request, 'headers'>,
  route: Route,
): Promise<Caller> {
  if (route.permit === 'public') return NOBODY;
  const secret = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const key = await keys.findByHash(hashOf(secret));
  if (key === null || key.revokedAt !== undefined)
    throw new CodedError('UNAUTHENTICATED', 'a valid key is needed: Authorization: Bearer <key>');
  if (!route.permit.includes(key.role))
    throw new CodedError('FORBIDDEN', `the role ${key.role} may not do this`, [
      {
        path: 'role',
        message: 'not allowed here',
        value: key.role,
        allowed: route.permit.join(', '),
      },
    ]);
  if (route.endpoint.everyCity && key.cities !== undefined)
    throw new CodedError('FORBIDDEN', 'this concerns all cities, and the key is limited to some', [
      {
        path: 'cities',
        message: 'limited',
        value: key.cities.join(', '),
        allowed: 'a key for all cities',
      },
    ]);
  return key;
}
