// The book: exactly what each customer really received, in the order it reached them.

import type { Clock } from './clock';
import type { Serials } from './identity';
import type { Table } from './tables';

export interface BookEntry {
  readonly at: string;
  readonly contactId: string;
  readonly externalUserId?: string;
  readonly phone?: string;
  readonly channel: 'wecom' | 'sms' | 'call';
  /** The system's own name of it: msgid, messageId, callId; of a welcome the digest of its code. */
  readonly ref: string;
  readonly staffId?: string;
  readonly text: string;
}

export interface Book {
  receive(entry: Omit<BookEntry, 'at'>): void;
  /** Entries at or after an instant (ms). */
  since(from: number): BookEntry[];
  latestOf(contactId: string): BookEntry | undefined;
  /** Called after each entry. */
  watch(listener: (entry: BookEntry) => void): void;
}

export function createBook(deps: {
  clock: Clock;
  entries: Table<BookEntry>;
  serials: Serials;
}): Book {
  const { clock, entries, serials } = deps;
  const listeners: ((entry: BookEntry) => void)[] = [];

  return {
    receive(entry) {
      const written = { at: new Date(clock.now()).toISOString(), ...entry };
      entries.set(String(serials.count('book')), written);
      for (const listener of listeners) listener(written);
    },
    since: (from) => entries.all().filter((entry) => Date.parse(entry.at) >= from),
    latestOf: (contactId) => entries.by('contactId', contactId).at(-1),
    watch(listener) {
      listeners.push(listener);
    },
  };
}
