// Leads as the pool has them, from its start on: what the poller never saw is taken now.

import { instantAt } from '../../rules/time/instant';
import type { BookPageInput, BookPageResult } from '../contract';
import type { BookDeps } from '../deps';

const PAGE = 200;

export async function readLeads(
  { leadPool, late, callbackBooks }: BookDeps,
  { from, to, cursor }: BookPageInput,
): Promise<BookPageResult> {
  if (!callbackBooks.has('iop')) return { looked: 0, found: {}, next: null };

  const page = await leadPool.fetch(cursor ?? '', PAGE);
  const [since, until] = [instantAt(from, 'from'), instantAt(to, 'to')];
  const asked = page.leads.filter(({ createdAt }) => {
    const at = instantAt(createdAt, 'createdAt');
    return since <= at && at < until;
  });
  const missed = await late.leads(asked);

  const isLast = page.leads.length + page.malformed.length < PAGE || page.cursor === cursor;
  return {
    looked: asked.length + page.malformed.length,
    found: {
      ...(missed > 0 && { 'lead-missed': missed }),
      ...(page.malformed.length > 0 && { unreadable: page.malformed.length }),
    },
    next: isLast ? null : page.cursor,
  };
}
