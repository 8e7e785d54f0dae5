// The configuration files of the official Temporal server and its Web UI on SQLite, written as JSON, which YAML contains.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PortPicker } from '../ports';

export interface TemporalPorts {
  readonly grpc: number;
  readonly http: number;
  readonly ui: number;
  readonly history: number;
  readonly matching: number;
  readonly worker: number;
  /** Of frontend, history, matching, worker: how the services of one server find each other. */
  readonly membership: readonly [number, number, number, number];
}

/**
 * Settings beyond the server's defaults: skipped time for tests and rehearsals, and no limit on one machine's requests. A timer that is
 * due already waits as long as the shift of timers, a second: each skip would take that long.
 */
export const DYNAMIC_SETTINGS: Readonly<Record<string, boolean | number | string>> = {
  'frontend.WorkflowTimeSkippingEnabled': true,
  'frontend.namespaceRPS': 100_000,
  'frontend.rps': 100_000,
  'history.timerProcessorMaxTimeShift': '20ms',
};

/** Chooses the ports: the usual ones or the next free ones, and any free ones for tests, which run side by side. */
export async function pickTemporalPorts(
  ports: PortPicker,
  anyFree: boolean,
): Promise<TemporalPorts> {
  const pick = (preferred: number): Promise<number> => ports.pick(anyFree ? 0 : preferred);
  return {
    grpc: await pick(7233),
    http: await pick(7243),
    ui: await pick(8233),
    history: await pick(7234),
    matching: await pick(7235),
    worker: await pick(7239),
    membership: [await pick(6933), await pick(6934), await pick(6935), await pick(6939)],
  };
}

/** Writes the server's two files into `folder` and returns the path to give to `--config-file`. */
export function writeServerConfig(
  folder: string,
  ports: TemporalPorts,
  database: string | 'memory',
): string {
  mkdirSync(folder, { recursive: true });
  const dynamic = join(folder, 'dynamic.yaml');
  const settings = Object.entries(DYNAMIC_SETTINGS).map(([name, value]) => [name, [{ value }]]);
  writeFileSync(dynamic, JSON.stringify(Object.fromEntries(settings), null, 2));
  const file = join(folder, 'temporal.yaml');
  writeFileSync(file, JSON.stringify(serverConfig(ports, database, dynamic), null, 2));

  return file;
}

/** Writes the UI's file and returns the arguments that make the UI read it. */
export function writeUiConfig(folder: string, ports: TemporalPorts, namespace: string): string[] {
  mkdirSync(join(folder, 'ui'), { recursive: true });
  const config = {
    temporalGrpcAddress: `127.0.0.1:${ports.grpc}`,
    host: '127.0.0.1',
    port: ports.ui,
    enableUi: true,
    disableNewsFetch: true,
    cors: { cookieInsecure: true, allowOrigins: [] },
    defaultNamespace: namespace,
    hideLogs: true,
  };
  writeFileSync(join(folder, 'ui', 'development.yaml'), JSON.stringify(config, null, 2));
  return ['--root', folder, '--env', 'development', '--config', 'ui', 'start'];
}

function serverConfig(ports: TemporalPorts, database: string | 'memory', dynamic: string): object {
  const archival = { history: { state: 'disabled' }, visibility: { state: 'disabled' } };
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'default',
      numHistoryShards: 4, // fixed for the life of a database
      datastores: { default: { sql: sqlite(database) } },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: services(ports),
    clusterMetadata: soleCluster(ports),
    dcRedirectionPolicy: { policy: 'noop' },
    archival,
    namespaceDefaults: { archival },
    dynamicConfigClient: { filepath: dynamic, pollInterval: '60s' },
  };
}

function services(ports: TemporalPorts): object {
  const [frontend, history, matching, worker] = ports.membership;
  const rpc = (grpcPort: number, membershipPort: number) => ({
    grpcPort,
    membershipPort,
    bindOnLocalHost: true,
  });

  return {
    frontend: { rpc: { ...rpc(ports.grpc, frontend), httpPort: ports.http } },
    matching: { rpc: rpc(ports.matching, matching) },
    history: { rpc: rpc(ports.history, history) },
    worker: { rpc: rpc(ports.worker, worker) },
  };
}

function soleCluster(ports: TemporalPorts): object {
  const active = {
    enabled: true,
    initialFailoverVersion: 1,
    rpcName: 'frontend',
    rpcAddress: `127.0.0.1:${ports.grpc}`,
  };
  return {
    enableGlobalNamespace: false,
    failoverVersionIncrement: 10,
    masterClusterName: 'active',
    currentClusterName: 'active',
    clusterInformation: { active },
  };
}

function sqlite(database: string | 'memory'): object {
  const place =
    database === 'memory'
      ? {
          databaseName: 'memdb1',
          connectAttributes: { mode: 'memory', cache: 'shared', setup: 'true' },
        }
      : {
          databaseName: database,
          connectAttributes: { mode: 'rwc', setup: 'true', journal_mode: 'wal', synchronous: '1' },
        };
  const connection = { connectAddr: 'localhost', connectProtocol: 'tcp' };

  return {
    pluginName: 'sqlite',
    ...place,
    ...connection,
    maxConns: 1,
    maxIdleConns: 1,
    maxConnLifetime: '1h',
  };
}
