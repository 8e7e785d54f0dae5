// The whole product as processes, as `npm start` runs it, for tests that kill parts of it: sandbox, server and worker from dist/.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keepDemo } from '../../embedded/demo';
import { appEnvironment, sandboxEnvironment } from '../../embedded/environment';
import { createPortPicker } from '../../embedded/ports';

const ROOT = join(__dirname, '..', '..');
const DIST = join(ROOT, 'dist');
const PROGRAMS = { sandbox: 'sandbox/main.js', server: 'server.js', worker: 'worker.js' } as const;
const PATIENCE_MS = 120_000;

export type Part = keyof typeof PROGRAMS;

export interface Stack {
  readonly api: string;
  readonly sandbox: string;
  readonly taskQueue: string;
  /** Calls the API with the admin key; throws unless the status is one of `ok` (any 2xx when not given). */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  control(path: string, body?: unknown): Promise<unknown>;
  /** Everything customers received, as the sandbox remembers it. */
  book(): Promise<readonly BookEntry[]>;
  ledger(): Promise<readonly Record<string, unknown>[]>;
  kill(part: Part): Promise<void>;
  start(part: Part): Promise<void>;
  /** All that the processes wrote to their logs. */
  logs(): string;
  stop(): Promise<void>;
}

export interface BookEntry {
  readonly contactId: string;
  readonly channel: string;
  readonly ref: string;
  readonly text: string;
}

/** Waits until `probe` answers something; names what it waited for when it gives up. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const answer = await probe().catch((error: Error) => (Date.now() > end ? Promise.reject(error) : null));
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what} after ${patienceMs / 1000} s`);
    await delay(200);
  }
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
    if (part === 'sandbox') await until('the sandbox', async () => (await fetch(`${sandbox}/sandbox/state`)).ok);
  }

  async function end(part: Part, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(part);
    running.delete(part);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async function ask(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${demo.adminKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return {
      status: answer.status,
      body:
        text.startsWith('{') || text.startsWith('[') ? JSON.parse(text.split('\n').length > 2 ? 'null' : text) : text,
    };
  }

  async function lines(url: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>[]> {
    const answer = await fetch(url, { headers });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return (await answer.text())
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  for (const part of ['sandbox', 'server', 'worker'] as const) await start(part);
  return {
    api,
    sandbox,
    taskQueue,
    ask,
    async control(path, body = {}) {
      const method = path.endsWith(':batch') ? 'PUT' : 'POST';
      const answer = await fetch(`${sandbox}/sandbox/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    book: async () => (await lines(`${sandbox}/sandbox/book`)) as unknown as BookEntry[],
    ledger: () => lines(`${api}/api/v1/ledger:export`, { authorization: `Bearer ${demo.adminKey}` }),
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
