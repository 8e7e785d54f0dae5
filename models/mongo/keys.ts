// API keys by the hash of their secret, and the answers of writes that carried an Idempotency-Key.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Key, KeyStore } from '../../ports/auth';
import type { ResponseStore, StoredResponse } from '../../ports/responses';
import { CodedError } from '../../rules/base/errors';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { withoutId } from './plain';

interface KeyDocument extends Key {
  readonly _id: string;
}

interface ResponseDocument extends Omit<StoredResponse, 'body'> {
  readonly _id: string;
  /** JSON; absent: the answer had no body. */
  readonly body?: string;
  readonly savedAt: Date;
}

/** How long a repeat of a write still gets the first answer. */
const KEPT_SECONDS = 7 * 86_400;

const keys = new Schema<KeyDocument>(
  {
    _id: { type: String, required: true },
    keyId: { type: String, required: true },
    name: { type: String, required: true },
    role: { type: String, required: true },
    cities: { type: [String], default: undefined },
    createdAt: { type: String, required: true },
    revokedAt: String,
  },
  { collection: 'keys', versionKey: false, strict: 'throw', id: false },
);
keys.index({ keyId: 1 }, { unique: true });

const responses = new Schema<ResponseDocument>(
  {
    _id: { type: String, required: true },
    requestHash: { type: String, required: true },
    status: { type: Number, required: true },
    body: String,
    savedAt: { type: Date, required: true },
  },
  { collection: 'responses', versionKey: false, strict: 'throw', id: false },
);
responses.index({ savedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export function keyModel(connection: Connection): Model<KeyDocument> {
  return modelOf(connection, 'Key', keys);
}

export function responseModel(connection: Connection): Model<ResponseDocument> {
  return modelOf(connection, 'Response', responses);
}

export function createKeyStore(connection: Connection): KeyStore {
  const keys = keyModel(connection);
  const store: KeyStore = {
    async add(key, hash) {
      const [isNew] = await insertNew(keys, [{ _id: hash, ...key }]);
      if (!isNew) throw new CodedError('CONFLICT', `key ${key.keyId} or its secret exists already`);
    },

    async findByHash(hash) {
      const found = await keys.findOne({ _id: hash }).lean<KeyDocument>();
      return found && withoutId(found);
    },

    async list() {
      const found = await keys.find().lean<KeyDocument[]>();
      return found
        .map(withoutId)
        .sort((a, b) =>
          a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.keyId < b.keyId) ? -1 : 1,
        );
    },

    async revoke(keyId, revokedAt) {
      await keys.updateOne({ keyId, revokedAt: { $exists: false } }, { $set: { revokedAt } });
      return (await keys.exists({ keyId })) !== null;
    },

    isEmpty: async () => (await keys.findOne({}, { _id: 1 }).lean()) === null,
  };

  return guarded(store);
}

/** @param now clock of the host: the age at which an answer is forgotten counts from it. */
export function createResponseStore(
  connection: Connection,
  now: () => number = Date.now,
): ResponseStore {
  const responses = responseModel(connection);
  const store: ResponseStore = {
    async find(key) {
      const found = await responses.findOne({ _id: key }).lean<ResponseDocument>();
      if (!found) return null;

      const { requestHash, status, body } = found;
      return {
        requestHash,
        status,
        body: body === undefined ? undefined : (JSON.parse(body) as unknown),
      };
    },

    async save(key, { requestHash, status, body }) {
      const json = JSON.stringify(body) as string | undefined; // undefined for undefined, whatever its type says
      const [isNew] = await insertNew(responses, [
        {
          _id: key,
          requestHash,
          status,
          ...(json !== undefined && { body: json }),
          savedAt: new Date(now()),
        },
      ]);

      return isNew === true;
    },
  };

  return guarded(store);
}
