// `sopflow archive ledger`: takes old hours out of the ledger into a file, which has them before the ledger loses them.

import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadableStream } from 'node:stream/web';
import { readArgs, UsageError } from '../../embedded/usage';
import type { ArchivePlan } from '../../intake/archive/plan';
import type { Removal } from '../../intake/archive/remove';
import { moveFlushed, writeFlushed } from '../../integrations/archive/lineFile';
import { linesOf } from '../../reports/lines';
import { type ArchiveRead, verifyArchive } from '../../reports/proof/archiveFile';
import { CodedError } from '../../rules/base/errors';
import type { KeptArchive } from '../../rules/ledger/archive/archive';
import type { KeyRing } from '../../rules/ledger/keyRing';
import { findLedgerKeys } from '../ledgerKeys';
import { FOLLOW_MEANS, type FollowMeans } from '../means';
import type { Remote } from '../remote';
import { renderPlan } from './archiveWords';

interface Asked {
  readonly before: string;
  readonly to: string;
  readonly reason: string;
  readonly dryRun: boolean;
}

type Api = Pick<Remote, 'fetch'>;

/** Exit status: 0 all that was asked for is archived, 1 less is, 2 it failed; asked again it goes on where it stopped. */
export async function runArchive(
  args: readonly string[],
  means: FollowMeans = FOLLOW_MEANS,
): Promise<number> {
  const asked = read(args);
  try {
    return await archive(means.remote(), asked, means);
  } catch (error) {
    means.progress.write(`sopflow archive: ${(error as Error).message}\n`);
    return 2;
  }
}

function read(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const options = { before: text, to: text, reason: text, 'dry-run': { type: 'boolean' } } as const;
  const { values, words } = readArgs(args, { options, words: ['ledger'] });
  const { before, to, reason, 'dry-run': dryRun = false } = values;

  if (words[0] !== 'ledger')
    throw new UsageError(`不能归档 · cannot archive ${JSON.stringify(words[0])}; allowed: ledger`);
  if (before === undefined) throw new UsageError('缺少 --before · --before is missing');
  if (dryRun) return { before, to: '', reason: '', dryRun };
  if (to === undefined) throw new UsageError('缺少 --to · --to is missing');
  if (!reason) throw new UsageError('缺少 --reason · --reason is missing');

  return { before, to, reason, dryRun };
}

async function archive(
  remote: Api,
  { before, to, reason, dryRun }: Asked,
  means: FollowMeans,
): Promise<number> {
  if (!dryRun) await goOnRemoving(remote, means);

  for (;;) {
    const plan = await post<ArchivePlan>(remote, '/api/v1/ledger:archive', { before });
    means.output.write(`${renderPlan(plan)}\n`);
    if (plan.until !== null && !dryRun)
      await archiveUntil(remote, plan.until, { to, reason, means });

    const isFull = plan.holds.some(({ why }) => why === 'file-full');
    if (!isFull || dryRun) return plan.holds.every(({ why }) => why === 'file-full') ? 0 : 1;
  }
}

async function archiveUntil(
  remote: Api,
  until: string,
  { to, reason, means }: Pick<Asked, 'to' | 'reason'> & { readonly means: FollowMeans },
): Promise<void> {
  const file = join(to, nameOf(until));
  const { root, seal } = await write(remote, until, file);
  const confirm = { file: root, seal, reason };
  await post(remote, '/api/v1/ledger:archive', { before: until, confirm });

  means.progress.write(`已写入并确认 written and confirmed: ${file}\n`);
  await remove(remote, until, means);
}

/** By its last hour, as its rows are told apart: `ledger-2026-03-02T09Z.jsonl` has those before nine. */
const nameOf = (until: string): string => `ledger-${until.slice(0, 13)}Z.jsonl`;

/** What was confirmed is in its file: whoever died before the last row had left is followed by the next. It also looks for rows that came back. */
async function goOnRemoving(remote: Api, means: FollowMeans): Promise<void> {
  const answer = await remote.fetch('/api/v1/archives');
  const { items } = (await answer.json()) as { items: readonly KeptArchive[] };
  const latest = items.at(-1);
  if (latest) await remove(remote, latest.until, means);
}

async function remove(remote: Api, until: string, { output }: FollowMeans): Promise<void> {
  const path = `${archivePath(until)}:remove`;
  for (;;) {
    const { archive, removed } = await post<Removal>(remote, path);
    output.write(`已移除 removed: ${removed} 行 rows, 至 until ${until}\n`);
    if (archive.state === 'removed') return;
  }
}

const archivePath = (until: string): string => `/api/v1/archives/${encodeURIComponent(until)}`;

async function post<T>(remote: Api, path: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const given = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  return (await (await remote.fetch(path, { method: 'POST', ...given })).json()) as T;
}

/** The file is whole, on the disk, and read again before anybody is told of it. */
async function write(remote: Api, until: string, file: string): Promise<ArchiveRead> {
  const keys = findLedgerKeys(process.env);
  const part = `${file}.part`;
  const { body } = await remote.fetch(`${archivePath(until)}:export`);
  if (!body) throw new CodedError('UNAVAILABLE', 'the archive has no lines');

  await writeFlushed(part, body as ReadableStream<Uint8Array>);
  const written = await verified(part, keys);
  await assertFree(file, written, keys);
  await moveFlushed(part, file);

  return written;
}

/** @throws CodedError CONFLICT naming the first fault */
async function verified(name: string, keys: KeyRing): Promise<ArchiveRead> {
  const lines = linesOf(createReadStream(name));
  const { read, faults } = await verifyArchive({ name, lines }, keys);
  const [fault = 'it is no archive'] = faults;
  if (!read || faults.length > 0)
    throw new CodedError('CONFLICT', `${name}: ${fault}; nothing is taken out of the ledger`);

  return read;
}

/** The file of a try that came no further is written again; any other one is somebody's. */
async function assertFree(file: string, { root }: ArchiveRead, keys: KeyRing): Promise<void> {
  if (!existsSync(file)) return;

  const lines = linesOf(createReadStream(file));
  const { read } = await verifyArchive({ name: file, lines }, keys);
  if (read?.root === root) return;
  throw new CodedError('CONFLICT', `${file}: holds something else; move it, and archive again`);
}
