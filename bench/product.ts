// The whole product as `npm start` supervises it, on ports and a data folder of its own, for benches that kill parts of it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, createSupervisor, type Supervisor, untilReady } from '../embedded/child';
import { type Demo, keepDemo } from '../embedded/demo';
import { appEnvironment, type Places, sandboxEnvironment } from '../embedded/environment';
import { ensureMongo } from '../embedded/mongo';
import { createPortPicker } from '../embedded/ports';
import { projectRoot } from '../embedded/project';
import { ensureTemporal } from '../embedded/temporal';
import { createReach, type Reach } from '../test/e2e/reach';

const READY_MS = 120_000;

/** Two servers and two workers, as in production: what the sandbox calls back goes to the first server, whose neighbour processes its half. */
export const PROCESSES = [
  'worker',
  'worker2',
  'server',
  'server2',
  'sandbox',
  'mongo',
  'temporal',
] as const;
export type Process = (typeof PROCESSES)[number];

export interface RunningProduct extends Reach {
  /** Base URLs; the API is that of the first server. */
  readonly api: string;
  readonly sandbox: string;
  readonly mongoUri: string;
  /** SIGKILL; the supervisor starts it again. False when it was down already. */
  kill(name: Process): boolean;
  /** Whether every process runs and the API says that it is ready. */
  ready(): Promise<boolean>;
  readonly logs: string;
  /** Ends all processes; forgets the data unless something is to be looked at. */
  stop(keep: boolean): Promise<void>;
}

interface ProductState {
  readonly supervisor: Supervisor;
  readonly dataDir: string;
  /** Base URLs. */
  readonly api: string;
  readonly api2: string;
  readonly sandbox: string;
}

/** What the programs are configured with. */
interface Settings {
  readonly env: NodeJS.ProcessEnv;
  readonly demo: Demo;
  readonly places: Places;
  /** Of the second server. */
  readonly apiPort2: number;
}

export async function startProduct(log: (line: string) => void): Promise<RunningProduct> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sopflow-chaos-'));
  const logs = join(dataDir, 'logs');
  const supervisor = createSupervisor({ logDir: logs, log: () => {} });

  try {
    const settings = await startServers(supervisor, dataDir, log);
    const { apiPort, sandboxPort } = settings.places;
    const [api, api2] = [localUrl(apiPort), localUrl(settings.apiPort2)];
    const sandbox = localUrl(sandboxPort);
    const state: ProductState = { supervisor, dataDir, api, api2, sandbox };
    await startPrograms(state, settings);

    return {
      ...createReach(api, sandbox, settings.demo.adminKey),
      ...{ api, sandbox, mongoUri: settings.places.mongoUri },
      kill: (name) => killProcess(state, name),
      ready: () => isReady(state),
      logs,
      stop: (keep) => stopProduct(state, keep),
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

/** MongoDB and Temporal. */
async function startServers(
  supervisor: Supervisor,
  dataDir: string,
  log: (line: string) => void,
): Promise<Settings> {
  const ports = createPortPicker();
  // Servers of its own, whatever the environment names: they are going to be killed.
  const { MONGODB_URI: _mongo, TEMPORAL_ADDRESS: _temporal, ...env } = process.env;
  const options = { mode: 'start', dataDir, log, env, supervisor, ports } as const;
  const [mongo, temporal] = await Promise.all([ensureMongo(options), ensureTemporal(options)]);

  const demo = keepDemo(dataDir);
  const places = {
    dataDir,
    apiPort: await ports.pick(18_180),
    sandboxPort: await ports.pick(18_190),
    temporal,
    mongoUri: mongo.uri,
  };

  return {
    env: { ...env, LEAD_POLL_SECONDS: '5', SANDBOX_SEED: '7', LOG_LEVEL: 'warn' },
    demo,
    places,
    apiPort2: await ports.pick(18_181),
  };
}

/** The product's own processes, until the API says that it is ready. */
async function startPrograms(
  { supervisor, api, api2 }: ProductState,
  { env, demo, places, apiPort2 }: Settings,
): Promise<void> {
  const appEnv = appEnvironment(env, demo, places);

  startProgram(supervisor, 'sandbox', 'sandbox/main.js', sandboxEnvironment(env, demo, places));
  const server = startProgram(supervisor, 'server', 'server.js', appEnv);
  startProgram(supervisor, 'server2', 'server.js', { ...appEnv, PORT: String(apiPort2) });
  startProgram(supervisor, 'worker', 'worker.js', appEnv);
  startProgram(supervisor, 'worker2', 'worker.js', appEnv);

  const isUp = async () => (await isOk(`${api}/readyz`)) && (await isOk(`${api2}/readyz`));
  await untilReady(server, READY_MS, async () => (await isUp()) || undefined);
}

function startProgram(
  supervisor: Supervisor,
  name: Process,
  program: string,
  env: NodeJS.ProcessEnv,
): Child {
  const args = ['--enable-source-maps', join(projectRoot(), 'dist', program)];
  return supervisor.start({ name, command: process.execPath, args, env, restart: true });
}

function killProcess({ supervisor }: ProductState, name: Process): boolean {
  const pid = supervisor.pids()[name];
  if (pid === undefined) return false;

  process.kill(pid, 'SIGKILL');
  return true;
}

async function isReady({ supervisor, api, api2, sandbox }: ProductState): Promise<boolean> {
  const pids = supervisor.pids();
  if (!PROCESSES.every((name) => pids[name] !== undefined)) return false;

  const answers = [`${api}/readyz`, `${api2}/readyz`, `${sandbox}/sandbox/state`].map(isOk);
  return (await Promise.all(answers)).every(Boolean);
}

async function stopProduct({ supervisor, dataDir }: ProductState, keep: boolean): Promise<void> {
  await supervisor.stop();
  if (!keep) rmSync(dataDir, { recursive: true, force: true });
}

const localUrl = (port: number): string => `http://127.0.0.1:${port}`;

async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  if (answer === null) return false; // it is down, which is what was asked

  await answer.body?.cancel();
  return answer.ok;
}
