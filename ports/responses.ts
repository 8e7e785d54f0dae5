// Answers of writes that carried an Idempotency-Key.

export interface StoredResponse {
  readonly requestHash: string;
  readonly status: number;
  readonly body: unknown;
}

export interface ResponseStore {
  find(key: string): Promise<StoredResponse | null>;
  /** False: another request with this key was faster. */
  save(key: string, response: StoredResponse): Promise<boolean>;
}
