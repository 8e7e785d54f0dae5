import { createServer, type Server } from 'node:net';
import type { Connection } from 'mongoose';
import { connectMongo } from './connection';
import { flushOutboxes } from './outbox';
import { createStores, ensureIndexes } from './stores';

/** A port on which nothing listens, or something that hangs up at once. */
async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const uriOf = (server: Server): string => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `mongodb://127.0.0.1:${address.port}/away`;
};

describe('a connection to a MongoDB that is away', () => {
  let server: Server;
  let connection: Connection;
  beforeAll(async () => {
    server = await listening();
    connection = await connectMongo(uriOf(server));
  });
  afterAll(async () => {
    await connection.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('fails every kind of call at once with UNAVAILABLE', async () => {
    const { contacts, touches, inbox, policies } = createStores(connection);
    const item = {
      key: 'k',
      kind: 'event',
      urgency: 'prompt',
      partition: 0,
      lane: 'l',
      payload: {},
      receivedAt: 0,
    } as const;
    const calls = [
      () => contacts.find('c-1'),
      () => contacts.upsertMany([{ contactId: 'c-1', city: 'x' }]),
      () => inbox.put([item]),
      () => policies.draft('default', {} as never, 'ann', '2026-03-02T02:00:00.000Z'),
      () => touches.totals(),
      () => touches.export()[Symbol.asyncIterator]().next(),
      () => ensureIndexes(connection),
      () => flushOutboxes(connection),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('refuses an address that never can be right', async () => {
    await expect(connectMongo('http://127.0.0.1/x')).rejects.toThrow(/scheme/i);
  });
});
