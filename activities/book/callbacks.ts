// Receipts, answers, orders and call results as their systems kept them: what never arrived is taken now.

import type { CallbackSystem } from '../../ports/callbacks';
import { instantAt } from '../../rules/time/instant';
import type { BookPageInput, BookPageResult } from '../contract';
import type { BookDeps } from '../deps';

const PAGE = 200;

export const readCallbacks =
  (system: CallbackSystem) =>
  async (deps: BookDeps, { from, to, cursor }: BookPageInput): Promise<BookPageResult> => {
    const readPage = deps.callbackBooks.get(system);
    if (!readPage) return { looked: 0, found: {}, next: null };

    const span = { from: instantAt(from, 'from'), to: instantAt(to, 'to') };
    const { callbacks, unreadable, next } = await readPage({ ...span, cursor, limit: PAGE });
    const missed = await deps.late.system(callbacks);

    return {
      looked: callbacks.length + unreadable,
      found: {
        ...(missed > 0 && { 'callback-missed': missed }),
        ...(unreadable > 0 && { unreadable }),
      },
      next,
    };
  };
