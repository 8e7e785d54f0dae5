// `sopflow export`: the whole ledger as JSONL, the versions of policies and holidays that its proof needs, or one customer; streamed.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { readArgs, UsageError } from '../../embedded/usage';
import { findRemote, type Remote } from '../remote';
import { policyLines } from '../versions';

interface Source {
  /** The words that are typed behind it. */
  readonly words: readonly string[];
  open(remote: Remote, words: readonly string[]): Promise<Readable>;
}

const SOURCES: Readonly<Record<string, Source>> = {
  ledger: { words: [], open: (remote) => answerOf(remote, '/api/v1/ledger:export') },
  policies: { words: [], open: async (remote) => Readable.from(policyLines(remote)) },
  contact: {
    words: ['contactId'],
    open: (remote, [contactId = '']) =>
      answerOf(remote, `/api/v1/contacts/${encodeURIComponent(contactId)}:export`),
  },
};

async function answerOf(remote: Remote, path: string): Promise<Readable> {
  const { body } = await remote.fetch(path);
  return body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]);
}

export async function runExport(args: readonly string[]): Promise<number> {
  const [what = ''] = readArgs(args, { words: ['ledger|policies|contact'], more: true }).words;
  const source = Object.hasOwn(SOURCES, what) ? SOURCES[what] : undefined;
  if (!source)
    throw new UsageError(
      `不能导出 · cannot export ${JSON.stringify(what)}; allowed: ${Object.keys(SOURCES).join(', ')}`,
    );

  const { words } = readArgs(args, { words: ['what', ...source.words] });
  const rows = await source.open(findRemote(process.env), words.slice(1));
  await pipeline(rows, process.stdout, { end: false });
  return 0;
}
