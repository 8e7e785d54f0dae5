// The rows of an opened file as contacts: its columns, and what stands in each row before anything of it is checked.

import type { ImportAsked } from '../../ports/imports';
import type { FileRow, OpenedFile } from '../../ports/rowFiles';
import { type CellContext, readCell } from '../../rules/contact/file/cell';
import { type Column, layoutOf } from '../../rules/contact/file/layout';
import { contactOfCells, UnreadableRow } from '../../rules/contact/file/row';

export interface ContactFile extends OpenedFile {
  /** ISO: of when the file is; absent: of when it is read. */
  readonly statedAt?: string;
  /** Null: rows carry their own names. */
  readonly columns: readonly Column[] | null;
  readonly context: CellContext;
}

/** @throws CodedError INVALID_INPUT naming the columns that nobody knows */
export function contactFile(file: OpenedFile, asked: ImportAsked): ContactFile {
  const { serials } = file.reading;
  return {
    ...file,
    ...(asked.statedAt !== undefined && { statedAt: asked.statedAt }),
    columns: file.header && layoutOf(file.header, asked.mapping),
    context: { timezone: asked.timezone, ...(serials && { serials }) },
  };
}

export const isBlank = ({ cells, json, fault }: FileRow): boolean =>
  cells.length === 0 && json === undefined && !fault;

/** The raw contact of a row; its facts and consents are of when the file is, unless the row knows better. @throws UnreadableRow */
export function contactOf(row: FileRow, file: ContactFile): unknown {
  const contact = statedIn(row, file);
  const { statedAt } = file;
  if (statedAt === undefined || typeof contact !== 'object' || !contact) return contact;

  const isFacts = 'facts' in contact || 'plan' in contact;
  return {
    ...(isFacts && { asOf: statedAt }),
    ...('consents' in contact && { consentsAt: statedAt }),
    ...contact,
  };
}

function statedIn(row: FileRow, { columns, context }: ContactFile): unknown {
  if (row.fault) throw new UnreadableRow([row.fault]);
  if (columns) return contactOfCells(row.cells, columns, context);

  try {
    return JSON.parse(row.json ?? '');
  } catch {
    throw new UnreadableRow([{ kind: 'not-json' }]);
  }
}

/** Of whom the row tells; undefined: nobody can say. */
export function contactIdOf(row: FileRow, file: ContactFile): string | undefined {
  if (row.fault) return undefined;

  const index = file.columns?.findIndex(({ path }) => path === 'contactId') ?? -1;
  const column = file.columns?.[index];
  return column ? idInCell(row.cells[index] ?? '', column, file.context) : idInJson(row, file);
}

function idInCell(cell: string, column: Column, context: CellContext): string | undefined {
  const meant = column.values && Object.hasOwn(column.values, cell) ? column.values[cell] : cell;
  const read = readCell(meant ?? '', column, context);
  return 'value' in read && typeof read.value === 'string' ? read.value : undefined;
}

function idInJson(row: FileRow, file: ContactFile): string | undefined {
  try {
    const contact = contactOf(row, file) as { readonly contactId?: unknown } | null;
    return typeof contact?.contactId === 'string' ? contact.contactId : undefined;
  } catch (error) {
    if (error instanceof UnreadableRow) return undefined;
    throw error;
  }
}
