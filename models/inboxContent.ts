// What an inbox item says, as a digest: the same facts have the same one, in whatever order their fields came. A welcome code is not
// among them: it belongs to the post, and what is read back from WeCom's own record has none. Nor is the version of its type that took
// an event: told again after a change of the type, it says the same.

import { createHash } from 'node:crypto';
import type { Inbound, ParkedReason } from '../ports/inbox';

export function contentDigest({ kind, payload }: Pick<Inbound, 'kind' | 'payload'>): string {
  const { typeVersion, ...told } = payload;
  const said = kind === 'event' ? told : payload;
  const text = JSON.stringify([kind, said], sortedFields);
  return createHash('sha256').update(text).digest('hex');
}

function sortedFields(name: string, value: unknown): unknown {
  if (name === 'welcomeCode') return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Key under which the same id with other content is kept; `!` stands in no id, and the same content has the same key again. */
export const conflictKey = (key: string, digest: string): string => `${key}!${digest.slice(0, 16)}`;

export const conflictReason = (key: string): ParkedReason => ({
  code: 'CONFLICT',
  message: 'the same id came before with other content',
  conflictsWith: key,
});
