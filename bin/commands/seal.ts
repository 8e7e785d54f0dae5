// `sopflow seal`: has the hours of the ledger that are over sealed, and adds their seals to a file.

import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { readArgs, UsageError } from '../../embedded/usage';
import { createSealFile } from '../../integrations/archive/sealFile';
import type { SealStore } from '../../ports/seals';
import { linesOf } from '../../reports/lines';
import { hoursLater, type Seal, type SealLine } from '../../rules/ledger/seal/seal';
import { findRemote, type Remote } from '../remote';

const ASK_AGAIN_MS = 500;
const PATIENCE_MS = 120_000;

/** Exit status: 0 the file has every hour that is over, 1 it has not, 2 it could not be asked for. */
export async function runSeal(args: readonly string[]): Promise<number> {
  const file = fileIn(args);
  try {
    const remote = findRemote(process.env);
    const due = await sealed(remote);
    const until = await createSealFile(file).takeFrom(sealsOf(remote));

    const end = until === null ? '-' : hoursLater(until, 1);
    process.stderr.write(`已封存至 sealed until: ${end}, ${file}\n`);
    return due === null || (until !== null && until >= due) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`sopflow seal: ${(error as Error).message}\n`);
    return 2;
  }
}

function fileIn(args: readonly string[]): string {
  const { to } = readArgs(args, { options: { to: { type: 'string' } } }).values;
  if (to === undefined) throw new UsageError('缺少 --to · --to is missing');
  return to;
}

/** Waits until the last hour that is over is sealed, as long as that may take. Answers that hour; null: there is none. */
async function sealed(remote: Remote): Promise<string | null> {
  const answer = await remote.fetch('/api/v1/ledger:seal', { method: 'POST' });
  const { due } = (await answer.json()) as { due: string | null };
  if (due === null) return null;

  for (let waited = 0; waited < PATIENCE_MS; waited += ASK_AGAIN_MS) {
    const latest = await sealOf(remote, 'latest');
    if (latest && latest.hour >= due) break;
    await delay(ASK_AGAIN_MS);
  }

  return due;
}

const sealsOf = (remote: Remote): Pick<SealStore, 'find' | 'export'> => ({
  find: (hour) => sealOf(remote, hour),
  export: (after) => exported(remote, after),
});

async function sealOf(remote: Remote, hour: string): Promise<Seal | null> {
  const path = `/api/v1/seals/${encodeURIComponent(hour)}`;
  try {
    return (await (await remote.fetch(path)).json()) as Seal;
  } catch (error) {
    if ((error as Error).message.includes(' 404 ')) return null;
    throw error;
  }
}

async function* exported(remote: Remote, after: string | undefined): AsyncGenerator<SealLine> {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  const { body } = await remote.fetch(`/api/v1/seals:export${query}`);
  if (!body) return;

  for await (const line of linesOf(body as ReadableStream<Uint8Array>))
    yield JSON.parse(line) as SealLine;
}
