// The calls that WeCom's clients are made of: a path under externalcontact, posted, and lists walked to their end.

import { z } from 'zod';
import { createCall, type WecomOptions } from './call';

export type WecomApi = ReturnType<typeof createWecomApi>;

/** The answer of calls that say no more than that they were taken. */
export const nothing = z.unknown();

export function createWecomApi(options: WecomOptions) {
  const call = createCall(options);
  const contactPath = (name: string) => `/cgi-bin/externalcontact/${name}`;

  return {
    call,
    contactPath,
    post: <T>(name: string, body: object, schema: z.ZodType<T>) =>
      call({ method: 'POST', path: contactPath(name), body }, schema),
  };
}

/** Walks a list to its end. WeCom refuses an empty cursor in some calls, so the first page has none. */
export async function allPages<T>(
  fetchPage: (cursor: {
    cursor?: string;
  }) => Promise<{ readonly rows: readonly T[]; readonly next: string }>,
): Promise<readonly T[]> {
  const rows: T[] = [];
  let cursor: { cursor?: string } = {};

  for (;;) {
    const page = await fetchPage(cursor);
    rows.push(...page.rows);
    if (page.next === '') return rows;
    cursor = { cursor: page.next };
  }
}
