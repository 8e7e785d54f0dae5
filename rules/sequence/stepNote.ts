// How a step of one run stands, as it is kept for good: nothing of it is ever deleted.

/** All but `due` are final. `late`: done after its window; `missed`: its time went by without. */
export type StepState = 'due' | 'done' | 'late' | 'skipped' | 'missed';

export type StepReason =
  /** Skipped: the contact does not meet its condition. */
  | 'condition'
  /** Skipped: its window was over before the event that it counts from. */
  | 'over-before'
  /** Skipped: the gate or the touch path said no; `detail` is their reason. */
  | 'gate'
  /** Skipped: its text was published no more when the run began. */
  | 'template'
  /** Skipped: it could not be done, and trying again would not help. */
  | 'failed'
  /** Skipped: the run ended while it was under way; `detail` is the outcome. */
  | 'stopped'
  /** Skipped: somebody cancelled the task. */
  | 'cancelled'
  /** Missed: the run was paused, or nothing ran, until its time was over. */
  | 'window-over'
  /** Missed: the gate held it until its time was over. */
  | 'held'
  /** Missed: the member did not confirm the message. */
  | 'unconfirmed'
  /** Missed: the member did not do the task. */
  | 'not-done'
  /** Done: the member tried, and the customer was not reached. */
  | 'not-reached';

export interface StepNote {
  readonly state: StepState;
  readonly reason?: StepReason;
  readonly detail?: string;
}

/** How something that was done at an instant counts. @param dueBy milliseconds, as `at` is */
export const doneAt = (at: number, dueBy: number): StepNote => ({
  state: at > dueBy ? 'late' : 'done',
});
