// Chooses TCP ports: the preferred one, or the next that nobody listens on.
import { createServer } from 'node:net';
import { CodedError } from '../rules/base/errors';

const HOSTS = ['127.0.0.1', '0.0.0.0'];
const SEARCHED = 200;

/** Picks ports for one start; never hands out the same port twice, although nobody listens on it yet. */
export interface PortPicker {
  /** The preferred port or the next free one above it; 0 asks the system for any. */
  pick(preferred: number): Promise<number>;
}

/** Makes a picker; `isFree` is replaced in tests. */
export function createPortPicker(
  isFree: (port: number) => Promise<boolean> = nobodyListens,
): PortPicker {
  const given = new Set<number>();
  const take = (port: number): number => {
    given.add(port);
    return port;
  };

  return {
    async pick(preferred) {
      if (preferred === 0) return take(await anyPort(given));

      for (let port = preferred; port < Math.min(preferred + SEARCHED, 65_536); port++) {
        if (given.has(port)) continue;
        given.add(port); // before the first await: two picks side by side must not meet on one port
        if (await isFree(port)) return port;
      }

      throw new CodedError(
        'UNAVAILABLE',
        `no free TCP port from ${preferred} to ${preferred + SEARCHED - 1}`,
      );
    },
  };
}

/** Whether a server could listen on the port now, on the loopback address and on all of them. */
export async function nobodyListens(port: number): Promise<boolean> {
  for (const host of HOSTS) if ((await tryListen(port, host)) === undefined) return false;
  return true;
}

async function anyPort(given: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const port = await tryListen(0, '127.0.0.1');
    if (port !== undefined && !given.has(port)) return port;
  }
}

function tryListen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });

    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address ? address.port : undefined),
      );
    });
  });
}
