// What was said from addresses, in memory.

import type { Address, AddressHold, AddressStore } from '../../ports/addresses';
import type { AddressWords, ConsentStatement } from '../../rules/contact/consentLog';
import { joinedWords } from '../../rules/contact/forgottenRefusals';
import { hashOfName, type Pseudonyms } from '../../rules/ledger/subject';
import { aliasKey } from '../aliasMoves';
import { copy } from './copy';

interface AddressRow {
  readonly statements: Map<string, ConsentStatement>;
  readonly holds: Map<string, AddressHold>;
}

export interface MemoryAddresses extends AddressStore {
  /** What was said from any of these, by their keys. */
  wordsOf(keys: readonly string[]): AddressWords[];
  /** Binds the hash of a name of somebody who is forgotten. */
  bind(hash: string, words: AddressWords): void;
}

/** @param subjectOf absent: nobody can be forgotten. */
export function createMemoryAddresses(subjectOf?: Pseudonyms): MemoryAddresses {
  const rows = new Map<string, AddressRow>();
  const forgotten = new Map<string, AddressWords>();

  const rowOf = (address: Address): AddressRow => {
    const key = aliasKey(address);
    const row = rows.get(key) ?? { statements: new Map(), holds: new Map() };
    rows.set(key, row);
    return row;
  };

  return {
    async tell(address, statement) {
      const said = { ...copy(statement), address: aliasKey(address) };
      rowOf(address).statements.set(JSON.stringify(Object.entries(said).sort()), said);
    },

    async hold(address, hold) {
      rowOf(address).holds.set(hold.reply, copy(hold));
    },

    async release(address, reply) {
      rowOf(address).holds.delete(reply);
    },

    async find(address) {
      const row = rows.get(aliasKey(address));
      return row ? wordsOf(row) : null;
    },

    wordsOf: (keys) =>
      keys.flatMap((key) => {
        const row = rows.get(key);
        const past = subjectOf && forgotten.get(hashOfName(subjectOf, key));
        return row || past ? [joinedWords(row && wordsOf(row), past)] : [];
      }),
    bind: (hash, words) => void forgotten.set(hash, words),
  };
}

const wordsOf = ({ statements, holds }: AddressRow): AddressWords => ({
  statements: [...statements.values()].map(copy),
  heldChannels: [...new Set([...holds.values()].map(({ channel }) => channel))].sort(),
});
