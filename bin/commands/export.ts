// `sopflow export`: the whole ledger as JSONL, or the versions of policies and holidays that its proof needs; streamed.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { readArgs, UsageError } from '../../embedded/usage';
import { findRemote, type Remote } from '../remote';
import { policyLines } from '../versions';

const SOURCES: Readonly<Record<string, (remote: Remote) => Promise<Readable>>> = {
  async ledger(remote) {
    const { body } = await remote.fetch('/api/v1/ledger:export');
    return body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]);
  },
  policies: async (remote) => Readable.from(policyLines(remote)),
};

export async function runExport(args: readonly string[]): Promise<number> {
  const [what = ''] = readArgs(args, { words: ['ledger|policies'] }).words;
  const source = Object.hasOwn(SOURCES, what) ? SOURCES[what] : undefined;
  if (!source)
    throw new UsageError(
      `不能导出 · cannot export ${JSON.stringify(what)}; allowed: ${Object.keys(SOURCES).join(', ')}`,
    );

  await pipeline(await source(findRemote(process.env)), process.stdout, { end: false });
  return 0;
}
