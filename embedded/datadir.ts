// The data folder of one demo: where it is, its marker, its lock, and the files that say what runs.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CodedError } from '../rules/base/errors';
import type { Log } from './child';
import { tryLock } from './lock';
import { endProcess, identityOf, isAlive } from './processes';

const MARKER = '.sopflow-data';
const LOCK = 'lock';
const PIDS = 'pids.json';
const RUNNING = 'running.json';

/** What runs and how to reach it; lies in `running.json` from the moment all is ready until it is stopped. */
export interface Running {
  readonly api: string;
  readonly sandbox?: string;
  readonly temporal: string;
  readonly temporalUi?: string;
  readonly mongo: string;
  readonly pids: Readonly<Record<string, number>>;
  /** The folder of logs. */
  readonly logs: string;
  readonly corpId: string;
  readonly corpSecret: string;
  readonly agentId: number;
  readonly token: string;
  readonly encodingAesKey: string;
  readonly adminKey: string;
}

export interface DataDir {
  readonly path: string;
  /** Notes the ids of our processes, so that the next start finds them if this one is killed. */
  notePids(pids: Readonly<Record<string, number>>): void;
  noteRunning(running: Running): void;
  /** Takes both notes away and lets the next start in. */
  close(): void;
}

/** SOPFLOW_DATA, or the user's data folder by the XDG convention. */
export function dataPath(env: NodeJS.ProcessEnv): string {
  if (env.SOPFLOW_DATA) return resolve(env.SOPFLOW_DATA);
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'sopflow');
}

/**
 * Opens the data folder for one starter and ends what a killed one left running.
 * @throws CodedError CONFLICT when another starter runs on it, or it is not a folder of ours.
 */
export async function openDataDir(
  path: string,
  options: { readonly reset: boolean; readonly log: Log },
): Promise<DataDir> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  assertOurs(path);
  writeFileSync(
    join(path, MARKER),
    'sopflow keeps its demo data here; `npm start -- --reset` empties this folder.\n',
  );
  const lock = tryLock(join(path, LOCK));
  if (!lock.held) throw alreadyRunning(path, lock.holder.pid, lock.holder.since);

  await endLeftovers(path, options.log);
  if (options.reset) empty(path, options.log);

  return {
    path,
    notePids: (pids) => writeJson(join(path, PIDS), { pids, identities: identitiesOf(pids) }),
    noteRunning: (running) => writeJson(join(path, RUNNING), running),
    close() {
      for (const file of [RUNNING, PIDS]) rmSync(join(path, file), { force: true });
      lock.release();
    },
  };
}

/** Writes JSON that only its owner may read, whole or not at all. */
export function writeJson(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** Reads JSON, or undefined when the file is absent or was cut short. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
      return undefined;
    throw error;
  }
}

function assertOurs(path: string): void {
  const found = readdirSync(path);
  if (found.length === 0 || found.includes(MARKER)) return;
  const text = `${path} holds files that are not sopflow's (${found.slice(0, 3).join(', ')}); name an empty folder in SOPFLOW_DATA`;
  throw new CodedError('CONFLICT', text);
}

function alreadyRunning(path: string, pid: number, since: string): CodedError {
  const running = readJson(join(path, RUNNING)) as Partial<Running> | undefined;
  const where = running?.api ? ` It answers at ${running.api}.` : '';
  const text = `sopflow already runs on ${path}: process ${pid}, since ${since}.${where} Stop it, or name another folder in SOPFLOW_DATA.`;
  return new CodedError('CONFLICT', text);
}

// Ids are reused: only a process that began when the noted one did is ours.
async function endLeftovers(path: string, log: Log): Promise<void> {
  const noted = readJson(join(path, PIDS)) as
    | Partial<Record<'pids' | 'identities', Record<string, unknown>>>
    | undefined;
  rmSync(join(path, RUNNING), { force: true }); // nobody may take it for what runs now

  for (const [name, pid] of Object.entries(noted?.pids ?? {}).reverse()) {
    if (typeof pid !== 'number' || !isAlive(pid) || identityOf(pid) !== noted?.identities?.[name])
      continue;
    log(`ending ${name} (process ${pid}), left running by a start that was killed`);
    await endProcess(pid, 5_000);
  }

  rmSync(join(path, PIDS), { force: true });
}

function identitiesOf(pids: Readonly<Record<string, number>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, identityOf(pid)]));
}

function empty(path: string, log: Log): void {
  log(`emptying ${path}`);
  for (const entry of readdirSync(path)) {
    if (entry !== MARKER && entry !== LOCK)
      rmSync(join(path, entry), { recursive: true, force: true });
  }
}
