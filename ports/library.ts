// Versioned data that people write: policies, templates, catalogues, holidays. Published versions never change.

import type { Publication } from '../rules/policy/versions';

/** A published version that must not be used any more, and what becomes of those who wait with it. */
export interface WithdrawnVersion {
  /** `latest`: they take the version in force; `end`: they end. */
  readonly use: 'latest' | 'end';
  readonly reason: string;
  readonly author: string;
  readonly at: string;
}

export interface Version<T> {
  readonly id: string;
  readonly version: number;
  readonly state: 'draft' | 'published';
  readonly body: T;
  readonly author: string;
  readonly at: string;
  readonly withdrawn?: WithdrawnVersion;
}

/** One change of the version in force, and who made it. */
export interface PublicationRecord extends Publication {
  readonly author: string;
}

export interface Library<T> {
  /** Stores a new version as a draft; versions count from 1. */
  draft(id: string, body: T, author: string, at: string): Promise<Version<T>>;
  /**
   * Makes a version the current one; its first publishing puts its author and instant. Repeats change nothing. Null: unknown version.
   * @param effectiveFrom ISO: kept with the publication, for those who ask what is in force at an instant.
   */
  publish(
    id: string,
    version: number,
    author: string,
    at: string,
    effectiveFrom?: string,
  ): Promise<Version<T> | null>;
  /** Every change of the current version, in order; going back to an earlier version is one more. */
  publications(id: string): Promise<readonly PublicationRecord[]>;
  /**
   * Withdraws a published version for good; the first withdrawal counts. Null: unknown, or never published.
   */
  withdraw(id: string, version: number, withdrawn: WithdrawnVersion): Promise<Version<T> | null>;
  /** The version published last that is not withdrawn, or null. */
  current(id: string): Promise<Version<T> | null>;
  /** The same of every id, by id: those with nothing in force are left out. One question, however many there are. */
  inForce(): Promise<Version<T>[]>;
  find(id: string, version: number): Promise<Version<T> | null>;
  /** Newest first. */
  versions(id: string): Promise<Version<T>[]>;
  /** The ids with their newest version. */
  list(): Promise<Version<T>[]>;
}
