// The `temporal` command line as a server: whether a found one is new enough, and how it is started.
import { findOnPath, run } from '../commands';
import { atLeast, versionAfter } from '../versions';
import { DYNAMIC_SETTINGS, type TemporalPorts } from './config';

/** Older servers cannot skip time per workflow. */
export const OLDEST_SERVER = '1.32';
export const OLDEST_CLI = '1.9';

export type CliCheck =
  | { readonly fits: true; readonly version: string }
  | { readonly fits: false; readonly why: string };

/** Asks a `temporal` binary for its versions: "temporal version 1.9.0 (Server 1.32.0, UI 2.54.1)". */
export async function checkCli(path: string): Promise<CliCheck> {
  const asked = await run(path, ['--version'], { timeoutMs: 10_000 });
  if (!asked.ok) return { fits: false, why: `${path} --version: ${asked.ended}` };

  const cli = versionAfter(asked.output, 'temporal version');
  const server = versionAfter(asked.output.toLowerCase(), 'server');
  if (!cli || !server)
    return { fits: false, why: `${path} does not say its versions: ${asked.output.slice(0, 80)}` };

  const version = `CLI ${cli}, server ${server}`;
  if (atLeast(cli, OLDEST_CLI) && atLeast(server, OLDEST_SERVER)) return { fits: true, version };

  return {
    fits: false,
    why: `${path} is too old (${version}; needs CLI ${OLDEST_CLI}, server ${OLDEST_SERVER})`,
  };
}

/** The `temporal` on the PATH and what its check said. */
export async function findCli(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly path?: string; readonly check: CliCheck }> {
  const path = findOnPath('temporal', env);
  if (!path) return { check: { fits: false, why: 'no `temporal` on the PATH' } };
  return { path, check: await checkCli(path) };
}

/** Arguments of `temporal` that start its server with our settings. */
export function cliArguments(
  ports: TemporalPorts,
  database: string | 'memory',
  namespace: string,
  ui: boolean,
): string[] {
  const settings = Object.entries(DYNAMIC_SETTINGS).flatMap(([name, value]) => [
    '--dynamic-config-value',
    `${name}=${JSON.stringify(value)}`,
  ]);
  return [
    ...[
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--namespace',
      namespace,
      '--log-level',
      'warn',
    ],
    ...['--port', String(ports.grpc), '--http-port', String(ports.http)],
    ...(ui ? ['--ui-port', String(ports.ui)] : ['--headless']),
    ...(database === 'memory' ? [] : ['--db-filename', database]),
    ...settings,
  ];
}
