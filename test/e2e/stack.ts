// The whole product as processes, as `npm start` runs it, for tests that kill parts of it: sandbox, server and worker from dist/.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepDemo } from '../../embedded/demo';
import { appEnvironment, sandboxEnvironment } from '../../embedded/environment';
import { createPortPicker } from '../../embedded/ports';
import { createReach, type Reach, until } from './reach';

const ROOT = join(__dirname, '..', '..');
const DIST = join(ROOT, 'dist');
const PROGRAMS = { sandbox: 'sandbox/main.js', server: 'server.js', worker: 'worker.js' } as const;

export type Part = keyof typeof PROGRAMS;

export interface Stack extends Reach {
  readonly api: string;
  readonly sandbox: string;
  readonly taskQueue: string;
  kill(part: Part): Promise<void>;
  start(part: Part): Promise<void>;
  /** All that the processes wrote to their logs. */
  logs(): string;
  stop(): Promise<void>;
}

export async function startStack(name: string): Promise<Stack> {
  if (!existsSync(join(DIST, 'server.js')))
    throw new Error('dist/ is missing: `npm test` builds it; alone: npm run build');
  const dataDir = mkdtempSync(join(tmpdir(), `sopflow-${name}-`));
  const logDir = dataDir;
  const demo = keepDemo(dataDir);
  const ports = createPortPicker();
  const [apiPort, sandboxPort] = [await ports.pick(18080), await ports.pick(18090)];
  const taskQueue = `${name}-${process.pid}-${Date.now()}`;
  const places = {
    dataDir,
    apiPort,
    sandboxPort,
    temporal: { address: process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS ?? '', namespace: 'default' },
    mongoUri: `${(process.env.SOPFLOW_TEST_MONGODB_URI ?? '').replace(/\/[^/]*$/, '')}/${taskQueue}`,
  };
  const own = { ...process.env, TASK_QUEUE: taskQueue, LEAD_POLL_SECONDS: '1', SANDBOX_SEED: '7' };
  const environments = {
    sandbox: sandboxEnvironment(own, demo, places),
    server: appEnvironment(own, demo, places),
    worker: appEnvironment(own, demo, places),
  };
  const running = new Map<Part, ChildProcess>();
  const api = `http://127.0.0.1:${apiPort}`;
  const sandbox = `http://127.0.0.1:${sandboxPort}`;

  async function start(part: Part): Promise<void> {
    const child = spawn(process.execPath, [join(DIST, PROGRAMS[part])], {
      env: environments[part],
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(logDir, `${part}.log`), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    running.set(part, child);
    if (part === 'server') await until('the API', async () => (await fetch(`${api}/readyz`)).ok);
    if (part === 'sandbox')
      await until('the sandbox', async () => (await fetch(`${sandbox}/sandbox/state`)).ok);
  }

  async function end(part: Part, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(part);
    running.delete(part);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  for (const part of ['sandbox', 'server', 'worker'] as const) await start(part);
  return {
    api,
    sandbox,
    taskQueue,
    ...createReach(api, sandbox, demo.adminKey),
    kill: (part) => end(part, 'SIGKILL'),
    start,
    logs: () =>
      readdirSync(logDir)
        .filter((file) => file.endsWith('.log'))
        .map((file) => readFileSync(join(logDir, file), 'utf8'))
        .join('\n'),
    async stop() {
      for (const part of ['worker', 'server', 'sandbox'] as const) await end(part, 'SIGTERM');
    },
  };
}
