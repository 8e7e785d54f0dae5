// A YAML file with the place of each of its values, so that what is wrong is named by line and column.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import type { Issue } from '../rules/base/errors';

/** Counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something wrong, and where in the file. */
export interface PlacedFault extends Place {
  readonly message: string;
}

/** The file is not what it should be; every place that is wrong is named. */
export class FileFaults extends Error {
  override readonly name = 'FileFaults';
  constructor(readonly faults: readonly PlacedFault[]) {
    super(faults.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'));
  }
}

export interface PlacedYaml {
  readonly value: unknown;
  /** Where a path (`slots[0].at`) stands; what is missing stands where it would be looked for. */
  place(path: string, part: 'key' | 'value'): Place;
}

/** @throws FileFaults naming every place that is no YAML */
export function readYaml(text: string): PlacedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };

  const wrong = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (wrong.length > 0)
    throw new FileFaults(wrong.map(({ pos, message }) => ({ ...placeAt(pos[0]), message })));

  return {
    value: plainValue(document),
    place: (path, part) => placeAt(offsetOf(document, path, part)),
  };
}

/** @throws FileFaults where aliases would blow the file up */
function plainValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new FileFaults([{ line: 1, column: 1, message: (error as Error).message }]);
  }
}

/** What is wrong with the value, each at its place. A key that should not be there is named itself. */
export const placedFaults = (yaml: PlacedYaml, issues: readonly Issue[]): readonly PlacedFault[] =>
  issues.map(({ path, message, value }) => ({
    ...yaml.place(path, value === undefined ? 'key' : 'value'),
    message: path === '' ? message : `${path}: ${message}`,
  }));

interface Found {
  readonly key: Node | null;
  readonly value: Node | null;
  /** Of the path, what is not found below. */
  readonly rest: string;
}

function offsetOf(document: Document, path: string, part: 'key' | 'value'): number {
  let found: Found = { key: null, value: nodeOf(document.contents, document), rest: path };

  while (found.rest !== '') {
    const next = below(found, document);
    if (next === null) break;
    found = next;
  }

  const { key, value, rest } = found;
  const node = part === 'key' && rest === '' ? (key ?? value) : (value ?? key);
  return node?.range?.[0] ?? 0;
}

function below({ value, rest }: Found, document: Document): Found | null {
  if (isSeq(value)) {
    const [whole, index] = /^\[(\d+)\]\.?/.exec(rest) ?? [];
    const item = index === undefined ? undefined : value.items[Number(index)];
    if (whole === undefined || item === undefined) return null;
    return { key: null, value: nodeOf(item, document), rest: rest.slice(whole.length) };
  }

  const pair = isMap(value) ? longestMatch(value.items, rest) : undefined;
  if (pair === undefined) return null;

  return {
    key: nodeOf(pair.key, document),
    value: nodeOf(pair.value, document),
    rest: rest.slice(keyText(pair).length).replace(/^\./, ''),
  };
}

/** Keys may have dots themselves: `plan.fee` is one key of a condition. */
function longestMatch(items: readonly Pair[], rest: string): Pair | undefined {
  const matching = items.filter((pair) => {
    const key = keyText(pair);
    return rest.startsWith(key) && ['', '.', '['].includes(rest.charAt(key.length));
  });

  return matching.sort((a, b) => keyText(b).length - keyText(a).length)[0];
}

const keyText = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

function nodeOf(value: unknown, document: Document): Node | null {
  if (!isNode(value)) return null;
  return isAlias(value) ? (value.resolve(document) ?? value) : value;
}
