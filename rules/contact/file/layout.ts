// From the header of a file to its columns: every column is known, mapped or explicitly ignored before the first row is read.

import { CodedError, type Issue } from '../../base/errors';
import { nearestName } from '../../base/nearestName';
import { type ColumnField, FIELDS, fieldOfHeader, fieldOfPath, plainHeader } from './column';
import type { ColumnMapping } from './mapping.schema';

export interface Column extends ColumnField {
  readonly header: string;
  readonly values?: Readonly<Record<string, string>>;
}

const IGNORED = { path: '', kind: 'ignore' } as const;

/**
 * The columns in the order of the header.
 * @throws CodedError INVALID_INPUT naming every column that nobody knows, with the nearest known one
 */
export function layoutOf(header: readonly string[], mapping: ColumnMapping = {}): Column[] {
  const mapped = new Map(
    Object.entries(mapping).map(([name, target]) => [plainHeader(name), target] as const),
  );
  const issues: Issue[] = [];
  const columns: Column[] = [];

  for (const [index, name] of header.entries()) {
    const column = columnOf(name, mapped.get(plainHeader(name)));
    if ('path' in column && 'kind' in column) columns.push({ header: name, ...column });
    else issues.push({ ...column, path: name === '' ? `column ${index + 1}` : name });
  }

  issues.push(...unusedNames(header, mapping), ...missingOrDoubled(columns));
  if (issues.length === 0) return columns;

  const told = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new CodedError('INVALID_INPUT', told, issues);
}

type Found = (ColumnField & Pick<Column, 'values'>) | Pick<Issue, 'message' | 'allowed'>;

function columnOf(header: string, target: ColumnMapping[string] | undefined): Found {
  if (target !== undefined) return mappedField(target);
  if (header === '') return IGNORED; // a cell below it is refused with its row

  const found = fieldOfHeader(header);
  if (found === 'money') {
    const allowed = `${header}(元), ${header}(分)`;
    return { message: `没有单位 says no unit; allowed: ${allowed}`, allowed };
  }

  return found ?? unknownColumn(header);
}

function mappedField(target: NonNullable<ColumnMapping[string]>): Found {
  const meaning = typeof target === 'string' ? { to: target } : target;
  if (meaning.to === 'ignore') return IGNORED;

  const field = fieldOfPath(meaning.to);
  if (!field) return unknownColumn(meaning.to);

  const { unit, type, values } = {
    unit: undefined,
    type: undefined,
    values: undefined,
    ...meaning,
  };
  const isMoney = field.kind === 'fen';
  const kind = (isMoney ? unit : field.kind === 'fact' ? type : undefined) ?? field.kind;
  return { path: field.path, kind, ...(values && { values }) };
}

function unknownColumn(name: string): Pick<Issue, 'message' | 'allowed'> {
  const names = FIELDS.flatMap(({ path, names: others }) => [path, ...others]);
  const nearest = nearestName(name, names);
  // Two signs of two are few changes, and nothing alike.
  const near = [...name].some((sign) => nearest?.includes(sign)) ? nearest : null;
  const hint = near === null ? '' : `; 是否为 did you mean ${JSON.stringify(near)}?`;
  return {
    message: `未知的列 unknown column${hint}`,
    allowed: `${
      near ??
      FIELDS.map(({ path }) => path)
        .filter(Boolean)
        .join(', ')
    }, or a mapping of it`,
  };
}

/** A mapping of a column that the file does not have is a slip of the pen. */
function unusedNames(header: readonly string[], mapping: ColumnMapping): Issue[] {
  const present = new Set(header.map(plainHeader));
  return Object.keys(mapping)
    .filter((name) => !present.has(plainHeader(name)))
    .map((path) => ({
      path,
      message: '映射的列不在文件中 mapped, but the file has no such column',
    }));
}

function missingOrDoubled(columns: readonly Column[]): Issue[] {
  const headers = new Map<string, string[]>();
  for (const { path, header } of columns)
    if (path !== '') headers.set(path, [...(headers.get(path) ?? []), header]);

  const doubled = [...headers].filter(([, names]) => names.length > 1);
  const issues: Issue[] = doubled.map(([path, names]) => ({
    path,
    message: `${names.length} 列含义相同 columns mean the same: ${names.join(', ')}`,
  }));

  if (!headers.has('contactId') && !headers.has('json'))
    issues.push({ path: 'contactId', message: '缺少客户编号列 no column gives the contact' });
  return issues;
}
