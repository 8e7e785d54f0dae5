// Files of rows: bytes that lie somewhere, and what reads rows out of them a few at a time.

import type { SerialBase } from '../rules/contact/file/date';
import type { RowFault } from '../rules/contact/file/row';

/** A file that can be read from any place, again and again. */
export interface FileBytes {
  readonly size: number;
  /** Bytes from `from` to `to` (not included; absent: to the end), piece by piece. */
  read(from: number, to?: number): AsyncIterable<Uint8Array>;
}

export type FileFormat = 'csv' | 'jsonl' | 'xlsx';

export interface ReadOptions {
  readonly format: FileFormat;
  /** Absent: found out from the bytes. */
  readonly encoding?: string;
  /** Of CSV; absent: the comma, semicolon or tab that its header has most of. */
  readonly delimiter?: string;
  /** Of a workbook: its name, or its number from 1; absent: the first that is shown. */
  readonly sheet?: string;
}

/** How the file is read: said to whoever brought it. */
export interface FileReading {
  readonly format: FileFormat;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly sheet?: string;
  /** Sheets of the workbook that are not read. */
  readonly otherSheets?: readonly string[];
  readonly serials?: SerialBase;
}

export interface FileRow {
  /** As an editor or a spreadsheet numbers it. */
  readonly line: number;
  /** Of CSV and workbooks, in the order of the header; none of a blank row. */
  readonly cells: readonly string[];
  /** Of JSONL. */
  readonly json?: string;
  /** Why the row cannot be read; its cells are then only what they look like. */
  readonly fault?: RowFault;
}

export interface OpenedFile {
  readonly reading: FileReading;
  /** Null: rows carry their own names, as those of JSONL. */
  readonly header: readonly string[] | null;
  /** All rows behind the header, many at a time; from the beginning whenever it is asked for. */
  rows(): AsyncIterable<readonly FileRow[]>;
}

export interface RowFiles {
  /** @throws CodedError INVALID_INPUT for a file that cannot be read as a whole, saying why */
  open(file: FileBytes, options: ReadOptions): Promise<OpenedFile>;
}
