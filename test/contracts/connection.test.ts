// A MongoDB that goes away and comes back, seen through a gate in front of the real one.

import { randomUUID } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../models/mongo/connection';
import { createStores } from '../../models/mongo/stores';
import { databaseUri } from '../support/servers';

const BACK_MS = 20_000;

/** Forwards to the real server while open, hangs up while shut. */
async function createGate(uri: string) {
  const target = new URL(uri);
  const sockets = new Set<Socket>();
  let isOpen = false;
  const server = createServer((socket) => {
    const through = isOpen ? connect(Number(target.port || 27017), target.hostname) : undefined;
    for (const end of [socket, through]) {
      if (!end) continue;
      sockets.add(end);
      end.on('error', () => end.destroy()).on('close', () => sockets.delete(end));
    }
    if (through) socket.pipe(through).pipe(socket);
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    open() {
      isOpen = true;
    },
    shut,
    async close() {
      shut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks again until the answer comes. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + BACK_MS; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(50);
    }
  }
}

let connection: Connection | undefined;
let gate: Awaited<ReturnType<typeof createGate>>;
afterEach(async () => {
  await connection?.close();
  await gate.close();
});

test('work goes on by itself once MongoDB answers, at first and after it was away', async () => {
  const uri = new URL(databaseUri(`connection-${randomUUID()}`));
  gate = await createGate(uri.href);
  uri.host = `127.0.0.1:${gate.port}`;
  connection = await connectMongo(uri.href);
  const { contacts } = createStores(connection);
  await expect(contacts.count()).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  gate.open();
  expect(await untilAnswered(() => contacts.count())).toBe(0);
  await contacts.upsertMany([{ contactId: 'c-1', city: 'guangzhou' }]);

  gate.shut();
  await expect(contacts.find('c-1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  gate.open();
  expect(await untilAnswered(() => contacts.find('c-1'))).toMatchObject({ city: 'guangzhou' });
  await connection.dropDatabase();
}, 60_000);
