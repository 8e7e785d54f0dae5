// A file of seals as somebody hands it over: each hour's lines must make its root, and each seal follow the one before it.

import { z } from 'zod';
import { instant, text } from '../../rules/input/shape.schema';
import type { KeyRing } from '../../rules/ledger/keyRing';
import { createMerkleTree } from '../../rules/ledger/seal/merkle';
import {
  codeOfSeal,
  hoursLater,
  leafOf,
  type Seal,
  type SealedLine,
  type SealedRow,
  type SealLine,
} from '../../rules/ledger/seal/seal';

/** A fault of the seals themselves: they prove nothing of that hour. */
export interface BrokenSeal {
  readonly kind: 'broken-seal';
  /** ISO. */
  readonly hour: string;
  readonly detail: string;
}

export type SealEvent =
  | BrokenSeal
  | SealedRow
  /** The end: up to where the ledger is sealed (ISO). */
  | { readonly kind: 'sealed'; readonly hours: number; readonly until: string };

const count = z.int().min(0);
const line = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('row'),
    hour: instant,
    contactId: text,
    row: text,
    digest: text,
  }),
  z.strictObject({
    kind: z.literal('head'),
    hour: instant,
    contactId: text,
    sequence: count.exactOptional(),
    chain: z.string(),
  }),
  z.strictObject({
    kind: z.literal('seal'),
    hour: instant,
    rows: count,
    late: count,
    contacts: count,
    root: text,
    previous: z.string(),
    sealedAt: instant,
    key: text.exactOptional(),
    seal: text,
  }),
]);

/** Tells every fault, every row that was sealed, and at the end how far the seals reach. */
export async function* readSeals(
  lines: AsyncIterable<string>,
  ring: KeyRing,
): AsyncGenerator<SealEvent> {
  let last: Seal | undefined;
  let hours = 0;
  let open = openHour();

  for await (const json of lines) {
    if (json.trim() === '') continue;

    const read = readLine(json);
    if (!read) {
      yield {
        kind: 'broken-seal',
        hour: last?.hour ?? '',
        detail: `no line of a seal: ${json.slice(0, 80)}`,
      };
    } else if (read.kind === 'seal') {
      for (const detail of faultsOf(read, last, open, ring))
        yield { kind: 'broken-seal', hour: read.hour, detail };
      last = read;
      hours += 1;
      open = openHour();
    } else {
      open.add(read);
      if (read.kind === 'row') yield read;
    }
  }

  if (open.counts().rows > 0)
    yield {
      kind: 'broken-seal',
      hour: last?.hour ?? '',
      detail: 'its file ends before a seal does',
    };
  yield { kind: 'sealed', hours, until: last === undefined ? '' : hoursLater(last.hour, 1) };
}

function readLine(json: string): SealLine | null {
  try {
    return line.parse(JSON.parse(json)) as SealLine;
  } catch {
    return null;
  }
}

type OpenHour = ReturnType<typeof openHour>;

/** The lines before a seal. */
function openHour() {
  const tree = createMerkleTree();
  const hours = new Set<string>();
  const counts = { rows: 0, contacts: 0 };

  return {
    add(given: SealedLine): void {
      tree.add(leafOf(given));
      hours.add(given.hour);
      counts[given.kind === 'row' ? 'rows' : 'contacts'] += 1;
    },
    root: () => tree.root(),
    counts: () => counts,
    isOf: (hour: string) => [...hours].every((each) => each === hour),
  };
}

function* faultsOf(
  seal: Seal,
  last: Seal | undefined,
  open: OpenHour,
  ring: KeyRing,
): Iterable<string> {
  if (last && seal.hour !== hoursLater(last.hour, 1)) yield `it follows the seal of ${last.hour}`;
  if (seal.previous !== (last?.seal ?? ''))
    yield last ? 'it is not over the seal before it' : 'the seals before it are missing';

  const { rows, contacts } = open.counts();
  const isWhole = rows === seal.rows && contacts === seal.contacts && open.isOf(seal.hour);
  if (!isWhole || open.root() !== seal.root) yield 'its lines are not those that were sealed';

  yield* faultsOfCode(seal, ring);
}

function* faultsOfCode(seal: Seal, { keys, unkeyedUntil = '' }: KeyRing): Iterable<string> {
  if (seal.key === undefined) {
    if (keys.size > 0 && seal.sealedAt >= unkeyedUntil) yield 'no key has signed it';
    if (codeOfSeal(seal) !== seal.seal) yield 'it was changed';
    return;
  }

  const key = keys.get(seal.key);
  if (!key && keys.size > 0) yield `nobody knows key "${seal.key}"`;
  if (key && codeOfSeal(seal, key) !== seal.seal) yield 'it was changed';
}
