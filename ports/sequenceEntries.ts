// Who was let into which sequence, for what, and what came of it; and who was not, and why. None is ever deleted.

import type { StaleReason } from '../rules/contact/staleStart';
import type { EntryRefusal, SequenceEntryState } from '../rules/journey/reentry';
import type { CityScope } from './contacts';

export interface SequenceEntry {
  /** Sequence, contact and ordinal: of two that come at once, one is the first. */
  readonly entryId: string;
  readonly sequenceId: string;
  /** That was in force. */
  readonly version: number;
  readonly contactId: string;
  readonly city: string;
  readonly staffId?: string;
  /** Counts the entries of the contact into the sequence from 1, refused ones too. */
  readonly ordinal: number;
  /** What lets the contact in. */
  readonly occasion: string;
  /** As the run is told of it: sequence and occasion. */
  readonly entry: string;
  /** ISO: when that happened. */
  readonly at: string;
  /** ISO: when we were asked. */
  readonly askedAt: string;
  readonly workflowId: string;
  readonly state: SequenceEntryState;
  /** Of a refused one. */
  readonly reason?: EntryRefusal | StaleReason;
  /** Of an ended one. */
  readonly outcome?: string;
  /** ISO. */
  readonly endedAt?: string;
}

export interface SequenceEntryFilter extends CityScope {
  readonly sequenceId: string;
  readonly version?: number;
  readonly contactId?: string;
  readonly state?: SequenceEntryState;
  /** The last entry of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** How many entries of a version stand so. */
export interface SequenceEntryNumber {
  readonly version: number;
  readonly state: SequenceEntryState;
  readonly reason?: string;
  readonly outcome?: string;
  readonly count: number;
}

export interface SequenceEntryStore {
  find(entryId: string): Promise<SequenceEntry | null>;
  /** All entries of some contacts into a sequence, in no order; null: into any. */
  of(sequenceId: string | null, contactIds: readonly string[]): Promise<SequenceEntry[]>;
  /** False: there is an entry of this id already, made by somebody else. */
  add(entry: SequenceEntry): Promise<boolean>;
  /** Its run has been started; one that has ended stays so. */
  begun(entryId: string): Promise<void>;
  /** The run of an entry has ended; the first outcome stands. `at`: ISO. */
  ended(
    run: { readonly workflowId: string; readonly entry: string },
    outcome: string,
    at: string,
  ): Promise<void>;
  /** Those whose run is still to be started, asked for before an instant (ISO), in no order. */
  unstarted(before: string, limit: number): Promise<SequenceEntry[]>;
  /** By id, ascending. */
  list(filter: SequenceEntryFilter): Promise<SequenceEntry[]>;
  /** In no order. */
  numbers(sequenceId: string, scope?: CityScope): Promise<SequenceEntryNumber[]>;
}
