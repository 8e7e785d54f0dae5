// What the ledger says of its archives: records each over the one before, the beginnings they signed, and the files that go with them.

import { CodedError } from '../../rules/base/errors';
import { codeOfArchive, type KeptArchive } from '../../rules/ledger/archive/archive';
import { type Beginning, codeOfBeginning } from '../../rules/ledger/archive/beginning';
import { canonicalJson, type LedgerKey } from '../../rules/ledger/chain';
import type { KeyRing } from '../../rules/ledger/keyRing';
import { createMerkleTree } from '../../rules/ledger/seal/merkle';
import type { ArchiveRead, BrokenArchive } from './archiveFile';

export interface ArchiveRecords {
  take(line: KeptArchive | Beginning): void;
  latest(): KeptArchive | undefined;
  /** Faults of the records, and of all beginnings together. */
  faults(ring: KeyRing): BrokenArchive[];
  /**
   * Faults of files against their records.
   * @throws CodedError INVALID_INPUT when one is missing between them and the ledger
   */
  faultsOfFiles(files: readonly ArchiveRead[]): BrokenArchive[];
}

/** The lines in the order of an export: archives first, then beginnings by contact. */
export function createArchiveRecords(): ArchiveRecords {
  const archives: KeptArchive[] = [];
  const beginnings = createMerkleTree();

  return {
    take(line) {
      if (line.kind === 'archive') archives.push(line);
      else beginnings.add(canonicalJson(line));
    },
    latest: () => archives.at(-1),
    faults: (ring) => [
      ...archives.flatMap((archive, i) => faultsOf(archive, archives[i - 1], ring)),
      ...archives
        .slice(-1)
        .filter((latest) => latest.beginnings !== beginnings.root())
        .map((latest) => broken(latest, 'the beginnings of contacts are not those it recorded')),
    ],
    faultsOfFiles: (files) => faultsOfFiles(files, archives),
  };
}

const broken = ({ until }: Pick<KeptArchive, 'until'>, detail: string): BrokenArchive => ({
  kind: 'broken-archive',
  archive: until,
  detail,
});

function faultsOf(
  archive: KeptArchive,
  before: KeptArchive | undefined,
  ring: KeyRing,
): BrokenArchive[] {
  const isNext =
    archive.number === (before?.number ?? 0) + 1 &&
    archive.previous === (before?.code ?? '') &&
    archive.until > (before?.until ?? '');

  return [
    ...(isNext ? [] : [broken(archive, 'its record is not over the one before it')]),
    ...(isSigned(archive, ring, (key) => codeOfArchive(archive, key))
      ? []
      : [broken(archive, 'its record was changed')]),
  ];
}

/** Whether where a contact begins is as it was recorded. */
export const isBeginningSigned = (beginning: Beginning, ring: KeyRing): boolean =>
  isSigned(beginning, ring, (key) => codeOfBeginning(beginning, key));

/** Without any key known, codes of keys are not verified. */
function isSigned(
  { key: id, code }: { readonly key?: string; readonly code: string },
  { keys }: KeyRing,
  codeOf: (key?: LedgerKey) => string,
): boolean {
  if (id === undefined) return keys.size === 0 && codeOf() === code;
  const key = keys.get(id);
  return key ? codeOf(key) === code : keys.size === 0;
}

function faultsOfFiles(
  files: readonly ArchiveRead[],
  archives: readonly KeptArchive[],
): BrokenArchive[] {
  const first = archives.length - files.length;
  const missing = archives
    .slice(Math.max(first, 0))
    .find(({ until }) => !files.some(({ header }) => header.until === until));
  if (missing && files.some(({ header }) => header.until < missing.until))
    throw new CodedError('INVALID_INPUT', `the archive until ${missing.until} is not given`);

  return files.flatMap((file) => {
    const { name, header, root, seal, rows } = file;
    const i = archives.findIndex(({ until }) => until === header.until);
    const record = archives[i];
    const fault = (detail: string) => ({ ...broken(header, detail), file: name });
    if (!record) return [fault('the ledger records no archive until then')];

    const isOfRecord = root === record.file && seal === record.seal && rows === record.rows;
    const isAfter = header.after === archives[i - 1]?.until;
    return [
      ...(isOfRecord ? [] : [fault('its lines are not those that were confirmed')]),
      ...(isAfter ? [] : [fault('it does not follow the archive before it')]),
    ];
  });
}
