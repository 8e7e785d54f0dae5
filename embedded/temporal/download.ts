// Fetches the Temporal CLI from the service the SDKs use; fails at once where that host does not resolve.
import { lookup } from 'node:dns/promises';
import { chmodSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../../rules/base/errors';
import { run } from '../commands';
import { checkCli } from './cli';

export const DOWNLOAD_URL = 'https://temporal.download/cli/archive/latest';

const DNS_MS = 2_000;
const ANSWER_MS = 5_000;
const BODY_MS = 120_000;

/** Downloads and unpacks the CLI into `folder` as `temporal`. @throws CodedError UNAVAILABLE in words. */
export async function downloadCli(folder: string, url: string = DOWNLOAD_URL): Promise<void> {
  await assertResolves(new URL(url).hostname);
  const archive = join(folder, 'temporal.tar.gz');
  writeFileSync(
    archive,
    await fetchArchive(`${url}?platform=${process.platform}&arch=${goArch()}`),
  );
  const unpacked = await run('tar', ['-xzf', archive, '-C', folder]);
  if (!unpacked.ok)
    throw unavailable(`unpacking the Temporal CLI: tar ${unpacked.ended}: ${unpacked.output}`);

  const cli = join(folder, 'temporal');
  chmodSync(cli, 0o755);
  const check = await checkCli(cli);
  if (!check.fits) throw unavailable(`the downloaded CLI: ${check.why}`);
}

/** @throws CodedError UNAVAILABLE when the host is unknown here. */
export async function assertResolves(host: string): Promise<void> {
  if (isIP(host)) return;

  const answer = await Promise.race([
    lookup(host).then(
      () => 'resolved',
      (error: Error) => error.message,
    ),
    delay(DNS_MS, `no answer of DNS within ${DNS_MS / 1000} s`, { ref: false }),
  ]);
  if (answer !== 'resolved') throw unavailable(`${host} does not resolve here (${answer})`);
}

async function fetchArchive(url: string): Promise<Buffer> {
  const abort = new AbortController();
  const early = setTimeout(
    () => abort.abort(new Error(`no answer within ${ANSWER_MS / 1000} s`)),
    ANSWER_MS,
  );

  const late = setTimeout(
    () => abort.abort(new Error(`not complete within ${BODY_MS / 1000} s`)),
    BODY_MS,
  );

  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(early);
    if (!response.ok) throw unavailable(`${url} answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw unavailable(`${url}: ${(error as Error).message}`, error);
  } finally {
    clearTimeout(early);
    clearTimeout(late);
  }
}

function goArch(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

function unavailable(text: string, cause?: unknown): CodedError {
  return new CodedError('UNAVAILABLE', text, [], { cause });
}
