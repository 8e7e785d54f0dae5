// Versioned data that people write: policies, templates, catalogues, holidays. Published versions never change.

export interface Version<T> {
  readonly id: string;
  readonly version: number;
  readonly state: 'draft' | 'published';
  readonly body: T;
  readonly author: string;
  readonly at: string;
}

export interface Library<T> {
  /** Stores a new version as a draft; versions count from 1. */
  draft(id: string, body: T, author: string, at: string): Promise<Version<T>>;
  /** Makes a version the current one; its first publishing puts its author and instant. Repeats change nothing. Null: unknown version. */
  publish(id: string, version: number, author: string, at: string): Promise<Version<T> | null>;
  /** The published version in force, or null. */
  current(id: string): Promise<Version<T> | null>;
  find(id: string, version: number): Promise<Version<T> | null>;
  /** Newest first. */
  versions(id: string): Promise<Version<T>[]>;
  /** The ids with their newest version. */
  list(): Promise<Version<T>[]>;
}
