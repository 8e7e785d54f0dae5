// Brings the jars of the MongoDB stand-in by `mvn`, or over HTTPS from the mirror that this machine names, and checks each against its hash.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { CodedError } from '../../rules/base/errors';
import type { Log } from '../child';
import { findOnPath, run } from '../commands';
import { projectRoot } from '../project';

const FETCH_MS = 60_000;

interface Jar {
  /** Place in a Maven repository. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The committed list: the whole class path with hashes. */
export function jarsLock(): string {
  return readFileSync(join(projectRoot(), 'embedded', 'mongo-jars.json'), 'utf8');
}

/** Fills `folder` with the jars of the list, all verified. @throws CodedError UNAVAILABLE. */
export async function fetchJars(folder: string, env: NodeJS.ProcessEnv, log: Log): Promise<void> {
  const jars = JSON.parse(jarsLock()) as readonly Jar[];
  mkdirSync(folder, { recursive: true });
  const maven = env.SOPFLOW_MAVEN_MIRROR ? undefined : findOnPath('mvn', env);
  const refused = maven
    ? await copyByMaven(maven, folder, env, log)
    : 'there is no `mvn` on the PATH';
  if (refused === undefined) {
    for (const jar of jars)
      assertIntact(jar, readFileSync(join(folder, basename(jar.path))), 'mvn');
    return;
  }

  const mirror = mirrorOf(env);
  if (mirror === undefined) throw nobodyBringsThem(refused);

  if (maven) log(`${refused}; trying plain HTTPS`);
  await fetchByHttp(jars, mirror, folder, log);
}

const nobodyBringsThem = (why: string): CodedError =>
  new CodedError(
    'UNAVAILABLE',
    [
      `the jars of the MongoDB stand-in cannot be fetched: ${why}, and no mirror is named · 无法获取 MongoDB 替身所需的 jar`,
      '任选其一 · do one of these and start again:',
      '  - install Maven, which knows where jars come from (Debian: apt-get install maven)',
      '  - set SOPFLOW_MAVEN_MIRROR to the address of a Maven repository',
      '  - name a <mirror> of central in ~/.m2/settings.xml',
      '  - install MongoDB, or set MONGODB_URI: then no jar is needed',
    ].join('\n'),
  );

/** Maven knows the user's mirrors, proxies and credentials, so it goes first. Says why when it could not. */
async function copyByMaven(
  maven: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<string | undefined> {
  log(
    '获取 MongoDB 替身所需的 17 个 jar（mvn）· fetching 17 jars of the MongoDB stand-in by mvn: once only',
  );
  const work = join(folder, '..', 'maven');
  mkdirSync(work, { recursive: true });
  copyFileSync(join(projectRoot(), 'embedded', 'mongo', 'pom.xml'), join(work, 'pom.xml'));

  const args = [
    '-q',
    '-B',
    'dependency:copy-dependencies',
    `-DoutputDirectory=${folder}`,
    '-DincludeScope=runtime',
  ];
  const copied = await run(maven, args, { cwd: work, env, timeoutMs: 300_000 });
  rmSync(work, { recursive: true });

  return copied.ok
    ? undefined
    : `mvn ${copied.ended}: ${copied.output.split('\n').slice(-3).join(' ')}`;
}

async function fetchByHttp(
  jars: readonly Jar[],
  base: string,
  folder: string,
  log: Log,
): Promise<void> {
  log(
    `获取 MongoDB 替身所需的 ${jars.length} 个 jar · fetching ${jars.length} jars of the MongoDB stand-in from ${base}: once only`,
  );
  for (const jar of jars) {
    const url = `${base}/${jar.path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) }).catch(
      (error: Error) => {
        throw new CodedError(
          'UNAVAILABLE',
          `${url}: ${error.message}; name a reachable mirror in SOPFLOW_MAVEN_MIRROR`,
          [],
          { cause: error },
        );
      },
    );
    if (!response.ok) throw new CodedError('UNAVAILABLE', `${url} answered ${response.status}`);

    const content = Buffer.from(await response.arrayBuffer());
    assertIntact(jar, content, url);
    writeFileSync(join(folder, basename(jar.path)), content);
  }
}

function assertIntact(jar: Jar, content: Buffer, from: string): void {
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 === jar.sha256) return;
  const text = `${basename(jar.path)} from ${from} has ${content.length} bytes and sha256 ${sha256}; expected ${jar.bytes} bytes and ${jar.sha256}`;
  throw new CodedError('UNAVAILABLE', text);
}

/**
 * SOPFLOW_MAVEN_MIRROR, else the mirror of everything (or of central) that the settings of the user or of Maven name. Undefined:
 * nobody said where jars come from, and sopflow presumes no address.
 */
export function mirrorOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.SOPFLOW_MAVEN_MIRROR) return trimmed(env.SOPFLOW_MAVEN_MIRROR);

  const files = [
    join(env.HOME ?? homedir(), '.m2', 'settings.xml'),
    ...[env.MAVEN_HOME, env.M2_HOME].flatMap((maven) =>
      maven ? [join(maven, 'conf', 'settings.xml')] : [],
    ),
  ];
  for (const file of files) {
    const mirror = existsSync(file) ? mirrorIn(readFileSync(file, 'utf8')) : undefined;
    if (mirror !== undefined) return mirror;
  }

  return undefined;
}

function mirrorIn(settings: string): string | undefined {
  const text = settings.replace(/<!--[\s\S]*?-->/g, '');
  for (const [, mirror = ''] of text.matchAll(/<mirror>([\s\S]*?)<\/mirror>/g)) {
    const of = /<mirrorOf>([^<]*)</.exec(mirror)?.[1] ?? '';
    const url = /<url>([^<]*)</.exec(mirror)?.[1];
    const isWanted = of
      .split(',')
      .some((name) => ['*', 'central', 'external:*'].includes(name.trim()));
    if (url && isWanted) return trimmed(url);
  }

  return undefined;
}

const trimmed = (url: string): string => url.trim().replace(/\/+$/, '');
