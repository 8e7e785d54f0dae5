// Seals the hours of the ledger that are over, one after the other, and writes them to where they are out of the database's reach.

import type { SealTry } from '../ports/seals';
import type { LedgerRow } from '../rules/ledger/rows';
import {
  beginSealing,
  hourOf,
  hoursLater,
  LATE_HOURS,
  type SealedLine,
  type Sealing,
  sealableUntil,
} from '../rules/ledger/seal/seal';
import { sealedRowId } from '../rules/ledger/subject';
import { formatInstant } from '../rules/time/instant';
import type { SealResult } from './contract';
import type { ActivityDeps } from './deps';

/** Hours sealed in one go. */
const MOST_HOURS = 24;
const PAGE = 500;

type SealDeps = Pick<ActivityDeps, 'clock' | 'ledgerKey' | 'sealArchive'> & {
  readonly stores: Pick<ActivityDeps['stores'], 'seals' | 'touches'>;
};

/** @param name tells this try from another one, before it or beside it. */
export async function sealHours(deps: SealDeps, name: string): Promise<SealResult> {
  const { stores, clock } = deps;
  const due = sealableUntil(clock.now());
  const latest = await stores.seals.latest();
  const first = latest ? hoursLater(latest.hour, 1) : await firstHour(stores.touches);

  if (first === null || first >= due) {
    await deps.sealArchive?.takeFrom(stores.seals);
    return { sealed: 0, until: first, more: false };
  }

  const until = [hoursLater(first, MOST_HOURS), due].sort()[0] ?? due;
  const sealed = await sealFrom(deps, { first, until, name, previous: latest?.seal ?? '' });
  await deps.sealArchive?.takeFrom(stores.seals);

  return { sealed, until, more: until < due };
}

async function firstHour({ export: rows }: SealDeps['stores']['touches']): Promise<string | null> {
  for await (const { at } of rows()) return hourOf(at);
  return null;
}

interface Span {
  readonly first: string;
  readonly until: string;
  readonly name: string;
  readonly previous: string;
}

/** Answers how many hours it sealed; it ends early when another try was faster. */
async function sealFrom(deps: SealDeps, { first, until, name, previous }: Span): Promise<number> {
  const since = hoursLater(first, -LATE_HOURS);
  const known = await sealedSince(deps, since);
  let hour = openHour(deps, { hour: first, name }, previous);
  let sealed = 0;

  for await (const row of deps.stores.touches.export(since, until)) {
    if (known.has(sealedRowId(row))) continue;

    while (row.at >= hour.end) {
      const seal = await hour.close();
      if (seal === null) return sealed;
      sealed += 1;
      hour = openHour(deps, { hour: hour.end, name }, seal);
    }
    await hour.add(row);
  }

  // Hours without rows are sealed, too: a chain of hours has no hole.
  for (;;) {
    const seal = await hour.close();
    if (seal === null) return sealed;
    sealed += 1;
    if (hour.end >= until) return sealed;
    hour = openHour(deps, { hour: hour.end, name }, seal);
  }
}

/** Ids of the rows that were sealed with the hours since one. */
async function sealedSince({ stores: { seals } }: SealDeps, since: string) {
  const known = new Set<string>();
  for await (const line of seals.export(hoursLater(since, -1)))
    if (line.kind === 'row') known.add(line.row);

  return known;
}

/** An hour that is being sealed; its lines are kept by the page, so that they are never all in memory. */
function openHour(
  { stores: { seals }, clock, ledgerKey: key }: SealDeps,
  attempt: SealTry,
  previous: string,
) {
  const sealing: Sealing = beginSealing(attempt.hour, { previous, key });
  let lines: SealedLine[] = [];
  let pages = 0;

  async function keep(line: SealedLine): Promise<void> {
    lines.push(line);
    if (lines.length >= PAGE) await flush();
  }

  async function flush(): Promise<void> {
    if (lines.length === 0) return;
    await seals.keep(attempt, pages, lines);
    pages += 1;
    lines = [];
  }

  return {
    end: hoursLater(attempt.hour, 1),
    add: (row: LedgerRow) => keep(sealing.add(row)),

    /** The hour's seal; null: another try has sealed it. */
    async close(): Promise<string | null> {
      const { heads, seal } = sealing.close(formatInstant(clock.now()));
      for (const head of heads) await keep(head);
      await flush();

      return (await seals.commit(seal, attempt, pages)) ? seal.seal : null;
    },
  };
}
