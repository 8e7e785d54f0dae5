// Lists by cursor: the last id of a page is where the next one begins.

import { z } from 'zod';

const LIMIT = 100;

export const pageQuery = {
  after: z.string().min(1).max(600).exactOptional(),
  limit: z.coerce.number().int().min(1).max(500).default(LIMIT),
};

/** `next` is null when this page is the last. */
export function page<T>(
  items: readonly T[],
  limit: number,
  idOf: (item: T) => string,
): { readonly items: readonly T[]; readonly next: string | null } {
  const last = items.at(-1);
  return { items, next: items.length < limit || last === undefined ? null : idOf(last) };
}
