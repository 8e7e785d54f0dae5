// The whole product as `npm start` supervises it, on ports and a data folder of its own, for benches that kill parts of it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor, untilReady } from '../embedded/child';
import { keepDemo } from '../embedded/demo';
import { appEnvironment, sandboxEnvironment } from '../embedded/environment';
import { ensureMongo } from '../embedded/mongo';
import { createPortPicker } from '../embedded/ports';
import { projectRoot } from '../embedded/project';
import { ensureTemporal } from '../embedded/temporal';
import { createReach, type Reach } from '../test/e2e/reach';

const READY_MS = 120_000;

export const PROCESSES = ['worker', 'server', 'sandbox', 'mongo', 'temporal'] as const;
export type Process = (typeof PROCESSES)[number];

export interface RunningProduct extends Reach {
  /** SIGKILL; the supervisor starts it again. False when it was down already. */
  kill(name: Process): boolean;
  /** Whether every process runs and the API says that it is ready. */
  ready(): Promise<boolean>;
  readonly logs: string;
  /** Ends all processes; forgets the data unless something is to be looked at. */
  stop(keep: boolean): Promise<void>;
}

export async function startProduct(log: (line: string) => void): Promise<RunningProduct> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sopflow-chaos-'));
  const logs = join(dataDir, 'logs');
  const supervisor = createSupervisor({ logDir: logs, log: () => {} });
  const ports = createPortPicker();
  // Servers of its own, whatever the environment names: they are going to be killed.
  const { MONGODB_URI: _mongo, TEMPORAL_ADDRESS: _temporal, ...env } = process.env;
  const options = { mode: 'start', dataDir, log, env, supervisor, ports } as const;
  try {
    const [mongo, temporal] = await Promise.all([ensureMongo(options), ensureTemporal(options)]);
    const demo = keepDemo(dataDir);
    const places = {
      dataDir,
      apiPort: await ports.pick(18_180),
      sandboxPort: await ports.pick(18_190),
      temporal,
      mongoUri: mongo.uri,
    };
    const api = `http://127.0.0.1:${places.apiPort}`;
    const sandbox = `http://127.0.0.1:${places.sandboxPort}`;
    const own = { ...env, LEAD_POLL_SECONDS: '5', SANDBOX_SEED: '7', LOG_LEVEL: 'warn' };
    const start = (name: string, program: string, environment: NodeJS.ProcessEnv) =>
      supervisor.start({
        name,
        command: process.execPath,
        args: ['--enable-source-maps', join(projectRoot(), 'dist', program)],
        env: environment,
        restart: true,
      });
    const isReady = (url: string) =>
      fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
        async (answer) => {
          await answer.body?.cancel();
          return answer.ok;
        },
        () => false, // it is down, which is what was asked
      );
    start('sandbox', 'sandbox/main.js', sandboxEnvironment(own, demo, places));
    const server = start('server', 'server.js', appEnvironment(own, demo, places));
    start('worker', 'worker.js', appEnvironment(own, demo, places));
    await untilReady(server, READY_MS, async () => (await isReady(`${api}/readyz`)) || undefined);
    return {
      ...createReach(api, sandbox, demo.adminKey),
      kill(name) {
        const pid = supervisor.pids()[name];
        if (pid === undefined) return false;
        process.kill(pid, 'SIGKILL');
        return true;
      },
      async ready() {
        const pids = supervisor.pids();
        const up = PROCESSES.every((name) => pids[name] !== undefined);
        return (
          up && (await isReady(`${api}/readyz`)) && (await isReady(`${sandbox}/sandbox/state`))
        );
      },
      logs,
      async stop(keep) {
        await supervisor.stop();
        if (!keep) rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}
