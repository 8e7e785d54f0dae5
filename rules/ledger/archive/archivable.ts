// Which rows of a contact may not be archived yet: those of touches that are not over, and those that would leave a hole behind.

import { chainOf } from '../proof/links';
import type { LedgerRow } from '../rows';
import { hourOf } from '../seal/seal';
import type { ChainEnd } from './beginning';

/** A row that must stay: only hours before its own can be archived. */
export interface StayingRow {
  readonly why: 'open-touch' | 'out-of-order';
  readonly touchId: string;
  /** ISO: the start of its hour. */
  readonly until: string;
}

/** A touch of which more is to come, and its first row. */
export interface UnfinishedTouch {
  readonly touchId: string;
  /** ISO. */
  readonly at: string;
}

/**
 * The touches that are reserved, tasked or taken back without an end, and those whose next attempt is still to come.
 * @param rows of one contact, in any order.
 * @param now ISO.
 */
export function unfinishedTouches(rows: readonly LedgerRow[], now: string): UnfinishedTouch[] {
  const touches = new Map<string, { first: LedgerRow; last: LedgerRow }>();

  for (const row of rows) {
    const known = touches.get(row.touchId);
    if (!known) touches.set(row.touchId, { first: row, last: row });
    else
      touches.set(row.touchId, {
        first: row.at < known.first.at ? row : known.first,
        last: isLater(row, known.last) ? row : known.last,
      });
  }

  return [...touches].flatMap(([touchId, { first, last }]) =>
    isOver(last, now) ? [] : [{ touchId, at: first.at }],
  );
}

function isOver(last: LedgerRow, now: string): boolean {
  if (last.kind === 'settlement') return last.settled !== 'withdrawn';
  if (last.verdict === 'deferred') return last.until === undefined || last.until <= now;
  return last.verdict === 'suppressed';
}

const isLater = (a: LedgerRow, b: LedgerRow): boolean =>
  a.sequence !== undefined && b.sequence !== undefined
    ? a.sequence > b.sequence
    : a.revision > b.revision || (a.revision === b.revision && a.at >= b.at);

/**
 * The first row that was written after one which is not among these: of two rows of the same instants, each on its side of the hour.
 * @param rows those of one contact before an hour, in any order.
 */
export function outOfOrder(
  rows: readonly LedgerRow[],
  before: ChainEnd | undefined,
): StayingRow | null {
  let last = before?.sequence ?? 0;
  const behind: LedgerRow[] = [];

  for (const row of chainOf(rows)) {
    if (row.sequence === undefined) continue;
    if (row.sequence !== last + 1 || behind.length > 0) behind.push(row);
    last = row.sequence;
  }

  const [first] = behind.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return first ? { why: 'out-of-order', touchId: first.touchId, until: hourOf(first.at) } : null;
}
