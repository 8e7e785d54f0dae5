// Where the command line finds a running sopflow: SOPFLOW_URL and SOPFLOW_KEY, or what `npm start` wrote into its data folder.

import { join } from 'node:path';
import { dataPath, type Running, readJson } from '../embedded/datadir';
import { CodedError, type Issue } from '../rules/base/errors';

export interface Remote {
  readonly url: string;
  /** The addresses of a demo; absent when SOPFLOW_URL names another deployment. */
  readonly running?: Running;
  /** Asks the API. Throws with the API's own words when it refuses. */
  fetch(
    path: string,
    init?: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | ReadableStream<Uint8Array>;
    },
  ): Promise<Response>;
}

const kept = (environment: NodeJS.ProcessEnv): Running | undefined =>
  readJson(join(dataPath(environment), 'running.json')) as Running | undefined;

/** Address of the sopflow that runs, if any does: what may be asked of it without a key. */
export const runningApi = (environment: NodeJS.ProcessEnv): string | undefined =>
  environment.SOPFLOW_URL || kept(environment)?.api;

/** @throws CodedError UNAVAILABLE naming what to start or set. */
export function findRemote(environment: NodeJS.ProcessEnv): Remote {
  const running = kept(environment);
  const url = environment.SOPFLOW_URL || running?.api;
  const key = environment.SOPFLOW_KEY || running?.adminKey;
  if (!url || !key)
    throw new CodedError(
      'UNAVAILABLE',
      'no running sopflow was found: run `npm start`, or set SOPFLOW_URL and SOPFLOW_KEY · 未找到运行中的 sopflow',
    );

  return {
    url,
    ...(running && !environment.SOPFLOW_URL && { running }),
    async fetch(path, init = {}) {
      const headers = { authorization: `Bearer ${key}`, ...init.headers };
      // A body that is read as it is sent wants to be told apart.
      const duplex = typeof init.body === 'object' && { duplex: 'half' as const };
      const answer = await fetch(`${url}${path}`, { ...init, ...duplex, headers }).catch(
        (error: Error) => {
          throw new CodedError(
            'UNAVAILABLE',
            `sopflow does not answer at ${url}: ${(error.cause as Error | undefined)?.message ?? error.message}`,
          );
        },
      );
      if (answer.ok || answer.status === 207) return answer;

      const problem = (await answer.json().catch(() => ({}))) as {
        title?: string;
        detail?: string;
        issues?: readonly Issue[];
      };

      throw new CodedError(
        'UNAVAILABLE',
        `${path}: ${answer.status} ${problem.detail ?? problem.title ?? answer.statusText}`,
        problem.issues,
      );
    },
  };
}
