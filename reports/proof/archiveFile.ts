// The file of an archive as somebody hands it over: its lines, its seals, and what it says of itself, before any of it is believed.

import { z } from 'zod';
import { instant } from '../../rules/input/shape.schema';
import type { ArchiveHeader } from '../../rules/ledger/archive/archive';
import type { Beginning } from '../../rules/ledger/archive/beginning';
import type { KeyRing } from '../../rules/ledger/keyRing';
import type { LedgerRow } from '../../rules/ledger/rows';
import { createMerkleTree } from '../../rules/ledger/seal/merkle';
import { digestOfRow, type SealedRow } from '../../rules/ledger/seal/seal';
import { sealedRowId } from '../../rules/ledger/subject';
import { readLine } from './rows';
import { type BrokenSeal, createSealReader } from './seals';

/** A fault of an archive, or of what the ledger says of it. */
export interface BrokenArchive {
  readonly kind: 'broken-archive';
  /** ISO: where it ends; empty where even that is not known. */
  readonly archive: string;
  /** The name of the file, where one is meant. */
  readonly file?: string;
  readonly detail: string;
}

export interface ArchiveFile {
  readonly name: string;
  readonly lines: AsyncIterable<string>;
}

/** A row of the file. */
export interface ArchivedRow {
  readonly kind: 'archived';
  readonly contactId: string;
  readonly subject?: string;
  readonly row: LedgerRow;
}

/** Where a contact began before the file. */
export interface BeganAt {
  readonly kind: 'began';
  readonly contactId: string;
  readonly beginning: Beginning;
}

/** What the whole of the file comes to. */
export interface ArchiveRead {
  readonly kind: 'archive-read';
  readonly name: string;
  readonly header: ArchiveHeader;
  readonly rows: number;
  /** Root of the Merkle tree over its lines. */
  readonly root: string;
  /** Its last seal. */
  readonly seal: string;
}

export type ArchiveEvent =
  | BrokenArchive
  | BrokenSeal
  | SealedRow
  | ArchivedRow
  | BeganAt
  | ArchiveRead;

const headerLine = z.strictObject({
  kind: z.literal('ledger-archive'),
  version: z.literal(1),
  until: instant,
  after: instant.exactOptional(),
  previousSeal: z.string(),
});

/** Tells every fault, row and seal of the file, and at the end what it comes to; nothing of a file that is no archive. */
export async function* readArchive(
  { name, lines }: ArchiveFile,
  ring: KeyRing,
): AsyncGenerator<ArchiveEvent> {
  const tree = createMerkleTree();
  let header: ArchiveHeader | null = null;
  let body: ReturnType<typeof bodyOf> | undefined;

  for await (const json of lines) {
    tree.add(json);
    if (body) {
      yield* body.read(json);
      continue;
    }

    header = headerIn(json);
    if (!header) break;
    body = bodyOf(name, header, ring);
  }

  if (!header || !body) {
    yield { kind: 'broken-archive', archive: '', file: name, detail: 'no archive of a ledger' };
    return;
  }
  yield* body.end();
  const { rows, seal } = body.counted();
  yield { kind: 'archive-read', name, header, rows, root: tree.root(), seal };
}

function headerIn(json: string): ArchiveHeader | null {
  try {
    return headerLine.parse(JSON.parse(json)) as ArchiveHeader;
  } catch {
    return null;
  }
}

/** The lines behind the first. */
function bodyOf(name: string, { until, after, previousSeal }: ArchiveHeader, ring: KeyRing) {
  const seals = createSealReader(ring, { seal: previousSeal, until: after });
  let line = 1;
  let rows = 0;
  const broken = (detail: string): BrokenArchive => {
    return { kind: 'broken-archive', archive: until, file: name, detail };
  };

  return {
    *read(json: string): Generator<ArchiveEvent> {
      line += 1;
      if (/"kind":"(row|head|seal)"/.test(json)) {
        for (const event of seals.read(json)) if (event.kind !== 'sealed') yield event;
        return;
      }

      const read = readLine(json, line);
      if (read.kind === 'malformed') yield broken(`line ${line}: ${read.detail}`);
      else if (read.kind === 'beginning')
        yield { kind: 'began', contactId: read.contactId, beginning: read };
      else if (read.kind === 'archive') yield broken(`line ${line} is of a ledger`);
      else {
        rows += 1;
        if (read.at >= until) yield broken(`line ${line} is of ${read.at}, after its end`);
        const { contactId, subject } = read;
        yield { kind: 'archived', contactId, ...(subject !== undefined && { subject }), row: read };
      }
    },

    *end(): Generator<ArchiveEvent> {
      for (const event of seals.end()) if (event.kind !== 'sealed') yield event;
      if (seals.last().until !== until)
        yield broken('it does not end with the seal of its last hour');
    },

    counted: () => ({ rows, seal: seals.last().seal }),
  };
}

/**
 * A file alone: that its seals are whole, and that each row is one that was sealed, and no other. Answers what it comes to and its
 * faults in words.
 */
export async function verifyArchive(
  file: ArchiveFile,
  ring: KeyRing,
): Promise<{ readonly read: ArchiveRead | null; readonly faults: readonly string[] }> {
  /** Rows without their seal so far; those of an hour come before its seal. */
  const open = new Map<string, string>();
  const faults: string[] = [];
  let read: ArchiveRead | null = null;

  for await (const event of readArchive(file, ring)) {
    if (event.kind === 'archive-read') read = event;
    else if (event.kind === 'archived') open.set(sealedRowId(event.row), digestOfRow(event.row));
    else if (event.kind === 'row') {
      if (open.get(event.row) !== event.digest) faults.push(`${event.row}: not as it was sealed`);
      open.delete(event.row);
    } else if (event.kind === 'broken-seal') faults.push(`${event.hour}: ${event.detail}`);
    else if (event.kind === 'broken-archive') faults.push(event.detail);
  }

  return { read, faults: [...faults, ...[...open.keys()].map((id) => `${id}: in no seal`)] };
}
