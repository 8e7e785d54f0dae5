// The MongoDB stand-in: mongo-java-server on an H2 file, compiled once from MongoLauncher.java. For evaluation only.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../rules/base/errors';
import { obtain } from '../cache';
import type { Log } from '../child';
import { findOnPath, run } from '../commands';
import { projectRoot } from '../project';
import { atLeast, versionAfter } from '../versions';
import { fetchJars, jarsLock } from './jars';

const OLDEST_JAVA = '17';

export type JavaCheck =
  | { readonly fits: true; readonly java: string; readonly javac: string; readonly version: string }
  | { readonly fits: false; readonly why: string };

/** The JDK on the PATH, if it can compile and run the stand-in. */
export async function checkJava(env: NodeJS.ProcessEnv): Promise<JavaCheck> {
  const install = `install a JDK ${OLDEST_JAVA} or newer (Debian: apt-get install openjdk-17-jdk-headless)`;
  const java = findOnPath('java', env);
  const javac = findOnPath('javac', env);
  if (!java) return { fits: false, why: `no \`java\` on the PATH; ${install}` };

  if (!javac)
    return {
      fits: false,
      why: `no \`javac\` beside ${java}: that is a runtime without compiler; ${install}`,
    };

  const asked = await run(javac, ['-version'], { env, timeoutMs: 20_000 });
  const version = versionAfter(asked.output, 'javac');
  if (!asked.ok || !version)
    return { fits: false, why: `${javac} -version: ${asked.ended}: ${asked.output.slice(0, 120)}` };
  if (!atLeast(version, OLDEST_JAVA))
    return { fits: false, why: `${javac} is ${version}, too old; ${install}` };

  return { fits: true, java, javac, version };
}

/** Brings jars and compiled launcher into the cache and returns their folder. */
export async function obtainStandIn(
  root: string,
  javac: string,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<string> {
  const source = join(projectRoot(), 'embedded', 'mongo', 'MongoLauncher.java');
  const hash = createHash('sha256')
    .update(readFileSync(source))
    .update(jarsLock())
    .digest('hex')
    .slice(0, 16);

  const make = async (folder: string): Promise<void> => {
    await fetchJars(join(folder, 'lib'), env, log);
    const classes = join(folder, 'classes');
    mkdirSync(classes);

    const compiled = await run(
      javac,
      ['--release', OLDEST_JAVA, '-cp', join(folder, 'lib', '*'), '-d', classes, source],
      { env },
    );
    if (!compiled.ok)
      throw new CodedError(
        'UNAVAILABLE',
        `javac ${source}: ${compiled.ended}:\n${compiled.output}`,
      );
  };

  return await obtain({
    root,
    name: `mongo-standin-${hash}`,
    what: 'the MongoDB stand-in',
    log,
    make,
  });
}

/** Arguments of `java` that serve `file` on `port`; every acknowledged write survives a kill (mode `commit`). */
export function standInArguments(
  folder: string,
  port: number,
  file: string,
  quickStart: boolean,
): string[] {
  const classPath = [join(folder, 'lib', '*'), join(folder, 'classes')].join(':');
  const options = [
    '-Xmx1g',
    '-XX:+UseSerialGC',
    // Queries run on the threads of connections: where a long one shares its thread, the driver takes the server for dead.
    '-Dio.netty.eventLoopThreads=128',
    ...(quickStart ? ['-XX:TieredStopAtLevel=1'] : []),
  ];
  // Pages are counted as they are written; as objects they take some three times as much of the heap.
  const [commitDelayMs, cacheMb] = ['1000', '128'];
  return [
    ...options,
    '-cp',
    classPath,
    'MongoLauncher',
    String(port),
    file,
    'commit',
    commitDelayMs,
    cacheMb,
  ];
}
