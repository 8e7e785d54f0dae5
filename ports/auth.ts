// Who may call: programs by a key, people by a session. Both give the same: a role, and the cities it may see.

export type Role = 'designer' | 'city' | 'ops' | 'viewer' | 'admin' | 'machine';

export interface Rights {
  readonly role: Role;
  /** Absent: all cities. */
  readonly cities?: readonly string[];
}

/** What a caller proved itself with; `id` is no secret and stands in logs. */
export interface Credential {
  readonly kind: 'key' | 'session' | 'none';
  readonly id: string;
}

export interface Caller extends Rights {
  readonly name: string;
  readonly credential: Credential;
}

export interface Key extends Rights {
  readonly keyId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly revokedAt?: string;
}

/** Keys are hashed at rest. */
export interface KeyStore {
  /** `hash` is the SHA-256 of the secret, in hex. */
  add(key: Key, hash: string): Promise<void>;
  findByHash(hash: string): Promise<Key | null>;
  list(): Promise<Key[]>;
  revoke(keyId: string, at: string): Promise<boolean>;
  isEmpty(): Promise<boolean>;
}
