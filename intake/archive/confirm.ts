// An archive is confirmed: its file has exactly the lines that the ledger would write now, and ends with the ledger's own seal. From
// the one write at the end on, its rows are the file's, and may leave the ledger.

import { CodedError } from '../../rules/base/errors';
import { type KeptArchive, signedArchive } from '../../rules/ledger/archive/archive';
import { beginningAt, chainEndOf } from '../../rules/ledger/archive/beginning';
import { canonicalJson } from '../../rules/ledger/chain';
import { createMerkleTree } from '../../rules/ledger/seal/merkle';
import { hoursLater } from '../../rules/ledger/seal/seal';
import { formatInstant } from '../../rules/time/instant';
import { contactsBefore } from './contacts';
import type { ArchiveDeps } from './deps';
import { archiveLines } from './lines';
import { type ArchivePlan, planArchive } from './plan';

/** What is said of a file that is written, flushed and verified. */
export interface ArchiveWritten {
  /** ISO: the rows before it are in it. */
  readonly until: string;
  /** Root of the Merkle tree over its lines. */
  readonly file: string;
  /** The last seal in it. */
  readonly seal: string;
}

/**
 * Repeats are harmless; a crash before the last write leaves the ledger as it was.
 * @throws CodedError CONFLICT when the file is not what the ledger holds
 */
export async function confirmArchive(
  deps: ArchiveDeps,
  written: ArchiveWritten,
  asked: { readonly by: string; readonly reason: string },
): Promise<KeptArchive> {
  const { archives } = deps.stores;
  const { until, file } = written;
  const known = await archives.find(until);
  if (known?.file === file) return known;
  if (known) throw new CodedError('CONFLICT', `the archive until ${until} is another file`);

  const plan = await planArchive(deps, until);
  if (plan.until !== until)
    throw new CodedError('CONFLICT', `the ledger can be archived until ${plan.until ?? '-'} only`);
  await assertSame(deps, written);
  await layDownBeginnings(deps, plan);

  const archive = await archiveOf(deps, { plan, written, ...asked });
  if (!(await archives.keep(archive)))
    throw new CodedError('CONFLICT', 'another archive was confirmed meanwhile');

  return { ...archive, state: 'removing' };
}

async function assertSame(deps: ArchiveDeps, { until, file, seal }: ArchiveWritten): Promise<void> {
  const hour = hoursLater(until, -1);
  const own = await deps.stores.seals.find(hour);
  if (own?.seal !== seal)
    throw new CodedError('CONFLICT', `the file ends with another seal than that of ${hour}`);

  const tree = createMerkleTree();
  for await (const line of archiveLines(deps, until)) tree.add(line);
  if (tree.root() !== file)
    throw new CodedError('CONFLICT', 'the file has other lines than the ledger; write it again');
}

/** Before the archive is in force they count for nothing. */
async function layDownBeginnings(deps: ArchiveDeps, { until, rows }: ArchivePlan): Promise<void> {
  const { key, stores } = deps;
  const end = until ?? '';
  let seen = 0;

  for await (const page of contactsBefore(deps, end)) {
    await stores.archives.layDown(
      page.map(({ contactId, rows, before }) =>
        beginningAt(chainEndOf(rows, before), { contactId, until: end, ...(key && { key }) }),
      ),
    );
    seen += page.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  if (seen !== rows)
    throw new CodedError('CONFLICT', 'rows of these hours came meanwhile; write the file again');
}

async function archiveOf(
  { stores: { archives }, clock, key }: ArchiveDeps,
  confirmed: {
    readonly plan: ArchivePlan;
    readonly written: ArchiveWritten;
    readonly by: string;
    readonly reason: string;
  },
) {
  const { plan, written, by, reason } = confirmed;
  const { hours, rows, contacts } = plan;
  const latest = await archives.latest();
  const tree = createMerkleTree();
  for await (const beginning of archives.beginnings(written.until))
    tree.add(canonicalJson(beginning));

  return signedArchive(
    {
      ...{ number: (latest?.number ?? 0) + 1, hours, rows, contacts },
      ...{ until: written.until, file: written.file, seal: written.seal },
      ...{ beginnings: tree.root(), previous: latest?.code ?? '' },
      ...{ by, reason, at: formatInstant(clock.now()) },
    },
    key,
  );
}
