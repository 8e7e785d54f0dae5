// Imports of files as the command line asks the API for them.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ImportAsked, ImportJob } from '../../ports/imports';
import type { Remote } from '../remote';

export type RemoteFetch = Pick<Remote, 'fetch'>;

/** As the API answers it. */
export type ShownImport = Omit<ImportJob, 'owner'>;

/** What is said of the file on the command line. */
export type FileAsked = Omit<ImportAsked, 'statedAt' | 'timezone'> & {
  readonly timezone?: string;
  /** Of when the file is, as it was typed. */
  readonly date?: string;
};

const PATH = '/api/v1/imports';

/** The job that an earlier call began with the same file and the same options, if it has not ended. */
export async function openImport(
  remote: RemoteFetch,
  file: string,
  asked: FileAsked,
): Promise<ShownImport | undefined> {
  const digest = await digestOf(file);
  const answer = await remote.fetch(`${PATH}?digest=${digest}&limit=500`);
  const { items } = (await answer.json()) as { readonly items: readonly ShownImport[] };
  return items.find(
    (job) => ['waiting', 'running'].includes(job.state) && isAsked(job.asked, asked),
  );
}

/** A date cannot be compared with the instant that became of it; the server does so once it has the file. */
function isAsked({ statedAt, timezone, ...known }: ImportAsked, asked: FileAsked): boolean {
  const { date, timezone: wanted = timezone, ...rest } = asked;
  const isDated = date !== undefined || statedAt !== undefined;
  return !isDated && wanted === timezone && isDeepStrictEqual(known, rest);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Sends the file as it is read. */
export async function uploadFile(
  remote: RemoteFetch,
  file: string,
  { mapping, replace, dryRun, ...texts }: FileAsked,
): Promise<ShownImport> {
  const query = new URLSearchParams({
    name: basename(file),
    ...texts,
    ...{ replace: String(replace), dryRun: String(dryRun) },
    ...(mapping && { mapping: JSON.stringify(mapping) }),
  });
  const answer = await remote.fetch(`${PATH}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
  });
  return (await answer.json()) as ShownImport;
}

export async function findImport(remote: RemoteFetch, id: string): Promise<ShownImport> {
  return (await (await remote.fetch(`${PATH}/${id}`)).json()) as ShownImport;
}

/** Writes the rows that were refused beside the file, readable to nobody else. Answers the name. */
export async function writeRefused(remote: RemoteFetch, id: string, file: string): Promise<string> {
  const name = `${file}.refused.csv`;
  const { body } = await remote.fetch(`${PATH}/${id}/refused`);
  if (body) await pipeline(body, createWriteStream(name, { mode: 0o600 }));
  return name;
}

/** Line, counting line and contact of rows whose contact comes again, the first of them. */
export async function firstRepeats(
  remote: RemoteFetch,
  id: string,
  most: number,
): Promise<readonly string[]> {
  const text = await (await remote.fetch(`${PATH}/${id}/repeated`)).text();
  return text
    .trim()
    .split('\r\n')
    .slice(1, most + 1);
}
