// Whether a customer who was in a sequence before may enter it again.

import type { StaleReason } from '../contact/staleStart';

export const REENTRIES = ['never', 'after-exit', 'always'] as const;

/** `after-exit`: once the run before has ended; `always`: also beside one that is going. */
export type Reentry = (typeof REENTRIES)[number];

/** An earlier run of the same sequence and contact, of whichever version. */
export interface EarlierRun {
  /** What began it. */
  readonly entry: string;
  readonly isRunning: boolean;
}

/** Why somebody is not let in. */
export type EntryRefusal = 'same-occasion' | 'was-in-before' | 'is-in-now';

/** The same, whatever has kept the contact out. */
export type EntryReason =
  | EntryRefusal
  | StaleReason
  | 'outside-audience'
  | 'unknown-contact'
  | 'not-published';

/**
 * Null: the contact may enter. One occasion never begins two runs, whatever the rule, so asking again after a crash is harmless.
 * @param entry of the run that would begin
 */
export function entryRefusal(
  reentry: Reentry,
  earlier: readonly EarlierRun[],
  entry: string,
): EntryRefusal | null {
  if (earlier.some((run) => run.entry === entry)) return 'same-occasion';
  if (reentry === 'never' && earlier.length > 0) return 'was-in-before';
  if (reentry === 'after-exit' && earlier.some(({ isRunning }) => isRunning)) return 'is-in-now';

  return null;
}

/** Of an entry into a sequence. `admitted`: its run is still to be started. */
export const SEQUENCE_ENTRY_STATES = ['refused', 'admitted', 'running', 'ended'] as const;
export type SequenceEntryState = (typeof SEQUENCE_ENTRY_STATES)[number];
