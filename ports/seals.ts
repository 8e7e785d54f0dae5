// Seals of the ledger: kept beside it, and written to where whoever can write to the database cannot reach.

import type { Seal, SealedLine, SealLine } from '../rules/ledger/seal/seal';

/** A try to seal an hour; what a crash leaves of one is never part of a seal. */
export interface SealTry {
  /** ISO: the start of the hour. */
  readonly hour: string;
  /** Tells one try from another. */
  readonly name: string;
}

export interface SealStore {
  /** The seal of the latest hour that has one; null: none has. */
  latest(): Promise<Seal | null>;
  find(hour: string): Promise<Seal | null>;
  /** Keeps lines of a try; they come in pages that count from 0. */
  keep(attempt: SealTry, page: number, lines: readonly SealedLine[]): Promise<void>;
  /** Makes the lines of a try, and no other, the hour's. False: it has a seal already, and keeps it. */
  commit(seal: Seal, attempt: SealTry, pages: number): Promise<boolean>;
  /** All lines of the hours after one (ISO), hour by hour, each ending with its seal; absent: of all hours. */
  export(after?: string): AsyncIterable<SealLine>;
}

export interface SealArchive {
  /** Adds the hours that it lacks. Answers the last hour it has; null: none. */
  takeFrom(seals: Pick<SealStore, 'find' | 'export'>): Promise<string | null>;
}
