// XML of workbooks, read as it comes: what is inside of it is handed on element by element and never held as a whole.

import { SaxesParser } from 'saxes';
import { CodedError } from '../../../rules/base/errors';

export type Attributes = Readonly<Record<string, string>>;

export interface ElementHandlers {
  /** Names are without their prefix. */
  opened(name: string, attributes: Attributes): void;
  closed(name: string): void;
  text(text: string): void;
}

export interface XmlReader {
  write(piece: Uint8Array): void;
  /** @throws CodedError INVALID_INPUT when the document is not complete */
  end(): void;
}

export function createXmlReader(handlers: ElementHandlers): XmlReader {
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  const decoder = new TextDecoder('utf-8', { fatal: true });

  parser.on('opentag', ({ name, attributes }) => handlers.opened(local(name), attributes));
  parser.on('closetag', ({ name }) => handlers.closed(local(name)));
  parser.on('text', handlers.text);
  parser.on('cdata', handlers.text);
  parser.on('error', (error) => {
    throw malformed(error);
  });

  const decode = (piece?: Uint8Array): string => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch (error) {
      throw malformed(error as Error);
    }
  };

  return {
    write: (piece) => void parser.write(decode(piece)),
    end: () => void parser.write(decode()).close(),
  };
}

/** Reads a whole document. */
export function readXmlPart(text: string, handlers: Partial<ElementHandlers>): void {
  const none = (): void => {};
  const reader = createXmlReader({ opened: none, closed: none, text: none, ...handlers });
  if (text === '') return;

  reader.write(Buffer.from(text));
  reader.end();
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function malformed(cause: Error): CodedError {
  const message = `工作簿已损坏 · the workbook is damaged: ${cause.message}`;
  return new CodedError('INVALID_INPUT', message, [{ path: 'file', message }], { cause });
}

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** Characters that XML cannot hold are written as `_x000D_`. */
export const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
