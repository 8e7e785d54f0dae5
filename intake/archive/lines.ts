// The lines of an archive: where contacts begin, and hour by hour the rows and what seals them. Made again they are the same lines.

import type { ArchiveHeader } from '../../rules/ledger/archive/archive';
import { canonicalJson } from '../../rules/ledger/chain';
import type { LedgerRow } from '../../rules/ledger/rows';
import { hoursLater } from '../../rules/ledger/seal/seal';
import { pseudonymous } from '../../rules/ledger/subject';
import type { ArchiveDeps } from './deps';

/** @param until ISO: what was planned. */
export async function* archiveLines(
  { stores }: Pick<ArchiveDeps, 'stores'>,
  until: string,
): AsyncGenerator<string> {
  const { archives, seals, touches } = stores;
  const latest = await archives.latest();
  const header: ArchiveHeader = {
    ...({ kind: 'ledger-archive', version: 1, until } as const),
    ...(latest && { after: latest.until }),
    previousSeal: latest?.seal ?? '',
  };
  yield canonicalJson(header);

  if (latest)
    for await (const beginning of archives.beginnings(latest.until)) yield canonicalJson(beginning);

  const rows = openRows(touches.export(undefined, until));
  let hour = '';
  for await (const line of seals.export(latest ? hoursLater(latest.until, -1) : undefined)) {
    if (line.hour >= until) break;
    if (line.hour !== hour) {
      hour = line.hour;
      yield* rows.before(hoursLater(hour, 1));
    }
    yield canonicalJson(line);
  }
}

/** Rows in order, taken by the hour. */
function openRows(rows: AsyncIterable<LedgerRow>) {
  const all = rows[Symbol.asyncIterator]();
  let next: IteratorResult<LedgerRow> | undefined;

  return {
    async *before(end: string): AsyncGenerator<string> {
      next ??= await all.next();
      while (!next.done && next.value.at < end) {
        yield canonicalJson(pseudonymous(next.value));
        next = await all.next();
      }
    },
  };
}
