// A text as the customer gets it: filled, signed, with the way to refuse further ones, and measured before anything is sent.

import { CodedError } from '../base/errors';
import { fill, type Variables } from './fill';
import { hasWords } from './fitText';
import { foreignSignature, withoutSignature } from './signature';
import { readTemplate } from './template';

/** What a channel puts round every text. */
export interface TextFrame {
  /** Longest text in bytes of UTF-8, all included. */
  readonly maxBytes: number;
  /** Stands before it, exactly once: `【…】`. */
  readonly signature?: string | undefined;
  /** Ends it, unless it says so already. */
  readonly refusalNote?: string | undefined;
}

/**
 * Renders a text. Plain text, so nothing is escaped. A text that says nothing besides signature and note is refused.
 * @throws CodedError TEMPLATE_VARIABLE_MISSING naming the variable, TEMPLATE_TOO_LONG naming both lengths, TEMPLATE_INVALID.
 */
export function render(text: string, variables: Variables, frame: TextFrame): string {
  const { signature, refusalNote } = frame;
  const filled = fill(readTemplate(text), variables);
  const content = signature === undefined ? filled : withoutSignature(filled, signature);
  const own = refusalNote === undefined ? content : content.replaceAll(refusalNote, '');
  if (!hasWords(own)) throw blank();
  if (signature !== undefined) assertNoOtherSignature(content);

  const isNoted = refusalNote === undefined || content.includes(refusalNote);
  const rendered = `${signature ?? ''}${content}${isNoted ? '' : ` ${refusalNote}`}`;
  assertShort(rendered, frame.maxBytes);

  return rendered;
}

function assertNoOtherSignature(content: string): void {
  const other = foreignSignature(content);
  if (other === null) return;
  throw new CodedError('TEMPLATE_INVALID', `the text begins with another signature: ${other}`, [
    { path: 'signature', message: 'another signature', value: other },
  ]);
}

function assertShort(rendered: string, maxBytes: number): void {
  const bytes = new TextEncoder().encode(rendered).length;
  if (bytes <= maxBytes) return;

  const allowed = `at most ${maxBytes} bytes of UTF-8`;
  const message = `the text has ${bytes} bytes, ${maxBytes} are allowed`;
  throw new CodedError('TEMPLATE_TOO_LONG', message, [
    { path: 'text', message: 'too long', value: bytes, allowed },
  ]);
}

const blank = (): CodedError =>
  new CodedError('TEMPLATE_INVALID', 'the text says nothing to this contact', [
    { path: 'text', message: 'blank', allowed: 'a text' },
  ]);
