// The connection to MongoDB: calls fail at once while it is away, and it comes back by itself.

import mongoose from 'mongoose';
import { isAway } from './failures';

/** Longest a call waits for a server to answer; callers have their own retries. */
const SELECTION_MS = 3_000;
const RETRY_MS = 1_000;
const HEARTBEAT_MS = 1_000;

/**
 * Connects to MongoDB. Resolves also when it is away: then stores fail with UNAVAILABLE, and connecting goes on behind them
 * until it succeeds or the connection is closed.
 */
export async function connectMongo(uri: string): Promise<mongoose.Connection> {
  const connection = mongoose.createConnection();
  connection.set('bufferCommands', false);

  const options: mongoose.ConnectOptions = {
    serverSelectionTimeoutMS: SELECTION_MS,
    connectTimeoutMS: SELECTION_MS,
    // A server that stopped answering is noticed within this and one SELECTION_MS, not after the driver's ten seconds.
    heartbeatFrequencyMS: HEARTBEAT_MS,
    ignoreUndefined: true,
    bufferCommands: false,
    // Indexes are made by `ensureIndexes`, once at start, and never by a model that happens to be used.
    autoIndex: false,
    autoCreate: false,
    ...(/[?&](w|journal)=/.test(uri) ? {} : { writeConcern: { w: 'majority', journal: true } }),
  };
  if (!(await opened(connection, uri, options))) keepTrying(connection, uri, options);

  return connection;
}

async function opened(
  connection: mongoose.Connection,
  uri: string,
  options: mongoose.ConnectOptions,
): Promise<boolean> {
  try {
    await connection.openUri(uri, options);
    return true;
  } catch (error) {
    // A server that does not answer may do so later; a wrong address or password never gets better.
    if (error instanceof mongoose.Error.MongooseServerSelectionError || isAway(error)) return false;
    throw error;
  }
}

function keepTrying(
  connection: mongoose.Connection,
  uri: string,
  options: mongoose.ConnectOptions,
): void {
  let closed = false;
  const timer = setTimeout(() => {
    void opened(connection, uri, options).then((done) => {
      if (closed) return connection.close();
      if (!done) keepTrying(connection, uri, options);
    });
  }, RETRY_MS);

  connection.once('close', () => {
    closed = true;
    clearTimeout(timer);
  });
}
