// Archives of the ledger: which of its rows went into files, and where the ledger of each contact begins since.

import type { KeptArchive, LedgerArchive } from '../rules/ledger/archive/archive';
import type { Beginning } from '../rules/ledger/archive/beginning';
import type { LedgerRow } from '../rules/ledger/rows';

/**
 * An archive is in force from the one write that keeps it. Beginnings are laid down before and count with it: laid down for an
 * archive that never came, they never count.
 */
export interface ArchiveStore {
  /** In the order in which they were made. */
  list(): Promise<readonly KeptArchive[]>;
  latest(): Promise<KeptArchive | null>;
  find(until: string): Promise<KeptArchive | null>;
  /** The rows before an instant (ISO) that are in the ledger, all of a contact together. */
  rowsBefore(until: string): AsyncIterable<LedgerRow>;
  /** Lays down where contacts begin once an archive is in force. Repeats change nothing. */
  layDown(beginnings: readonly Beginning[]): Promise<void>;
  /** Keeps an archive, as the next one. False: another one was faster. */
  keep(archive: LedgerArchive): Promise<boolean>;
  /** Where contacts begin if the archive until this instant (ISO) is the latest in force; in the order of their pseudonyms. */
  beginnings(until: string): AsyncIterable<Beginning>;
  /** The same of a few. */
  beginningsOf(contactIds: readonly string[], until: string): Promise<readonly Beginning[]>;
  /** Takes rows out of the ledger, and out of wherever they could come back from. Repeats change nothing. Answers how many there were. */
  remove(rows: readonly LedgerRow[]): Promise<number>;
  /** All its rows have left. */
  end(until: string, removedAt: string): Promise<void>;
}
