// The beginning and the end of listening.

import type { Server } from 'node:http';

/** Longest that a request under way is waited for at the end. */
const FINISH_MS = 10_000;

/** Resolves with the address once it listens. @throws the system's error, such as EADDRINUSE. */
export const listening = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      const address = server.address();
      resolve(
        typeof address === 'object' && address
          ? `${address.address}:${address.port}`
          : String(address),
      );
    });
  });

/** Takes no more requests and resolves when those under way are answered. */
export const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), FINISH_MS);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });

    server.closeIdleConnections();
  });
