// The real servers that the tests of the `servers` group share: started once for all of them, in a folder that goes with them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureMongo } from '../../embedded/mongo';
import { ensureTemporal } from '../../embedded/temporal';

export interface TestServers {
  readonly mongoUri: string;
  readonly temporalAddress: string;
  stop(): Promise<void>;
}

/** Takes the servers that MONGODB_URI and TEMPORAL_ADDRESS name, or starts its own side by side; all or none. */
export async function startServers(): Promise<TestServers> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sopflow-servers-'));
  const forget = (): void => rmSync(dataDir, { recursive: true, force: true });
  const options = {
    mode: 'test' as const,
    dataDir,
    log: (line: string) => process.stderr.write(`${line}\n`),
  };
  const [mongo, temporal] = await Promise.allSettled([
    ensureMongo(options),
    ensureTemporal(options),
  ]);
  if (mongo.status === 'fulfilled' && temporal.status === 'fulfilled') {
    const stop = async (): Promise<void> => {
      await Promise.all([mongo.value.stop(), temporal.value.stop()]);
      forget();
    };
    return { mongoUri: mongo.value.uri, temporalAddress: temporal.value.address, stop };
  }
  const failures: unknown[] = [];
  for (const result of [mongo, temporal]) {
    if (result.status === 'fulfilled') await result.value.stop();
    else failures.push(result.reason);
  }
  forget();
  throw failures.length === 1
    ? failures[0]
    : new AggregateError(failures, failures.map(String).join('\n'));
}

/** The address of a database of its own on the tests' MongoDB. */
export function databaseUri(name: string): string {
  const given = process.env.SOPFLOW_TEST_MONGODB_URI;
  if (!given)
    throw new Error('SOPFLOW_TEST_MONGODB_URI names no MongoDB: run the tests through npm test');
  const uri = new URL(given);
  uri.pathname = `/${name}`;
  return uri.href;
}
