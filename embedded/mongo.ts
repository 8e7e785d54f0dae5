// Finds a MongoDB or starts one: an address given, mongod of the machine, or the stand-in on Java, in this order.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { CodedError } from '../rules/base/errors';
import { withoutPassword } from './access';
import { cachePath } from './cache';
import { type ChildSpec, createSupervisor, type Log, pidsOf, untilReady } from './child';
import { findOnPath, run } from './commands';
import { checkJava, obtainStandIn, standInArguments } from './mongo/standin';
import { createPortPicker } from './ports';
import type { ServerOptions } from './temporal';
import { atLeast, versionAfter } from './versions';

const OLDEST_MONGOD = '4.4';
const DATABASE = 'sopflow';
const START_MS = 120_000; // the stand-in opens 100,000 documents in 20 s

export type MongoTaken = 'MONGODB_URI' | 'path-mongod' | 'cached-mongod' | 'stand-in';

export interface MongoServer {
  readonly uri: string;
  readonly taken: MongoTaken;
  readonly why: string;
  readonly pids: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** What will be run, before it is run. */
export type MongoChoice = { readonly why: string } & (
  | { readonly taken: 'MONGODB_URI'; readonly uri: string }
  | { readonly taken: 'path-mongod' | 'cached-mongod'; readonly mongod: string }
  | { readonly taken: 'stand-in'; readonly java: string; readonly folder: string }
);

/** A MongoDB that answers a ping when this resolves. */
export async function ensureMongo(options: ServerOptions): Promise<MongoServer> {
  const env = options.env ?? process.env;
  const choice = await chooseMongo(env, options.log);
  options.log(`MongoDB: ${choice.taken} (${choice.why})`);
  if (choice.taken === 'MONGODB_URI') return await useGiven(choice.uri, choice.why);

  if (choice.taken === 'stand-in') {
    options.log(
      'MongoDB 使用 Java 替身，仅供评估，切勿用于生产 · this MongoDB is a stand-in on Java: for evaluation, never for production',
    );
  }

  return await startOurs(choice, options);
}

/** Takes the first that serves. @throws CodedError UNAVAILABLE with all the ways to mend it. */
export async function chooseMongo(
  env: NodeJS.ProcessEnv,
  log: Log,
  home: string = homedir(),
): Promise<MongoChoice> {
  if (env.MONGODB_URI)
    return { taken: 'MONGODB_URI', uri: env.MONGODB_URI, why: 'MONGODB_URI is set' };

  const { mongod, passed } = await findMongod(env, home);
  if (mongod) return mongod;

  const java = await checkJava(env);
  if (!java.fits) throw nothingServes([...passed, java.why]);

  const folder = await obtainStandIn(cachePath(env), java.javac, env, log);
  return {
    taken: 'stand-in',
    java: java.java,
    folder,
    why: [...passed, `Java ${java.version}`].join('; '),
  };
}

type Mongod = Extract<MongoChoice, { readonly mongod: string }>;

/** A `mongod` of this machine that is new enough, and why others were passed over. */
export async function findMongod(
  env: NodeJS.ProcessEnv,
  home: string = homedir(),
): Promise<{ readonly mongod?: Mongod; readonly passed: readonly string[] }> {
  const passed: string[] = [];
  const onPath = findOnPath('mongod', env);
  if (!onPath) passed.push('no `mongod` on the PATH');
  const candidates = [
    ...(onPath ? [{ taken: 'path-mongod' as const, mongod: onPath }] : []),
    ...cachedMongods(home).map((mongod) => ({ taken: 'cached-mongod' as const, mongod })),
  ];

  for (const { taken, mongod } of candidates) {
    const check = await checkMongod(mongod);
    if (check.fits)
      return { mongod: { taken, mongod, why: `${mongod}, ${check.version}` }, passed };
    passed.push(check.why);
  }

  return { passed };
}

/** Whether a `mongod` is new enough for the driver: "db version v7.0.5". */
async function checkMongod(
  path: string,
): Promise<
  { readonly fits: true; readonly version: string } | { readonly fits: false; readonly why: string }
> {
  const asked = await run(path, ['--version'], { timeoutMs: 10_000 });
  const version = versionAfter(asked.output, 'db version');
  if (!asked.ok || !version) return { fits: false, why: `${path} --version: ${asked.ended}` };
  if (atLeast(version, OLDEST_MONGOD)) return { fits: true, version };

  return { fits: false, why: `${path} is ${version}, too old (needs ${OLDEST_MONGOD})` };
}

/** Says undefined when a server does not answer a ping within a second. */
export async function ping(uri: string): Promise<true | undefined> {
  const client = new mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: 1_000,
    connectTimeoutMS: 1_000,
  });
  try {
    await client.db().command({ ping: 1 });
    return true;
  } catch {
    return undefined; // the caller knows how long to go on and what to say then
  } finally {
    await client.close();
  }
}

// mongodb-memory-server leaves its downloads here; the newest name first.
function cachedMongods(home: string): string[] {
  const folder = join(home, '.cache', 'mongodb-binaries');
  if (!existsSync(folder)) return [];

  const entries = readdirSync(folder).filter(
    (name) => name.startsWith('mongod') && !/\.(tgz|zip|md5|lock)$/.test(name),
  );

  return entries
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

function nothingServes(passed: readonly string[]): CodedError {
  const mend = [
    '找不到可用的 MongoDB · no MongoDB can be had here:',
    ...passed.map((why) => `  - ${why}`),
    '任选其一 · do one of these and start again:',
    '  - install the JDK named above: a stand-in for evaluation is then fetched by itself, once',
    `  - install MongoDB ${OLDEST_MONGOD} or newer, with \`mongod\` on the PATH`,
    '  - set MONGODB_URI=mongodb://host:port/database to a running server',
  ];
  return new CodedError('UNAVAILABLE', mend.join('\n'));
}

async function useGiven(uri: string, why: string): Promise<MongoServer> {
  if (!(await ping(uri))) {
    const place = withoutPassword(uri);
    throw new CodedError(
      'UNAVAILABLE',
      `no MongoDB answers at MONGODB_URI=${place}; start it, or unset the variable`,
    );
  }
  return { uri, taken: 'MONGODB_URI', why, pids: {}, stop: () => Promise.resolve() };
}

async function startOurs(
  choice: Exclude<MongoChoice, { readonly uri: string }>,
  options: ServerOptions,
): Promise<MongoServer> {
  const port = await (options.ports ?? createPortPicker()).pick(
    options.mode === 'test' ? 0 : 27017,
  );
  const supervisor =
    options.supervisor ??
    createSupervisor({ logDir: join(options.dataDir, 'logs'), log: options.log });
  const child = supervisor.start(specOf(choice, port, options));
  const uri = `mongodb://127.0.0.1:${port}/${DATABASE}`;

  try {
    await untilReady(child, START_MS, () => ping(uri));
  } catch (error) {
    await child.stop();
    throw error;
  }

  return {
    uri,
    taken: choice.taken,
    why: choice.why,
    get pids() {
      return pidsOf([child]);
    },
    stop: () => child.stop(),
  };
}

function specOf(
  choice: Exclude<MongoChoice, { readonly uri: string }>,
  port: number,
  options: ServerOptions,
): ChildSpec {
  const folder = join(options.dataDir, choice.taken === 'stand-in' ? 'mongo-standin' : 'mongod');
  mkdirSync(folder, { recursive: true });

  if (choice.taken === 'stand-in') {
    const args = standInArguments(
      choice.folder,
      port,
      join(folder, 'store.h2'),
      options.mode === 'test',
    );
    return { name: 'mongo', command: choice.java, args, restart: true };
  }

  const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'];
  return { name: 'mongo', command: choice.mongod, args, restart: true };
}
