// `sopflow export ledger`: the whole ledger as JSONL, streamed.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { findRemote } from '../remote';

export async function runExport(args: readonly string[]): Promise<number> {
  if (args[0] !== 'ledger') {
    process.stderr.write(`export what? "${args[0] ?? ''}" is unknown; allowed: ledger\n`);
    return 2;
  }
  const answer = await findRemote(process.env).fetch('/api/v1/ledger:export');
  if (answer.body)
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), process.stdout, {
      end: false,
    });
  return 0;
}
