// Workbooks of Excel and WPS: one sheet is read row by row, wherever the texts of its cells lie in the file.

import type { FileBytes, FileRow, OpenedFile, ReadOptions } from '../../../ports/rowFiles';
import { firstRow, noHeader, withoutHeader } from '../header';
import { openArchive } from './archive';
import { readSharedStrings } from './sharedStrings';
import { sheetRows } from './sheet';
import { chosenSheet, readWorkbook } from './workbook';

export async function openXlsx(file: FileBytes, options: ReadOptions): Promise<OpenedFile> {
  const archive = await openArchive(file);
  const { sheets, serials, stringsPart, isDate } = await readWorkbook(archive);
  const sheet = chosenSheet(sheets, options.sheet);
  const strings = await readSharedStrings(archive, stringsPart);
  const all = () => sheetRows(archive, sheet.part, { strings, isDate, serials });

  const header = await firstRow(all());
  if (!header) throw noHeader();

  const otherSheets = sheets.filter((other) => other !== sheet).map(({ name }) => name);
  return {
    reading: {
      ...{ format: 'xlsx', sheet: sheet.name, serials },
      ...(otherSheets.length > 0 && { otherSheets }),
    },
    header: header.cells,
    rows: () => fitted(withoutHeader(all()), header.cells.length),
  };
}

/** Cells that a row does not have are blank; those beyond the header have no name. */
async function* fitted(
  rows: AsyncIterable<readonly FileRow[]>,
  width: number,
): AsyncGenerator<readonly FileRow[]> {
  for await (const some of rows)
    yield some.map((row) => {
      const { length } = row.cells;
      if (length === 0 || length === width) return row;
      if (length > width)
        return { ...row, fault: { kind: 'cells', found: length, expected: width } };
      return { ...row, cells: [...row.cells, ...Array.from({ length: width - length }, () => '')] };
    });
}
