// Imports of files: the job, the bytes it reads, and the rows that it could not take.

import type { Issue } from '../rules/base/errors';
import type { ColumnMapping } from '../rules/contact/file/mapping.schema';
import type { RowFault } from '../rules/contact/file/row';
import type { Rights } from './auth';
import type { FileFormat, FileReading } from './rowFiles';

export interface ImportAsked {
  readonly encoding?: string;
  readonly delimiter?: string;
  /** IANA zone of the dates in the file. */
  readonly timezone: string;
  readonly mapping?: ColumnMapping;
  readonly sheet?: string;
  /** Fields that a row does not have are removed. */
  readonly replace: boolean;
  /** Nothing is written. */
  readonly dryRun: boolean;
  /** ISO: of when the file is; absent: of when it is read. */
  readonly statedAt?: string;
}

/** Rows of the file: `rows` is the sum of the four behind it. */
export interface ImportSums {
  readonly rows: number;
  readonly taken: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Blank rows, and those of a contact that comes again later in the file. */
  readonly skipped: number;
  /** Of `skipped`. */
  readonly repeated: number;
  /** Of `taken` and `unchanged`: rows without a name that another city's contact has, until somebody with rights over both decides. */
  readonly claiming?: number;
}

export type ImportState = 'uploading' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface ImportJob {
  readonly id: string;
  readonly state: ImportState;
  readonly fileName: string;
  readonly format: FileFormat;
  readonly bytes: number;
  /** SHA-256 of the file, in hex; empty until it has been uploaded. */
  readonly digest: string;
  readonly asked: ImportAsked;
  /** Who brought it: the id of the credential, its name, and the cities that it may write to. */
  readonly owner: string;
  readonly author: string;
  readonly cities?: Rights['cities'];
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** How the file is read, and what its columns are taken for. */
  readonly reading?: FileReading & { readonly header?: readonly string[] };
  readonly columns?: readonly { readonly header: string; readonly path: string }[];
  /** Rows of the whole file; absent until it was looked through. */
  readonly total?: number;
  readonly sums: ImportSums;
  /** Why it failed. */
  readonly problem?: { readonly message: string; readonly issues: readonly Issue[] };
}

/** A row that was not taken. */
export interface LeftRow {
  /** Its place among the rows of the file, from 0. */
  readonly row: number;
  readonly line: number;
  readonly contactId?: string;
  /** The row of the same contact that counts, by line; absent: it was refused. */
  readonly countingLine?: number;
  readonly cells?: readonly string[];
  readonly json?: string;
  readonly faults?: readonly RowFault[];
  readonly issues?: readonly Issue[];
}

export type LeftKind = 'refused' | 'repeated';

/** What a batch of rows adds. */
export interface ImportStep {
  /** Rows before it: where the job must stand for the step to count. */
  readonly from: number;
  readonly sums: ImportSums;
  readonly left: readonly LeftRow[];
}

export interface ImportListing {
  /** Only those of this credential. */
  readonly owner?: string;
  readonly digest?: string;
  /** Only those older than this one. */
  readonly after?: string;
  readonly limit: number;
}

export interface ImportStore {
  /** Keeps a piece of a file; pieces count from 0. */
  keepPiece(fileId: string, number: number, bytes: Uint8Array): Promise<void>;
  piece(fileId: string, number: number): Promise<Uint8Array | null>;
  removeFile(fileId: string): Promise<void>;

  /** The file of a job is kept under its id. */
  create(job: ImportJob): Promise<void>;
  find(id: string): Promise<ImportJob | null>;
  /** Newest first. */
  list(listing: ImportListing): Promise<ImportJob[]>;
  /** Those that have their file and have not ended, the oldest first. */
  open(limit: number): Promise<ImportJob[]>;
  /** Says what is found out of an open job. False: it has ended meanwhile. */
  note(
    id: string,
    found: Pick<
      Partial<ImportJob>,
      'state' | 'startedAt' | 'bytes' | 'digest' | 'reading' | 'columns' | 'total'
    >,
  ): Promise<boolean>;
  /** Adds a step once, whoever makes it, to a running job that stands where the step begins. */
  advance(id: string, step: ImportStep): Promise<boolean>;
  /** Ends an open job. False: it has ended before. */
  end(
    id: string,
    state: 'done' | 'failed' | 'cancelled',
    at: string,
    problem?: ImportJob['problem'],
  ): Promise<boolean>;
  /** In the order of the file. */
  left(id: string, kind: LeftKind): AsyncIterable<LeftRow>;
  /** Forgets jobs that ended, or whose upload began and never ended, before an instant (ISO), with all they left. */
  removeBefore(at: string): Promise<number>;
}
