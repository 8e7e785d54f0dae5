// Finds a Temporal server or starts one: an address given, the CLI, the cache, a download, a build, in this order.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../rules/base/errors';
import { accessOf } from './access';
import { cached, cachePath, obtain } from './cache';
import {
  type Child,
  createSupervisor,
  type Log,
  pidsOf,
  type Supervisor,
  untilReady,
} from './child';
import { createPortPicker, type PortPicker } from './ports';
import { buildServer, checkGo, SERVER_ENTRY, serverBinaries } from './temporal/build';
import { cliArguments, findCli, OLDEST_CLI, OLDEST_SERVER } from './temporal/cli';
import {
  pickTemporalPorts,
  type TemporalPorts,
  writeServerConfig,
  writeUiConfig,
} from './temporal/config';
import { DOWNLOAD_URL, downloadCli } from './temporal/download';
import { prepare, type Target, tryConnect } from './temporal/ready';

const CLI_ENTRY = `temporal-cli-${process.platform}-${process.arch}`;
const START_MS = 60_000;

export interface ServerOptions {
  /** `start`: usual ports, kept on disk, restarted when it ends. `test`: any ports, in memory where it can be, no UI. */
  readonly mode: 'start' | 'test';
  readonly dataDir: string;
  readonly log: Log;
  readonly env?: NodeJS.ProcessEnv;
  /** Given by a starter that supervises several servers; otherwise each has its own. */
  readonly supervisor?: Supervisor;
  readonly ports?: PortPicker;
}

export type TemporalTaken = 'TEMPORAL_ADDRESS' | 'path-cli' | 'cache' | 'download' | 'built';

export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl?: string;
  readonly taken: TemporalTaken;
  /** Why this one: what came before it in the order and could not be taken. */
  readonly why: string;
  /** Ids by name of what was started for it. */
  readonly pids: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** What will be run, before it is run. */
export type TemporalChoice = { readonly why: string } & (
  | { readonly taken: 'TEMPORAL_ADDRESS'; readonly address: string }
  | { readonly taken: TemporalTaken; readonly cli: string }
  | {
      readonly taken: TemporalTaken;
      readonly binaries: { readonly server: string; readonly ui: string };
    }
);

/** A usable Temporal: namespace and search attributes are there when this resolves. */
export async function ensureTemporal(options: ServerOptions): Promise<TemporalServer> {
  const env = options.env ?? process.env;
  const namespace = env.TEMPORAL_NAMESPACE || 'default';
  const choice = await chooseTemporal(env, options.log);
  options.log(`Temporal: ${choice.taken} (${choice.why})`);
  if ('address' in choice) return await useGiven(choice.address, choice.why, namespace, env);

  return await startOurs(choice, namespace, options);
}

/** Takes the first that serves, making it if it must be made. @throws CodedError UNAVAILABLE with all the ways to mend it. */
export async function chooseTemporal(
  env: NodeJS.ProcessEnv,
  log: Log,
  downloadUrl = DOWNLOAD_URL,
): Promise<TemporalChoice> {
  if (env.TEMPORAL_ADDRESS)
    return {
      taken: 'TEMPORAL_ADDRESS',
      address: env.TEMPORAL_ADDRESS,
      why: `TEMPORAL_ADDRESS=${env.TEMPORAL_ADDRESS}`,
    };

  const { choice, passed } = await findTemporal(env);
  if (choice) return choice;

  try {
    return await downloadedCli(env, log, downloadUrl, passed);
  } catch (error) {
    return builtServer(env, log, [...passed, (error as Error).message]);
  }
}

async function downloadedCli(
  env: NodeJS.ProcessEnv,
  log: Log,
  downloadUrl: string,
  passed: readonly string[],
): Promise<TemporalChoice> {
  const root = cachePath(env);
  const make = (folder: string): Promise<void> => downloadCli(folder, downloadUrl);
  const folder = await obtain({ root, name: CLI_ENTRY, what: 'the Temporal CLI', log, make });

  return {
    taken: 'download',
    cli: join(folder, 'temporal'),
    why: [...passed, `from ${downloadUrl}`].join('; '),
  };
}

async function builtServer(
  env: NodeJS.ProcessEnv,
  log: Log,
  passed: readonly string[],
): Promise<TemporalChoice> {
  const go = await checkGo(env);
  if (!go.fits) throw nothingServes([...passed, go.why]);

  const root = cachePath(env);
  const make = (folder: string): Promise<void> => buildServer(folder, go.path, env, log);
  const folder = await obtain({ root, name: SERVER_ENTRY, what: 'the Temporal server', log, make });

  return {
    taken: 'built',
    binaries: serverBinaries(folder),
    why: [...passed, `built with Go ${go.version}`].join('; '),
  };
}

/** What this machine has already, the CLI or the cache, and why others were passed over. */
export async function findTemporal(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly choice?: TemporalChoice; readonly passed: string[] }> {
  const { path, check } = await findCli(env);
  if (path && check.fits) {
    return {
      choice: { taken: 'path-cli', cli: path, why: `${path}, ${check.version}` },
      passed: [],
    };
  }

  const passed = check.fits ? [] : [check.why];
  const root = cachePath(env);
  const server = cached(root, SERVER_ENTRY);
  if (server)
    return { choice: { taken: 'cache', binaries: serverBinaries(server), why: server }, passed };

  const cli = cached(root, CLI_ENTRY);
  if (cli) return { choice: { taken: 'cache', cli: join(cli, 'temporal'), why: cli }, passed };

  return { passed };
}

function nothingServes(passed: readonly string[]): CodedError {
  const mend = [
    '找不到可用的 Temporal · no Temporal server can be had here:',
    ...passed.map((why) => `  - ${why}`),
    '任选其一 · do one of these and start again:',
    '  - install the Go named above: the server is then built by itself, once',
    `  - install the Temporal CLI (version ${OLDEST_CLI} or newer) on the PATH: https://docs.temporal.io/cli`,
    `  - set TEMPORAL_ADDRESS=host:port to a Temporal server of version ${OLDEST_SERVER} or newer`,
  ];
  return new CodedError('UNAVAILABLE', mend.join('\n'));
}

async function useGiven(
  address: string,
  why: string,
  namespace: string,
  env: NodeJS.ProcessEnv,
): Promise<TemporalServer> {
  const target: Target = { address, ...accessOf(env) };
  const connection = await tryConnect(target);
  if (!connection)
    throw new CodedError(
      'UNAVAILABLE',
      `no Temporal server answers at TEMPORAL_ADDRESS=${address}; start it, or unset the variable`,
    );

  await prepare(connection, target).finally(() => connection.close());
  const ui = env.TEMPORAL_UI_URL ? { uiUrl: env.TEMPORAL_UI_URL } : {};

  return {
    address,
    namespace,
    ...ui,
    taken: 'TEMPORAL_ADDRESS',
    why,
    pids: {},
    stop: () => Promise.resolve(),
  };
}

async function startOurs(
  choice: Exclude<TemporalChoice, { readonly address: string }>,
  namespace: string,
  options: ServerOptions,
): Promise<TemporalServer> {
  const folder = join(options.dataDir, 'temporal');
  mkdirSync(folder, { recursive: true });
  const lasting = options.mode === 'start';
  const ports = await pickTemporalPorts(options.ports ?? createPortPicker(), !lasting);
  const supervisor =
    options.supervisor ??
    createSupervisor({ logDir: join(options.dataDir, 'logs'), log: options.log });
  const children = launch(choice, { supervisor, folder, ports, namespace, lasting });
  const target: Target = { address: `127.0.0.1:${ports.grpc}`, namespace, ours: true };
  const stop = async (): Promise<void> => {
    for (const child of [...children].reverse()) await child.stop();
  };

  try {
    const connection = await untilReady(children[0], START_MS, () => tryConnect(target));
    await prepare(connection, target).finally(() => connection.close());
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    address: target.address,
    namespace,
    ...(lasting ? { uiUrl: `http://127.0.0.1:${ports.ui}` } : {}),
    taken: choice.taken,
    why: choice.why,
    get pids() {
      return pidsOf(children);
    },
    stop,
  };
}

interface Launch {
  readonly supervisor: Supervisor;
  readonly folder: string;
  readonly ports: TemporalPorts;
  readonly namespace: string;
  /** Kept on disk, restarted, with a UI; otherwise in memory and bare. */
  readonly lasting: boolean;
}

function launch(
  choice: Exclude<TemporalChoice, { readonly address: string }>,
  how: Launch,
): [Child, ...Child[]] {
  const { supervisor, folder, ports, namespace, lasting } = how;
  const restart = lasting; // in memory, a new server would have forgotten the namespace
  if ('cli' in choice) {
    const database = lasting ? join(folder, 'temporal-cli.db') : 'memory';
    const args = cliArguments(ports, database, namespace, lasting);
    return [supervisor.start({ name: 'temporal', command: choice.cli, args, restart })];
  }

  const config = writeServerConfig(folder, ports, lasting ? join(folder, 'temporal.db') : 'memory');
  const server = supervisor.start({
    name: 'temporal',
    command: choice.binaries.server,
    args: ['--config-file', config, 'start'],
    restart,
  });
  if (!lasting) return [server];

  const uiArgs = writeUiConfig(folder, ports, namespace);
  return [
    server,
    supervisor.start({ name: 'temporalUi', command: choice.binaries.ui, args: uiArgs, restart }),
  ];
}
