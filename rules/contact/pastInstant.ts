// Claims about the past: nobody can have heard of what has not happened yet, though clocks differ by a few minutes.

import { CodedError } from '../base/errors';
import { formatInstant, instantAt } from '../time/instant';
import { INSTANT_FACTS } from './knownFacts';
import type { ImportRow } from './profile';
import { AHEAD, MAX_AHEAD_MS } from './statements';

/**
 * The instant of a claim (UTC), never later than `now` (milliseconds).
 * @throws CodedError INVALID_INPUT when it is more than five minutes ahead
 */
export function pastInstant(at: string, now: number, path: string): string {
  const instant = instantAt(at, path);
  if (instant <= now + MAX_AHEAD_MS) return formatInstant(Math.min(instant, now));

  const message = `${at} is ahead of now, ${formatInstant(now)}`;
  throw new CodedError('INVALID_INPUT', `${path}: ${message}; allowed: ${AHEAD}`, [
    { path, message, value: at, allowed: AHEAD },
  ]);
}

/** The same of those fields of an object that are there. */
export function pastFields<T extends object>(
  claims: T,
  fields: readonly string[],
  now: number,
  place = '',
): T {
  const past = fields.flatMap((field) => {
    const at: unknown = Reflect.get(claims, field);
    return typeof at === 'string' ? [[field, pastInstant(at, now, `${place}${field}`)]] : [];
  });
  return past.length === 0 ? claims : { ...claims, ...Object.fromEntries(past) };
}

/** A row of an import, or a change, with none of its claims about the past ahead of now. */
export function pastClaims<
  T extends Pick<ImportRow, 'asOf' | 'consentsAt' | 'activatedAt' | 'facts' | 'relations'>,
>(row: T, now: number): T {
  const { facts, relations } = row;
  return {
    ...pastFields(row, ['asOf', 'consentsAt', 'activatedAt'], now),
    ...(facts && { facts: pastFields(facts, INSTANT_FACTS, now, 'facts.') }),
    ...(relations && {
      relations: relations.map((relation, i) =>
        pastFields(relation, ['addedAt', 'removedAt'], now, `relations[${i}].`),
      ),
    }),
  };
}
