// Texts as WeCom measures them: in bytes of UTF-8, where it says length.

import { CodedError } from '../../rules/base/errors';

/** Of a message to a customer. */
export const MAX_TEXT_BYTES = 4000;

/** WeCom cuts or refuses what is too long or empty; both are better known before. */
export function assertText(path: string, text: string, maxBytes: number): void {
  if (text === '')
    throw new CodedError('INVALID_INPUT', `${path} is empty`, [
      { path, message: 'empty', allowed: 'a text' },
    ]);
  if (Buffer.byteLength(text) > maxBytes) throw tooLong(path, `${maxBytes} bytes of UTF-8`);
}

export const tooLong = (path: string, allowed: string) =>
  new CodedError('INVALID_INPUT', `${path} is longer than ${allowed}`, [
    { path, message: 'too long', allowed: `at most ${allowed}` },
  ]);
