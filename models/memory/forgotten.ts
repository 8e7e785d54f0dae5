// Tombstones in memory. A person is taken out of the contacts and the ledger; the other stores keep nothing for long here.

import type { ArchiveStore } from '../../ports/archives';
import type { ForgettingStore, Person, Tombstone } from '../../ports/forgetting';
import { forgottenRefusals } from '../../rules/contact/forgottenRefusals';
import type { LedgerKey } from '../../rules/ledger/chain';
import { forgottenRows } from '../../rules/ledger/forgottenRows';
import { hashOfName, pseudonymsOf } from '../../rules/ledger/subject';
import type { MemoryAddresses } from './addresses';
import type { ContactRows } from './contacts';
import { copy } from './copy';
import type { MemoryLedger } from './ledger';

interface Kept {
  readonly tombstone: Tombstone;
  readonly person?: Person;
}

interface ForgettingState {
  readonly contacts: ContactRows;
  readonly addresses: MemoryAddresses;
  readonly ledger: MemoryLedger;
  readonly archives: Pick<ArchiveStore, 'latest' | 'beginningsOf'>;
  readonly key: LedgerKey | undefined;
}

export function createMemoryForgetting({
  contacts,
  addresses,
  ledger,
  archives,
  key,
}: ForgettingState): ForgettingStore {
  const kept = new Map<string, Kept>();

  return {
    async begin(tombstone, person) {
      const known = kept.get(tombstone.subject);
      if (!known) kept.set(tombstone.subject, copy({ tombstone, person }));
      return copy(known?.tombstone ?? tombstone);
    },
    find: async (subject) => copy(kept.get(subject)?.tombstone) ?? null,
    open: async () =>
      [...kept.values()].flatMap(({ tombstone, person }) =>
        person ? [copy({ tombstone, person })] : [],
      ),
    ofNames: async (names) =>
      [...kept.values()]
        .map(({ tombstone }) => copy(tombstone))
        .filter((tombstone) => tombstone.names.some((name) => names.includes(name))),

    async erase({ subject, at, life, names }, { contactId }) {
      const ownHash = hashOfName(pseudonymsOf(key?.subjectOf), `contactId:${contactId}`);
      for (const hash of names)
        addresses.bind(hash, {
          ...{ statements: forgottenRefusals(at), heldChannels: [] },
          ...(hash === ownHash && { endedLife: life ?? 1 }),
        });

      const latest = await archives.latest();
      const [before] = latest ? await archives.beginningsOf([subject], latest.until) : [];
      const rows = key?.subjectOf
        ? forgottenRows(ledger.rowsOf(contactId), {
            life,
            key: { ...key, subjectOf: key.subjectOf },
            before,
          })
        : [];
      ledger.rename(contactId, rows);
      const isKnown = contacts.delete(contactId);
      return { ...(rows.length > 0 && { ledger: rows.length }), ...(isKnown && { contacts: 1 }) };
    },

    async end(subject, removed, endedAt) {
      const known = kept.get(subject);
      if (!known) return;
      const done = { state: 'forgotten', removed, endedAt } as const;
      kept.set(subject, { tombstone: { ...known.tombstone, ...done } });
    },
  };
}
