// API keys: made from random bytes, kept as SHA-256 only, and the first one without which nobody could make another.

import { createHash, randomBytes } from 'node:crypto';
import type { KeyStore } from '../ports/auth';
import type { Clock } from '../ports/clock';

export const hashOf = (secret: string | Buffer): string =>
  createHash('sha256').update(secret).digest('hex');

export const makeSecret = (): string => `sop_${randomBytes(32).toString('base64url')}`;

export const makeKeyId = (): string => `key_${randomBytes(9).toString('base64url')}`;

/**
 * Sees to it that somebody can sign in. A configured key is always known (unless it was revoked), which is also the way back
 * in when every other key is lost; without one a key is made for an empty store.
 * @returns the secret to be shown once, or null when none was made.
 */
export async function ensureAdminKey(
  keys: KeyStore,
  clock: Clock,
  configured: string | undefined,
): Promise<string | null> {
  if (
    configured !== undefined
      ? (await keys.findByHash(hashOf(configured))) !== null
      : !(await keys.isEmpty())
  )
    return null;

  const secret = configured ?? makeSecret();
  const createdAt = new Date(clock.now()).toISOString();

  await keys.add(
    { keyId: makeKeyId(), name: 'first admin', role: 'admin', createdAt },
    hashOf(secret),
  );

  return configured === undefined ? secret : null;
}
