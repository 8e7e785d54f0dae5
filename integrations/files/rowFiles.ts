// Reads rows out of files of any format that people bring.

import type { RowFiles } from '../../ports/rowFiles';
import { openCsv } from './csv';
import { openJsonl } from './jsonl';
import { openXlsx } from './xlsx/xlsx';

const OPENERS = { csv: openCsv, jsonl: openJsonl, xlsx: openXlsx };

export const createRowFiles = (): RowFiles => ({
  open: (file, options) => OPENERS[options.format](file, options),
});
