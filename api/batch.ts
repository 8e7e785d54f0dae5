// Batches: each row is read for itself, good rows are taken, and every row gets an answer in the order it came.

import type { ErrorCode, Issue } from '../rules/base/errors';
import { CodedError, isCodedError } from '../rules/base/errors';
import type { Exchange } from './exchange';
import { type Row, rowsOf } from './middleware/body';

export const MAX_ROWS = 5000;
export const BATCH_BYTES = 16 * 1024 * 1024;

export interface RowAnswer {
  readonly row: number;
  readonly id?: string;
  readonly status: 'accepted' | 'duplicate' | 'refused';
  readonly code?: ErrorCode;
  readonly issues?: readonly Issue[];
}

export interface BatchAnswer {
  readonly accepted: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly rows: readonly RowAnswer[];
}

export interface ReadRow<T> {
  readonly row: number;
  readonly value: T;
}

/** Reads rows with `read`; those it refuses are answered, the rest are returned. */
export function readRows<T>(
  { raw, headers }: Pick<Exchange, 'raw' | 'headers'>,
  field: string,
  read: (value: unknown) => T,
): { readonly good: readonly ReadRow<T>[]; readonly refused: readonly RowAnswer[] } {
  const good: ReadRow<T>[] = [];
  const refused: RowAnswer[] = [];

  for (const { row, value } of givenRows({ raw, headers }, field)) {
    try {
      good.push({ row, value: read(value()) });
    } catch (error) {
      refused.push(refusal(row, error));
    }
  }

  return { good, refused };
}

/** The rows of a body; `value` throws for a line that is not JSON. */
export function givenRows(
  { raw, headers }: Pick<Exchange, 'raw' | 'headers'>,
  field: string,
): { readonly row: number; readonly value: () => unknown }[] {
  const rows = rowsOf(raw, String(headers['content-type'] ?? ''), field, MAX_ROWS);
  return rows.map((given, row) => ({ row, value: () => readable(given) }));
}

function readable(row: Row): unknown {
  if ('value' in row) return row.value;
  throw new CodedError('INVALID_INPUT', 'the line is not JSON', [
    { path: '', message: row.malformed, allowed: 'one JSON object a line' },
  ]);
}

/** @throws the error itself when it is not the row's fault. */
export function refusal(row: number, error: unknown, id?: string): RowAnswer {
  if (!isCodedError(error) || error.code === 'UNAVAILABLE') throw error;
  const issues = error.issues.length > 0 ? error.issues : [{ path: '', message: error.message }];
  return { row, ...(id !== undefined && { id }), status: 'refused', code: error.code, issues };
}

export function batchAnswer(answers: readonly RowAnswer[]): BatchAnswer {
  const count = (status: RowAnswer['status']): number =>
    answers.filter((answer) => answer.status === status).length;
  return {
    accepted: count('accepted'),
    duplicate: count('duplicate'),
    refused: count('refused'),
    rows: [...answers].sort((a, b) => a.row - b.row),
  };
}
