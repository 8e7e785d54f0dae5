// What was done to who a contact is and to what keeps it from being contacted: by whom, when and why. Append-only.

export interface ContactAct {
  /** Unique: the same act told again is kept once. */
  readonly actId: string;
  readonly contactId: string;
  readonly kind: 'complaint' | 'block-lifted' | 'merged' | 'split';
  /** The other contact of a merge or a split. */
  readonly other?: string;
  /** Name of the key or person, or of the source that told it. */
  readonly by: string;
  /** ISO. */
  readonly at: string;
  readonly reason?: string;
  /** What it changed, without names, phones or texts. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

export interface ContactActStore {
  record(act: ContactAct): Promise<void>;
  /** The acts about a contact, on either side, the oldest first. */
  ofContact(contactId: string): Promise<ContactAct[]>;
}
