// The rows of a confirmed archive leave the ledger, page by page; whoever comes next goes on with what is left. Asked again when all
// have left, it looks once more: who wrote a row at the very moment may have put it back.

import { CodedError } from '../../rules/base/errors';
import type { KeptArchive } from '../../rules/ledger/archive/archive';
import { isArchived } from '../../rules/ledger/archive/beginning';
import { formatInstant } from '../../rules/time/instant';
import { contactsBefore } from './contacts';
import type { ArchiveDeps } from './deps';

/** Rows of one call: a few seconds. */
const MOST_ROWS = 50_000;

export interface Removal {
  readonly archive: KeptArchive;
  /** Rows that this call took out. */
  readonly removed: number;
}

/** @throws CodedError NOT_FOUND: no archive until then was confirmed */
export async function removeArchived(
  deps: ArchiveDeps,
  until: string,
  mostRows = MOST_ROWS,
): Promise<Removal> {
  const { archives } = deps.stores;
  const archive = await archives.find(until);
  if (!archive) throw new CodedError('NOT_FOUND', `no archive until ${until} was confirmed`);

  let removed = 0;
  for await (const page of contactsBefore(deps, until)) {
    // A row that came later than its archive is in no file: it stays.
    const gone = page.flatMap(({ rows, before }) =>
      before ? rows.filter((row) => isArchived(row, before)) : [],
    );
    removed += await archives.remove(gone);
    if (removed >= mostRows) return { archive, removed };
  }

  await archives.end(until, formatInstant(deps.clock.now()));
  return { archive: (await archives.find(until)) ?? archive, removed };
}
