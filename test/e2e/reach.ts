// How tests speak to a running product: the API with the admin key, the sandbox's controls, its book and the ledger.

import { pollUntil } from '../../embedded/poll';

const PATIENCE_MS = 120_000;

export interface BookEntry {
  readonly contactId: string;
  readonly channel: string;
  readonly ref: string;
  readonly text: string;
}

export interface Reach {
  /** Calls the API with the admin key; throws unless the answer is good. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  control(path: string, body?: unknown): Promise<unknown>;
  /** Everything customers received, as the sandbox remembers it. */
  book(): Promise<readonly BookEntry[]>;
  ledger(): Promise<readonly Record<string, unknown>[]>;
  /** What the checker answers, line by line. */
  check(): Promise<readonly Record<string, unknown>[]>;
}

/** Waits until `probe` answers something; names what it waited for when it gives up. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  let lastError: unknown;
  const ask = async () => {
    try {
      lastError = undefined;
      const answer = await probe();
      return answer === null || answer === false ? undefined : answer;
    } catch (error) {
      lastError = error; // not up yet, perhaps
      return undefined;
    }
  };

  return pollUntil(ask, {
    everyMs: 200,
    timeoutMs: patienceMs,
    timedOut: () =>
      new Error(`gave up waiting for ${what} after ${patienceMs / 1000} s`, { cause: lastError }),
  });
}

export function createReach(api: string, sandbox: string, adminKey: string): Reach {
  const authorization = `Bearer ${adminKey}`;

  async function lines(
    url: string,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown>[]> {
    const answer = await fetch(url, { headers });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return (await answer.text())
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  return {
    async ask(method, path, body) {
      const answer = await fetch(`${api}${path}`, {
        method,
        headers: {
          authorization,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      const isJson = answer.headers.get('content-type')?.includes('json') && text !== '';
      return { status: answer.status, body: isJson ? JSON.parse(text) : text };
    },
    async control(path, body = {}) {
      const method = path.endsWith(':batch') ? 'PUT' : 'POST';
      const answer = await fetch(`${sandbox}/sandbox/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    book: async () => (await lines(`${sandbox}/sandbox/book`)) as unknown as BookEntry[],
    ledger: () => lines(`${api}/api/v1/ledger:export`, { authorization }),
    check: () => lines(`${api}/api/v1/ledger:check`, { authorization }),
  };
}
