// Builds the official Temporal server and its Web UI from their sources through the Go module proxy, once per user.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../rules/base/errors';
import type { Log } from '../child';
import { findOnPath, run } from '../commands';
import { atLeast, versionAfter } from '../versions';

const SERVER = {
  binary: 'temporal-server',
  source: 'go.temporal.io/server/cmd/server',
  version: '1.32.0',
  packages: 1754,
};
const UI = {
  binary: 'temporal-ui',
  source: 'github.com/temporalio/ui-server/v2/cmd/server',
  version: '2.54.1',
  packages: 432,
};
const OLDEST_GO = '1.26.8';
const REPORT_EVERY_MS = 10_000;

/** Name of the cache entry: whatever the binaries depend on. */
export const SERVER_ENTRY = `temporal-server-${SERVER.version}-ui-${UI.version}-${process.platform}-${process.arch}`;

/** What the entry holds once made. */
export function serverBinaries(folder: string): { readonly server: string; readonly ui: string } {
  return { server: join(folder, SERVER.binary), ui: join(folder, UI.binary) };
}

export type GoCheck =
  | { readonly fits: true; readonly path: string; readonly version: string }
  | { readonly fits: false; readonly why: string };

/** The Go on the PATH, if it can build the server. */
export async function checkGo(env: NodeJS.ProcessEnv): Promise<GoCheck> {
  const path = findOnPath('go', env);
  if (!path)
    return {
      fits: false,
      why: `no \`go\` on the PATH; install Go ${OLDEST_GO} or newer from https://go.dev/dl/`,
    };

  const asked = await run(path, ['version'], { env: buildEnvironment(env), timeoutMs: 20_000 });
  const version = versionAfter(asked.output, 'go version go');
  if (!asked.ok || !version)
    return { fits: false, why: `${path} version: ${asked.ended}: ${asked.output.slice(0, 120)}` };
  if (atLeast(version, OLDEST_GO)) return { fits: true, path, version };

  return {
    fits: false,
    why: `${path} is Go ${version}, too old; install Go ${OLDEST_GO} or newer from https://go.dev/dl/`,
  };
}

/** Builds both binaries into `folder`. @throws CodedError UNAVAILABLE with the end of the compiler's output. */
export async function buildServer(
  folder: string,
  go: string,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<void> {
  const began = Date.now();
  const seconds = (): number => Math.round((Date.now() - began) / 1000);

  log(
    '首次启动：正在编译官方 Temporal 服务，仅此一次，双核约十分钟 · building the official Temporal server: once only, about ten minutes on two cores',
  );

  for (const part of [SERVER, UI]) {
    let compiled = 0;
    let downloaded = 0;
    const timer = setInterval(() => {
      const done =
        compiled > 0 ? `${compiled}/${part.packages} packages` : `${downloaded} modules downloaded`;
      log(`编译中 · building ${part.binary} ${part.version}: ${done}, ${seconds()} s`);
    }, REPORT_EVERY_MS);

    try {
      await install(part, folder, go, env, (line) => {
        if (line.startsWith('go: downloading')) downloaded++;
        else if (/^[\w.\-/]+$/.test(line)) compiled++;
      });
    } finally {
      clearInterval(timer);
    }
  }

  log(`编译完成 · built in ${seconds()} s, kept for every later start`);
}

async function install(
  part: typeof SERVER,
  folder: string,
  go: string,
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<void> {
  const bin = join(folder, 'bin'); // both programs install as `server`
  mkdirSync(bin, { recursive: true });
  const target = `${part.source}@v${part.version}`;
  const built = await run(go, ['install', '-v', '-ldflags=-s -w', target], {
    env: { ...buildEnvironment(env), GOBIN: bin },
    onLine,
  });
  if (!built.ok) {
    const end = built.output.split('\n').slice(-15).join('\n');
    throw new CodedError(
      'UNAVAILABLE',
      `go install ${target}: ${built.ended}. It needs the Go module proxy (GOPROXY). The end of its output:\n${end}`,
    );
  }

  renameSync(join(bin, 'server'), join(folder, part.binary));
  rmSync(bin, { recursive: true });
}

// The Go that is here builds it, without C, and without flags of other projects; an empty GOFLAGS would let `go env -w` through.
function buildEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    CGO_ENABLED: '0',
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-buildvcs=false',
    GOWORK: 'off',
  };
}
