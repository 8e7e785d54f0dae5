// Imports of files, partly broken: the sums match, memory stays flat, and a killed process leaves nothing undone or done twice.

import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { createImportRunner } from '../intake/imports/runner';
import { keepFile } from '../intake/imports/storedFile';
import { createRowFiles } from '../integrations/files/rowFiles';
import { connectMongo } from '../models/mongo/connection';
import { contactModel } from '../models/mongo/contactDocument';
import { createStores } from '../models/mongo/stores';
import type { ImportJob, ImportStore } from '../ports/imports';
import type { FileFormat } from '../ports/rowFiles';
import { isCodedError } from '../rules/base/errors';
import { createFakeEngine } from '../test/fakes/engine';
import { withDatabase } from './database';
import { csvFile, type ExpectedSums, expectedOf, xlsxFile } from './importFile';
import type { Figure, Part } from './part';

const TELL_MS = 250;
/** Share of the rows after which the process that reads them is killed. */
const KILLED_AT = 0.4;

export const importPart: Part = async ({ rows, seed, log }) =>
  await withDatabase(log, async (connect) => {
    const connection = await connect();
    const half = Math.ceil(rows / 2);
    const first = { connection, rows: half, seed, log };

    return [
      ...(await measured({ ...first, format: 'csv', prefix: 'c' }, expectedOf('c', half, seed))),
      ...(await measured({ ...first, format: 'xlsx', prefix: 'x' }, expectedOf('x', half, seed))),
      ...(await measured(
        { ...first, format: 'csv', prefix: 'c', isAgain: true },
        {
          ...expectedOf('c', half, seed),
          taken: 0,
          unchanged: expectedOf('c', half, seed).taken,
        },
      )),
    ];
  });

interface Measured {
  readonly connection: Connection;
  readonly format: FileFormat;
  readonly prefix: string;
  readonly rows: number;
  readonly seed: number;
  readonly isAgain?: boolean;
  readonly log: (line: string) => void;
}

async function measured(asked: Measured, expected: ExpectedSums): Promise<Figure[]> {
  const { connection, format, prefix, rows, seed, isAgain = false, log } = asked;
  const { imports } = createStores(connection);
  const id = `imp-${prefix}-${isAgain ? 2 : 1}`;
  const content =
    format === 'csv' ? csvFile(prefix, rows, seed) : [await xlsxFile(prefix, rows, seed)];
  const kept = await keepFile(imports, id, asAsync(content));
  await imports.create(aJob(id, format, kept));
  log(`${rows} rows of ${format}, ${Math.round(kept.bytes / 1024 / 1024)} MB`);

  const ran = await runAndKill(connection, id, Math.floor(rows * KILLED_AT), log);
  const job = await imports.find(id);
  const contacts = contactModel(connection);
  const own = { _id: new RegExp(`^${prefix}-`) };
  const name = `${format}${isAgain ? ' again' : ''}`;
  const figure = (what: string, value: number, unit = ''): Figure => ({
    ...{ name: `${name}: ${what}`, value, unit },
  });

  const wrong = Object.entries(expected).filter(
    ([key, value]) => Reflect.get(job?.sums ?? {}, key) !== value,
  );
  for (const [key, value] of wrong)
    log(`${name} ${key}: ${Reflect.get(job?.sums ?? {}, key)} instead of ${value} (${job?.state})`);
  return [
    ...Object.entries(job?.sums ?? {}).map(([key, value]) => figure(key, value)),
    figure('sums that differ from what they have to be', wrong.length),
    figure(
      'contacts that are missing',
      expected.taken + expected.unchanged - (await contacts.countDocuments(own)),
    ),
    figure(
      'contacts written twice',
      await contacts.countDocuments({ ...own, profileRevision: { $gt: 1 } }),
    ),
    figure('rows a second, looking through included', Math.round(rows / ran.seconds), '/s'),
    figure('peak memory of the process', ran.peakMb, 'MB'),
  ];
}

async function* asAsync(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

const aJob = (
  id: string,
  format: FileFormat,
  kept: Pick<ImportJob, 'bytes' | 'digest'>,
): ImportJob => ({
  ...{ id, state: 'waiting', fileName: `customers.${format}`, format, ...kept },
  asked: { timezone: 'Asia/Shanghai', replace: false, dryRun: false },
  ...{ owner: 'bench', author: 'bench', createdAt: new Date().toISOString() },
  sums: { rows: 0, taken: 0, unchanged: 0, refused: 0, skipped: 0, repeated: 0 },
});

/** Runs the job in a process that is killed on the way, and to its end in another. */
async function runAndKill(
  connection: Connection,
  id: string,
  killAt: number,
  log: (line: string) => void,
): Promise<{ readonly seconds: number; readonly peakMb: number }> {
  const { imports } = createStores(connection);
  const began = Date.now();
  const first = startReader(connection, log);
  while ((await rowsOf(imports, id)) < killAt && first.child.exitCode === null)
    await sleep(TELL_MS);
  first.child.kill('SIGKILL');
  await first.ended;
  log(`killed after ${await rowsOf(imports, id)} rows`);

  const second = startReader(connection, log);
  await second.ended;
  const seconds = (Date.now() - began) / 1000;
  return { seconds, peakMb: Math.max(first.peakMb(), second.peakMb()) };
}

/** A database that is busy for seconds is asked again: the import itself goes on. */
async function rowsOf(imports: ImportStore, id: string): Promise<number> {
  for (;;) {
    try {
      return (await imports.find(id))?.sums.rows ?? 0;
    } catch (error) {
      if (!isCodedError(error) || error.code !== 'UNAVAILABLE') throw error;
      await sleep(TELL_MS);
    }
  }
}

function startReader(connection: Connection, log: (line: string) => void) {
  let peakMb = 0;
  const { host, port, name } = connection;
  const child: ChildProcess = spawn(
    process.execPath,
    [require.resolve('./main'), '--import-over', `mongodb://${host}:${port}/${name}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child.stdout?.on('data', (text: Buffer) => {
    peakMb = Math.max(peakMb, Number(text.toString().trim().split('\n').at(-1)) || 0);
  });
  child.on('error', (error) => log(error.message));

  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return { child, ended, peakMb: () => peakMb };
}

/** What a process of its own does: runs what waits in a database, and prints its peak memory now and then, in MB. */
export async function runImportsOver(uri: string): Promise<void> {
  const connection = await connectMongo(uri);
  const tell = (): void => {
    process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
  };
  const telling = setInterval(tell, TELL_MS);

  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };
  await createImportRunner({
    stores: createStores(connection),
    engine: createFakeEngine(),
    clock: { now: () => Date.now() },
    log: silent,
    files: createRowFiles(),
    isOurs: () => true,
    keptDays: 30,
    wait: async () => {},
  }).run();

  clearInterval(telling);
  tell();
  await connection.close();
}
