// What archiving the ledger is built from.

import type { Clock } from '../../ports/clock';
import type { Stores } from '../../ports/stores';
import type { LedgerKey } from '../../rules/ledger/chain';

export interface ArchiveDeps {
  readonly stores: Pick<Stores, 'archives' | 'policies' | 'seals' | 'touches'>;
  readonly clock: Clock;
  /** Signs what is recorded; without its pseudonyms nothing is archived. */
  readonly key: LedgerKey | undefined;
}
