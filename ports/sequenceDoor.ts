// The door into sequences, as flows and their activities see it: what lets contacts in stands in intake/sequences/.

import type { EntryReason } from '../rules/journey/reentry';
import type { Happening } from '../rules/sequence/starts';

/** What lets a contact in. */
export interface EntryRequest {
  /** Names it: asked again with the same, it is the same entry. */
  readonly occasion: string;
  /** ISO: when it happened. Days of steps count from its local date. */
  readonly at: string;
  readonly staffId?: string | undefined;
  /** What it tells of is no longer so: nobody is let in for it. */
  readonly isSuperseded?: boolean;
}

/** `repeated`: it was let in for this before. */
export type EntryAnswer =
  | { readonly kind: 'started' | 'repeated'; readonly workflowId: string }
  | {
      readonly kind: 'refused';
      readonly reason: EntryReason;
    };

export interface SequenceDoor {
  /** Lets a contact into the version that is in force. Repeats are harmless. */
  enter(sequenceId: string, contactId: string, request: EntryRequest): Promise<EntryAnswer>;
  /** Lets a contact into every sequence that begins with this; `eventId` names what told of it. */
  happened(
    contactId: string,
    happening: Happening,
    told: EntryRequest & { readonly eventId: string },
  ): Promise<void>;
  /** The sequences that begin with a date, as `id@version`, in force now. */
  dated(): Promise<readonly string[]>;
  /** Lets those in who are due by an instant, of a page of contacts. */
  look(request: DueLook): Promise<DuePage>;
}

export interface DueLook {
  /** `id@version`. */
  readonly sequence: string;
  /** ISO: whose local date it is, for each contact where it lives. */
  readonly at: string;
  /** The last contact of the page before; null: from the beginning. */
  readonly after: string | null;
}

/** What became of a page. */
export interface DuePage {
  /** Contacts that may have been due. */
  readonly looked: number;
  readonly started: number;
  readonly repeated: number;
  readonly refused: number;
  /** Null: that was the last page. */
  readonly next: string | null;
}
