import mongoose, { type Model } from 'mongoose';
import { guarded } from './failures';
import { insertNew } from './inserts';

const { MongoBulkWriteError, MongoNetworkError } = mongoose.mongo;

/** A model whose bulk ends as told. */
const ending = (error: Error | null) =>
  ({
    collection: { insertMany: () => (error ? Promise.reject(error) : Promise.resolve()) },
  }) as unknown as Model<{
    _id: string;
  }>;
const bulkError = (cause: object) => new MongoBulkWriteError(cause as never, {} as never);
const documents = [{ _id: 'a' }, { _id: 'b' }];

describe('inserting what is new', () => {
  it('answers which were there already', async () => {
    const duplicate = bulkError({
      message: 'E11000',
      code: 11000,
      writeErrors: [{ code: 11000, index: 1 }],
    });
    expect(await insertNew(ending(duplicate), documents)).toEqual([true, false]);
    expect(await insertNew(ending(null), documents)).toEqual([true, true]);
  });

  it('takes no connection lost during a bulk for a success: what was written is unknown, and the caller tries again', async () => {
    const lost = bulkError(new MongoNetworkError('connection 7 closed'));
    const store = guarded({ put: () => insertNew(ending(lost), documents) });
    await expect(store.put()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
