// The texts that the cells of a workbook share, packed tightly: a million of them would not fit as strings.

import { CodedError } from '../../../rules/base/errors';
import type { Archive } from './archive';
import { createXmlReader, unescaped } from './xml';

/** Texts that are packed together. */
const GROUP = 64;
/** Groups that are kept unpacked: rows come back to the same few. */
const UNPACKED = 512;
/** More is no list of customers. */
const MOST_BYTES = 512 * 1024 * 1024;
const SEPARATOR = '\u0000';

export interface SharedStrings {
  at(index: number): string;
}

export async function readSharedStrings(archive: Archive, part: string): Promise<SharedStrings> {
  const texts = createPackedTexts();
  if (!archive.has(part)) return texts;

  let text = '';
  let isText = false;
  let isReading = false;

  const reader = createXmlReader({
    opened(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') isReading = true; // how the text is spoken
      isText = name === 't' && !isReading;
    },
    closed(name) {
      if (name === 'si') texts.add(unescaped(text));
      if (name === 'rPh') isReading = false;
      isText = false;
    },
    text(more) {
      if (isText) text += more;
    },
  });

  for await (const piece of archive.read(part)) reader.write(piece);
  reader.end();
  return texts;
}

function createPackedTexts(): SharedStrings & { add(text: string): void } {
  const packed: Buffer[] = [];
  const unpacked: { readonly group: number; readonly texts: readonly string[] }[] = [];
  let open: string[] = [];
  let bytes = 0;

  function groupAt(group: number): readonly string[] {
    const kept = unpacked[group % UNPACKED];
    if (kept?.group === group) return kept.texts;

    const texts = packed[group]?.toString().split(SEPARATOR) ?? open;
    if (packed[group]) unpacked[group % UNPACKED] = { group, texts };
    return texts;
  }

  return {
    add(text) {
      open.push(text.replaceAll(SEPARATOR, ''));
      if (open.length < GROUP) return;

      const group = Buffer.from(open.join(SEPARATOR));
      bytes += group.length;
      if (bytes > MOST_BYTES) throw tooMuch();
      packed.push(group);
      open = [];
    },
    at: (index) => groupAt(Math.floor(index / GROUP))[index % GROUP] ?? '',
  };
}

function tooMuch(): CodedError {
  const message = '工作簿的文字超过 512 MB，请拆分 · more than 512 MB of texts: split the workbook';
  return new CodedError('INVALID_INPUT', message, [{ path: 'file', message }]);
}
