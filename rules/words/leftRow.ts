// Why a row of a file was not taken, in words: Chinese first, then English.

import { assertNever, type Issue } from '../base/errors';
import type { CellFault } from '../contact/file/cell';
import type { RowFault } from '../contact/file/row';

const CELL_FAULTS: Readonly<Record<CellFault, string>> = {
  error: '单元格是公式错误 the cell holds the error of a formula',
  scientific:
    '表格软件把它显示成了科学计数，请把列设为文本 shown in a short form: format the column as text',
  date: '不是日期，请写成 2024-01-05 或 2024-01-05 08:00:00 not a date with the year first',
  money: '不是金额，或不足一分 not an amount, or less than a fen',
  number: '不是数字 not a number',
  'not-readable': '无法读取 cannot be read',
};

/** What is wrong with a row, each thing in both languages. */
export function leftRowWords(faults: readonly RowFault[], issues: readonly Issue[]): string {
  return [...faults.map(faultWords), ...issues.map(issueWords)].join('; ');
}

function faultWords(fault: RowFault): string {
  switch (fault.kind) {
    case 'stray-quote':
      return '引号位置不对 a quote is out of place';
    case 'open-quote':
      return '引号没有结束 a quote is never closed';
    case 'undecodable':
      return '有无法解码的字符，请检查文件编码 characters that the encoding does not know';
    case 'not-json':
      return '不是 JSON not JSON';
    case 'cells':
      return `有 ${fault.found} 个单元格，表头有 ${fault.expected} 个 ${fault.found} cells under ${fault.expected} headers`;
    case 'cell':
      return `${fault.header} "${fault.value}": ${CELL_FAULTS[fault.fault]}`;
    default:
      return assertNever(fault, 'fault of a row');
  }
}

const issueWords = ({ path, message }: Issue): string =>
  `${path === '' ? '该行 row' : path}: 不符合要求 ${message}`;
