// The cities whose people see a claim of a name.

import type { NameClaim } from '../ports/nameClaims';

export const citiesOfClaim = ({ city, holders }: NameClaim): string[] => [
  ...new Set([city, ...holders.map((holder) => holder.city)]),
];
