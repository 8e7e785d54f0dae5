// Looks through a whole file before its first row is taken: how many rows it has, and which row of each contact is the last.

import { CodedError } from '../../rules/base/errors';
import { type ContactFile, contactIdOf } from './fileRows';
import { createLastLines, type LastLines } from './lastLines';

/** More than the memory for the last lines is meant for. */
const MOST_ROWS = 10_000_000;

export interface LookedThrough {
  readonly total: number;
  readonly lastLines: LastLines;
}

/** @param mayGoOn asked between pieces of the file */
export async function lookThrough(
  file: ContactFile,
  mayGoOn: () => boolean,
): Promise<LookedThrough | null> {
  const lastLines = createLastLines();
  let total = 0;

  for await (const rows of file.rows()) {
    if (!mayGoOn()) return null;

    total += rows.length;
    if (total > MOST_ROWS)
      throw new CodedError('TOO_LARGE', `more than ${MOST_ROWS} rows: split the file`);
    for (const row of rows) {
      const contactId = contactIdOf(row, file);
      if (contactId !== undefined) lastLines.set(contactId, row.line);
    }
  }

  return { total, lastLines };
}
