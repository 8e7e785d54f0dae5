// Whether a caller may write to a city; reads are kept to its cities by the stores.

import type { Rights } from '../ports/auth';
import { CodedError } from '../rules/base/errors';

/** @throws CodedError FORBIDDEN when a contact would be put where the caller cannot see it. */
export function assertCity(
  { cities }: Pick<Rights, 'cities'>,
  city: string | null | undefined,
): void {
  if (city === null || city === undefined || cities === undefined || cities.includes(city)) return;
  throw new CodedError('FORBIDDEN', `this key may not write to city ${city}`, [
    {
      path: 'city',
      message: 'not one of your cities',
      value: city,
      allowed: cities.join(', '),
    },
  ]);
}
