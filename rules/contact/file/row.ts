// From the cells of a row to the contact that it tells of; columns are paths, and cells that say nothing are absent.

import { CodedError } from '../../base/errors';
import { type CellContext, type CellFault, readCell } from './cell';
import type { Column } from './layout';

/** Why a row could not be taken apart into cells, or a cell could not be read. */
export type RowFault =
  | { readonly kind: 'stray-quote' | 'open-quote' | 'undecodable' | 'not-json' }
  | { readonly kind: 'cells'; readonly found: number; readonly expected: number }
  | {
      readonly kind: 'cell';
      readonly header: string;
      readonly fault: CellFault;
      readonly value: string;
    };

/** A row that cannot be read. */
export class UnreadableRow extends CodedError {
  constructor(readonly faults: readonly RowFault[]) {
    super('INVALID_INPUT', faults.map(({ kind }) => kind).join(', '));
  }
}

/** The raw contact of a row. @throws UnreadableRow naming every cell that cannot be read */
export function contactOfCells(
  cells: readonly string[],
  columns: readonly Column[],
  context: CellContext,
): unknown {
  const contact: Record<string, unknown> = {};
  const faults: RowFault[] = [];
  let whole: unknown;

  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (column.kind === 'ignore') {
      if (column.header === '' && cell !== '')
        faults.push({ kind: 'cells', found: index + 1, expected: index });
      continue;
    }

    const given = column.values && Object.hasOwn(column.values, cell) ? column.values[cell] : cell;
    const read = readCell(given ?? '', column, context);
    if ('fault' in read)
      faults.push({ kind: 'cell', header: column.header, fault: read.fault, value: cell });
    else if (column.kind === 'json') whole = read.value;
    else if (read.value !== undefined) put(contact, pathOf(column, read.value), read.value);
  }

  if (faults.length > 0) throw new UnreadableRow(faults);
  return whole ?? contact;
}

/** A part of what only stands as a whole is removed with it. */
function pathOf({ path }: Column, value: unknown): readonly string[] {
  const [first = '', ...rest] = path.split('.');
  return value === null && first !== 'facts' ? [first] : [first, ...rest];
}

/** Paths come from the table of columns, whose names are plain. */
function put(
  target: Record<string, unknown>,
  [first = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }

  if (target[first] === null) return; // removed as a whole
  target[first] ??= {};
  put(target[first] as Record<string, unknown>, rest, value);
}
