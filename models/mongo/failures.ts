// Tells that MongoDB is away from every other failure: the first is coded UNAVAILABLE, the rest pass unchanged.

import mongoose from 'mongoose';
import { CodedError, isCodedError } from '../../rules/base/errors';

const {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
} = mongoose.mongo;
/** Mongoose says these before the driver could: nothing ever connected, or the connection stayed away too long. */
const NOT_CONNECTED =
  /initial connection is complete|buffering timed out|Connection was force closed/;

/** True when trying again later may succeed; whether a write took effect is unknown. */
export function isAway(error: unknown): boolean {
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    isBrokenBulk(error)
  )
    return true;
  if (error instanceof MongoError) return error.hasErrorLabel('RetryableWriteError');

  return error instanceof mongoose.MongooseError && NOT_CONNECTED.test(error.message);
}

/** The driver dresses a connection lost during a bulk as a bulk error without a code and without write errors. */
const isBrokenBulk = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError &&
  error.code === undefined &&
  [error.writeErrors].flat().length === 0;

/** True for a write that met a document with the same unique key. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoError && error.code === 11000;

function coded(error: unknown): unknown {
  if (isCodedError(error) || !isAway(error)) return error;
  return new CodedError(
    'UNAVAILABLE',
    `MongoDB cannot be reached: ${(error as Error).message}`,
    [],
    { cause: error },
  );
}

/** The same store, whose calls fail with UNAVAILABLE while MongoDB is away. */
export function guarded<S extends object>(store: S): S {
  const calls = Object.entries(store).map(([name, call]) => [name, guardCall(call as Call)]);
  return Object.fromEntries(calls) as S; // the same names and signatures as those of `store`
}

type Call = (...given: unknown[]) => Promise<unknown> | AsyncIterable<unknown>;

function guardCall(call: Call): Call {
  return (...given) => {
    const result = call(...given);
    if (Symbol.asyncIterator in result) return guardRows(result);

    return result.catch((error: unknown) => {
      throw coded(error);
    });
  };
}

async function* guardRows(rows: AsyncIterable<unknown>): AsyncIterable<unknown> {
  try {
    yield* rows;
  } catch (error) {
    throw coded(error);
  }
}
