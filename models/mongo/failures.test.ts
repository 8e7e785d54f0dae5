import mongoose from 'mongoose';
import { CodedError } from '../../rules/base/errors';
import { guarded, isAway } from './failures';

const { MongoNetworkError, MongoServerError } = mongoose.mongo;

const failing = (error: Error) => guarded({ ask: () => Promise.reject<string>(error) });

describe('a failed call', () => {
  it('is UNAVAILABLE, with its cause, when the network broke', async () => {
    const cause = new MongoNetworkError('socket hang up');
    await expect(failing(cause).ask()).rejects.toMatchObject({ code: 'UNAVAILABLE', cause });
  });

  it('is UNAVAILABLE when the server says that the same may succeed later', () => {
    const error = new MongoServerError({ message: 'not primary', code: 10107 });
    expect(isAway(error)).toBe(false);
    error.addErrorLabel('RetryableWriteError');
    expect(isAway(error)).toBe(true);
  });

  it('stays what it is when the server is there', async () => {
    const refused = new MongoServerError({ message: 'unknown operator', code: 2 });
    await expect(failing(refused).ask()).rejects.toBe(refused);
    const coded = new CodedError('CONFLICT', 'moved');
    await expect(failing(coded).ask()).rejects.toBe(coded);
  });

  it('leaves answers alone, also those that come row by row', async () => {
    async function* rows() {
      yield 1;
      yield 2;
    }
    const store = guarded({ ask: async (word: string) => word, rows });
    expect(await store.ask('x')).toBe('x');
    const all: number[] = [];
    for await (const row of store.rows()) all.push(row);
    expect(all).toEqual([1, 2]);
  });
});
