// From the text of a cell to the value of its field, or what is wrong with it.

import type { CellKind, ColumnField } from './column';
import { instantOfCell, type SerialBase } from './date';
import { fenOfCell } from './money';

/** What the cells of a file are read with. */
export interface CellContext {
  /** IANA zone of the file's dates. */
  readonly timezone: string;
  readonly serials?: SerialBase;
}

export type CellFault = 'error' | 'scientific' | 'date' | 'money' | 'number' | 'not-readable';

/** `value` undefined: the cell says nothing; null: it says that the field is gone. */
export type CellRead = { readonly value: unknown } | { readonly fault: CellFault };

const MISSING = new Set([
  '',
  'null',
  '(null)',
  '#n/a',
  'n/a',
  '#null!',
  'nan',
  'none',
  '-',
  '--',
  '—',
  '——',
  '/',
  '\\n',
]);
/** Written on purpose, for no program leaves it in an empty cell. */
const REMOVED = new Set(['<null>', '<清空>']);
/** A formula that failed: the value that was meant is not known. */
const ERRORS = /^#(REF!|DIV\/0!|VALUE!|NAME\?|NUM!|SPILL!|CALC!|GETTING_DATA)$/i;
const SCIENTIFIC = /^[-+]?\d+(\.\d+)?e[-+]\d+$/i;

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, y: true, '1': true, 是: true, 同意: true, 开: true },
  ...{ false: false, no: false, n: false, '0': false, 否: false, 不同意: false, 关: false },
};
const PAY_TYPES: Readonly<Record<string, string>> = {
  ...{ prepaid: 'prepaid', 预付: 'prepaid', 预付费: 'prepaid' },
  ...{ postpaid: 'postpaid', 后付: 'postpaid', 后付费: 'postpaid' },
};
const CONSENTS: Readonly<Record<string, string>> = {
  ...{ granted: 'granted', 同意: 'granted', 已同意: 'granted', 已授权: 'granted', 是: 'granted' },
  ...{ refused: 'refused', 拒绝: 'refused', 不同意: 'refused', 未授权: 'refused', 否: 'refused' },
  ...{ unknown: 'unknown', 未知: 'unknown' },
};

/** Reads one cell of a column. A text that is not of its column's kind stays a text, for the row's schema to name it. */
export function readCell(cell: string, column: ColumnField, context: CellContext): CellRead {
  const text = cell.trim();
  if (MISSING.has(text.toLowerCase())) return { value: undefined };
  if (REMOVED.has(text.toLowerCase())) return { value: null };
  if (ERRORS.test(text)) return { fault: 'error' };

  return valueOfText(text, column.kind, context);
}

function valueOfText(text: string, kind: CellKind, context: CellContext): CellRead {
  switch (kind) {
    case 'id':
      return SCIENTIFIC.test(text) ? { fault: 'scientific' } : { value: text };
    case 'number':
      return numberOf(text);
    case 'percent':
      return numberOf(text.replace(/[%％]$/, ''));
    case 'yuan':
    case 'fen':
      return readOr('money', fenOfCell(text, kind));
    case 'instant':
      return readOr('date', instantOfCell(text, context.timezone, context.serials));
    case 'boolean':
      return { value: BOOLEANS[text.toLowerCase()] ?? text };
    case 'fact':
      return { value: text === 'true' || text === 'false' ? text === 'true' : text };
    case 'payType':
      return { value: PAY_TYPES[text.toLowerCase()] ?? text };
    case 'consent':
      return { value: CONSENTS[text.toLowerCase()] ?? text };
    case 'list':
      return {
        value: text
          .split(/[;；、|,，]/)
          .map((part) => part.trim())
          .filter(Boolean),
      };
    case 'json':
      return jsonOf(text);
    case 'text':
    case 'ignore':
      return { value: text };
  }
}

const readOr = (fault: CellFault, value: unknown): CellRead =>
  value === null ? { fault } : { value };

/** Digits only, with a point at most: what else a number may be written as is a slip. */
function numberOf(text: string): CellRead {
  const plain = text.normalize('NFKC');
  return /^[-+]?\d+(\.\d+)?$/.test(plain) ? { value: Number(plain) } : { fault: 'number' };
}

function jsonOf(text: string): CellRead {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: 'not-readable' };
  }
}
