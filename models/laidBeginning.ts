// What is kept of where a contact begins: in force now, and laid down for the archive that is being made.

import type { Beginning } from '../rules/ledger/archive/beginning';

export interface LaidBeginning {
  readonly current?: Beginning;
  readonly next?: Beginning;
}

/** What counts if the archive until an instant (ISO) is the latest; undefined: the contact has no archived row. */
export function countingAt({ current, next }: LaidBeginning, until: string): Beginning | undefined {
  if (next && next.until <= until) return next;
  return current;
}

/**
 * With another beginning laid down; `latest` (ISO) is where the latest archive in force ends. Whoever was overtaken and still lays
 * down an older one changes nothing.
 */
export function withNext(laid: LaidBeginning, next: Beginning, latest: string): LaidBeginning {
  if (next.until <= latest) return laid;

  const current = countingAt(laid, latest);
  return { ...(current && { current }), next };
}
