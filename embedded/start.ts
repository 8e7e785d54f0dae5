// What `npm start` runs: MongoDB and Temporal, the sandbox, the API server and the worker, until Ctrl-C ends them in order.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chineseHolidays } from '../models/chineseHolidays';
import { CodedError } from '../rules/base/errors';
import { loadDemo } from '../sandbox/load';
import { createSupervisor, type Log, type Supervisor, untilReady } from './child';
import { type DataDir, dataPath, openDataDir, type Running } from './datadir';
import { type Demo, keepDemo } from './demo';
import { appEnvironment, type Places, sandboxEnvironment, sandboxed } from './environment';
import { showLive } from './live';
import { ensureMongo } from './mongo';
import { createPortPicker } from './ports';
import { projectRoot } from './project';
import { readyCalendar } from './readyCalendar';
import { readySequences } from './readySequences';
import { readyTriggers } from './readyTriggers';
import { endOnSignals } from './signals';
import { ensureTemporal } from './temporal';
import { readArgs, showUsage } from './usage';

const READY_MS = 90_000;
/** Longer than a worker or server takes to end what it has begun: killed before, a request or activity would be cut. */
const GRACE_MS = 25_000;
const SECOND_FAILURE_MS = 4_000;
const USAGE =
  'npm start [-- --reset]   (--reset: 清空数据目录后启动 · empty the data folder first)';

const log: Log = (line) => {
  process.stdout.write(`${line}\n`);
};

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { reset = false } = readArgs(args, { options: { reset: { type: 'boolean' } } }).values;

  const began = performance.now();
  const dataDir = await openDataDir(dataPath(env), { reset, log });
  log(`数据目录 · data folder: ${dataDir.path}`);

  let running: Running | undefined;
  let live: ReturnType<typeof showLive> | undefined;
  const supervisor = createSupervisor({
    logDir: join(dataDir.path, 'logs'),
    log,
    graceMs: GRACE_MS,
    onPids(pids) {
      dataDir.notePids(pids);
      if (running) dataDir.noteRunning({ ...running, pids });
    },
    onEnded: (name, why) => end(`${name} ended for good: ${why}`, 1),
  });

  const end = endOnSignals(async () => {
    running = undefined;
    live?.stop();
    await supervisor.stop();
    dataDir.close();
  }, log);

  try {
    running = await startAll(supervisor, dataDir, env);
    dataDir.noteRunning({ ...running, pids: supervisor.pids() });
    log(`就绪 · ready in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    announce(running);
    await fillSandbox(running);
    live = showLive(running);
  } catch (error) {
    end((error as Error).message, 1);
  }
}

async function fillSandbox({ api, adminKey, sandbox }: Running): Promise<void> {
  if (sandbox === undefined) return;
  const holidays = chineseHolidays();
  const ready = {
    calendar: readyCalendar(),
    sequences: readySequences(),
    triggers: readyTriggers(),
  };
  await loadDemo({ apiUrl: api, key: adminKey, sandboxUrl: sandbox, holidays, ...ready, log });
}

async function startAll(
  supervisor: Supervisor,
  dataDir: DataDir,
  env: NodeJS.ProcessEnv,
): Promise<Running> {
  const ports = createPortPicker();
  const options = { mode: 'start', dataDir: dataDir.path, log, env, supervisor, ports } as const;
  const [mongo, temporal] = await both(ensureMongo(options), ensureTemporal(options));
  const demo = keepDemo(dataDir.path);
  const places: Places = {
    dataDir: dataDir.path,
    apiPort: await ports.pick(Number(env.PORT) || 8080),
    sandboxPort: await ports.pick(Number(env.SANDBOX_PORT) || 8090),
    temporal,
    mongoUri: mongo.uri,
  };
  const sandbox = await startSandbox(supervisor, demo, places, env);
  const api = await startApp(supervisor, demo, places, env);

  return {
    api,
    ...(sandbox ? { sandbox } : {}),
    temporal: temporal.address,
    ...(temporal.uiUrl ? { temporalUi: temporal.uiUrl } : {}),
    mongo: mongo.uri,
    pids: supervisor.pids(),
    logs: join(dataDir.path, 'logs'),
    corpId: demo.corpId,
    corpSecret: demo.corpSecret,
    agentId: demo.agentId,
    token: demo.token,
    encodingAesKey: demo.encodingAesKey,
    adminKey: demo.adminKey,
  };
}

/** Both, side by side; when one fails, the other has a moment to say that it fails too, so that both are mended at once. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  try {
    return await Promise.all([first, second]);
  } catch {
    const moment = delay(SECOND_FAILURE_MS, 'still at work' as const, { ref: false });
    const outcomes = await Promise.all(
      [first, second].map((one) => Promise.race([settled(one), moment])),
    );
    const messages = outcomes
      .filter((outcome) => outcome instanceof Error)
      .map((error) => error.message);
    throw new CodedError('UNAVAILABLE', messages.join('\n'));
  }
}

function settled(promise: Promise<unknown>): Promise<Error | undefined> {
  return promise.then(
    () => undefined,
    (error: Error) => error,
  );
}

async function startSandbox(
  supervisor: Supervisor,
  demo: Demo,
  places: Places,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const systems = sandboxed(env);
  if (systems.length === 0) return undefined;

  log(`沙箱替代 · the sandbox stands in for ${systems.join(', ')}`);
  const sandbox = startNode(
    supervisor,
    'sandbox',
    'sandbox/main.js',
    sandboxEnvironment(env, demo, places),
  );
  const url = `http://127.0.0.1:${places.sandboxPort}`;
  await untilReady(sandbox, READY_MS, () => answers(url, () => true));

  return url;
}

async function startApp(
  supervisor: Supervisor,
  demo: Demo,
  places: Places,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const environment = appEnvironment(env, demo, places);
  const server = startNode(supervisor, 'server', 'server.js', environment);
  startNode(supervisor, 'worker', 'worker.js', environment);
  const url = `http://127.0.0.1:${places.apiPort}`;
  await untilReady(server, READY_MS, () => answers(`${url}/readyz`, (response) => response.ok));

  return url;
}

function startNode(supervisor: Supervisor, name: string, program: string, env: NodeJS.ProcessEnv) {
  const args = ['--enable-source-maps', join(projectRoot(), 'dist', program)];
  return supervisor.start({ name, command: process.execPath, args, env, restart: true });
}

async function answers(
  url: string,
  good: (response: Response) => boolean,
): Promise<true | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return good(response) ? true : undefined;
  } catch {
    return undefined; // not listening yet: untilReady gives up in time and shows its log
  }
}

function announce(running: Running): void {
  const lines = {
    '接口 API': running.api,
    '沙箱 sandbox': running.sandbox,
    'Temporal UI': running.temporalUi,
    '日志 logs': running.logs,
  };
  for (const [name, place] of Object.entries(lines)) if (place) log(`  ${name}: ${place}`);
  log('按 Ctrl-C 停止 · press Ctrl-C to stop');
}

main(process.argv.slice(2), process.env).catch((error: unknown) => {
  const status = showUsage(error, USAGE, process.stderr);
  if (status === null) process.stderr.write(`${(error as Error).message}\n`);
  process.exit(status ?? 1);
});
