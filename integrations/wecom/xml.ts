// Reads the small, flat XML of WeCom call-backs, and nothing more of XML than that.

import { XMLParser } from 'fast-xml-parser';
import { CodedError } from '../../rules/base/errors';

/** The longest call-back lists the members of one customer group. */
const MAX_CHARS = 262_144;

/** Values stay text as sent: with its defaults the parser makes 123 of a member called 00123, and trims a state. */
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === 'Item',
});

/**
 * The fields directly under `<xml>`; nested lists are left out.
 * @throws CodedError INVALID_INPUT
 */
export function readXml(text: string): Readonly<Record<string, string>> {
  if (text.length > MAX_CHARS) throw bad(`longer than ${MAX_CHARS} characters`);
  // A DTD can define entities that grow without bound; WeCom never sends one.
  if (/<!doctype/i.test(text)) throw bad('DOCTYPE is not allowed');

  const root = rootOf(text);
  const fields = Object.entries(root).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );

  return Object.fromEntries(fields.filter(([name]) => name !== '#text'));
}

function rootOf(text: string): object {
  let document: unknown;
  try {
    document = parser.parse(text);
  } catch {
    throw bad('not readable as XML');
  }

  if (typeof document === 'object' && document !== null && 'xml' in document) {
    const { xml } = document;
    if (typeof xml === 'object' && xml !== null) return xml;
  }

  throw bad('no <xml> element with fields');
}

const bad = (why: string) =>
  new CodedError('INVALID_INPUT', `bad WeCom call-back: ${why}`, [
    { path: 'body', message: why, allowed: '<xml> with fields' },
  ]);
