// API keys: hashed at rest, each with a role and the cities it may see.

export type Role = 'designer' | 'city' | 'ops' | 'viewer' | 'admin' | 'machine';

export interface Key {
  readonly keyId: string;
  readonly name: string;
  readonly role: Role;
  /** Absent: all cities. */
  readonly cities?: readonly string[];
  readonly createdAt: string;
  readonly revokedAt?: string;
}

export interface KeyStore {
  /** `hash` is the SHA-256 of the secret, in hex. */
  add(key: Key, hash: string): Promise<void>;
  findByHash(hash: string): Promise<Key | null>;
  list(): Promise<Key[]>;
  revoke(keyId: string, at: string): Promise<boolean>;
  isEmpty(): Promise<boolean>;
}

export interface StoredResponse {
  readonly requestHash: string;
  readonly status: number;
  readonly body: unknown;
}

/** Answers of writes that carried an Idempotency-Key. */
export interface ResponseStore {
  find(key: string): Promise<StoredResponse | null>;
  /** False: another request with this key was faster. */
  save(key: string, response: StoredResponse): Promise<boolean>;
}
