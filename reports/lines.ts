// Lines of a stream, which end with LF or CRLF only: a lone CR, U+2028 and U+2029 may stand inside JSON, and other readers break there.

import { StringDecoder } from 'node:string_decoder';

type Chunks = AsyncIterable<Uint8Array | string>;

/** The lines that each chunk completes: for readers to whom a promise a line would cost more than the line. */
export async function* linesByChunk(input: Chunks): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';

  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(bytesOf(chunk));
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }

  rest += decoder.end();
  if (rest !== '') yield [rest];
}

/** The same bytes, not a copy. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

export async function* linesOf(input: Chunks): AsyncGenerator<string> {
  for await (const lines of linesByChunk(input)) yield* lines;
}
