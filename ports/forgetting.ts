// Who was forgotten: what is left of a person is a pseudonym, keyed hashes of the names, and why and by whom it was asked for.

/** What was taken out or rewritten, by what it was. */
export type Removed = Readonly<Record<string, number>>;

/** What stays of a contact. */
export interface Tombstone {
  /** The pseudonym under which the ledger, runs and orders go on (rules/ledger/subject.ts). */
  readonly subject: string;
  /** `forgetting`: asked for, and not done yet. */
  readonly state: 'forgetting' | 'forgotten';
  readonly reason: string;
  /** Who asked. */
  readonly by: string;
  /** ISO: when it was asked for. */
  readonly at: string;
  /** ISO: when it was done. */
  readonly endedAt?: string;
  /** Keyed hashes of every name that the person had: who comes back under one has refused marketing. */
  readonly names: readonly string[];
  /** Which life of the contact ended; absent: the first. */
  readonly life?: number;
  readonly removed?: Removed;
}

/** What has to be known until it is done, and not a moment longer. */
export interface Person {
  readonly contactId: string;
  /** Names by which other collections know the person: `phone:…`, `unionId:…`, `externalUserId:…`. */
  readonly aliases: readonly string[];
  /** Lanes of the inbox that hold nothing but what is about the person. */
  readonly lanes: readonly string[];
}

export interface ForgettingStore {
  /** Keeps that it was asked for. Asked again it answers what was kept first. */
  begin(tombstone: Tombstone, person: Person): Promise<Tombstone>;
  find(subject: string): Promise<Tombstone | null>;
  /** Those that are not done, with who is meant. */
  open(): Promise<readonly { readonly tombstone: Tombstone; readonly person: Person }[]>;
  /** The tombstones that have one of these names, the latest last. */
  ofNames(names: readonly string[]): Promise<readonly Tombstone[]>;
  /** Takes the person out of every collection. Safe to repeat: what an earlier try did is not counted again. */
  erase(tombstone: Tombstone, person: Person): Promise<Removed>;
  /** It is done: who was meant is known no more. */
  end(subject: string, removed: Removed, endedAt: string): Promise<void>;
}
