// The MongoDB that parts measure over: the one MONGODB_URI names, or the embedded one, with a database of its own.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { ensureMongo } from '../embedded/mongo';
import { connectMongo } from '../models/mongo/connection';
import { ensureIndexes } from '../models/mongo/stores';

/** Gives `work` a way to connect to an empty database; everything is gone afterwards. */
export async function withDatabase<T>(
  log: (line: string) => void,
  work: (connect: () => Promise<Connection>) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sopflow-bench-'));
  const mongo = await ensureMongo({ mode: 'test', dataDir, log });
  const uri = new URL(mongo.uri);
  uri.pathname = `/bench-${randomUUID()}`;
  const open: Connection[] = [];
  try {
    const connect = async (): Promise<Connection> => {
      const connection = await connectMongo(uri.href);
      open.push(connection);
      return connection;
    };
    await ensureIndexes(await connect());
    return await work(connect);
  } finally {
    await open[0]?.dropDatabase();
    for (const connection of open) await connection.close();
    await mongo.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
