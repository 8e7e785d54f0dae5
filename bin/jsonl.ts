// Answers a stream of JSON lines: one answer a line, in order; a line that cannot be answered gives its error and spoils the status.

import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { linesByChunk } from '../reports/lines';
import { isCodedError } from '../rules/base/errors';

/** Answers are written in pieces of about this length: a write a line would cost more than most answers. */
const PIECE_LENGTH = 64 * 1024;

function errorOf(error: unknown, lineNumber: number): { path: string; message: string } {
  if (error instanceof SyntaxError)
    return { path: '', message: `line ${lineNumber} is not JSON: ${error.message}` };
  if (!isCodedError(error)) throw error; // a fault of ours, not of the line

  const [issue] = error.issues;
  return issue
    ? { path: issue.path, message: issue.message }
    : { path: '', message: error.message };
}

/** Writes `answer` of every line that is not blank. Resolves to the exit status: 1 when any line was malformed. */
export async function answerLines(
  input: Readable,
  output: Writable,
  answer: (value: unknown) => unknown,
): Promise<number> {
  let status = 0;
  let lineNumber = 0;
  let piece = '';

  async function flush(): Promise<void> {
    const full = piece !== '' && !output.write(piece);
    piece = '';
    if (full) await once(output, 'drain');
  }

  for await (const lines of linesByChunk(input)) {
    for (const line of lines) {
      lineNumber += 1;
      if (line.trim() === '') continue;

      try {
        piece += `${JSON.stringify(answer(JSON.parse(line)))}\n`;
      } catch (error) {
        status = 1;
        piece += `${JSON.stringify({ error: errorOf(error, lineNumber) })}\n`;
      }

      if (piece.length >= PIECE_LENGTH) await flush();
    }
    await flush(); // what is asked interactively is answered at once
  }

  await flush();
  return status;
}
