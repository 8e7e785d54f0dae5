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

/** What the first seal of a file is to follow. */
export interface SealsBefore {
  /** The code of the seal; empty: it is the first of all. */
  readonly seal: string;
  /** ISO: where its hour ends. */
  readonly until?: string | undefined;
}

const NONE_BEFORE: SealsBefore = { seal: '' };

/** Tells every fault, every row that was sealed, and at the end how far the seals reach. */
export async function* readSeals(
  lines: AsyncIterable<string>,
  ring: KeyRing,
): AsyncGenerator<SealEvent> {
  const reader = createSealReader(ring);
  for await (const json of lines) if (json.trim() !== '') yield* reader.read(json);
  yield* reader.end();
}

/** Takes line after line; `last` is the latest seal so far. */
export function createSealReader(ring: KeyRing, before: SealsBefore = NONE_BEFORE) {
  let last = before;
  let hour = '';
  let hours = 0;
  let open = openHour();
  const broken = (detail: string): BrokenSeal => ({ kind: 'broken-seal', hour, detail });

  return {
    *read(json: string): Generator<SealEvent> {
      const line = readLine(json);
      if (!line) {
        yield broken(`no line of a seal: ${json.slice(0, 80)}`);
      } else if (line.kind === 'seal') {
        hour = line.hour;
        for (const detail of faultsOf(line, last, open, ring)) yield broken(detail);
        last = { seal: line.seal, until: hoursLater(hour, 1) };
        hours += 1;
        open = openHour();
      } else {
        open.add(line);
        if (line.kind === 'row') yield line;
      }
    },

    *end(): Generator<SealEvent> {
      if (open.counts().rows > 0) yield broken('its file ends before a seal does');
      yield { kind: 'sealed', hours, until: hours === 0 ? '' : (last.until ?? '') };
    },

    last: () => last,
  };
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
  before: SealsBefore,
  open: OpenHour,
  ring: KeyRing,
): Iterable<string> {
  const { until } = before;
  if (until !== undefined && seal.hour !== until)
    yield `it follows the seal of ${hoursLater(until, -1)}`;
  if (seal.previous !== before.seal)
    yield until === undefined
      ? 'the seals before it are missing'
      : 'it is not over the seal before it';

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
