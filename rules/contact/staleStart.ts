// Journeys that were not started, because what they would have been about was over.

/** How many of them a contact keeps, the latest. */
export const STALE_STARTS_KEPT = 20;

/** A journey that was not started: what it would have been about was over when we heard of it. */
export interface StaleStart {
  readonly verdict: 'stale';
  readonly reason: StaleReason;
  readonly journey: string;
  readonly eventId: string;
  /** ISO: when it happened, as told. */
  readonly occurredAt: string;
  /** ISO: when it was decided. */
  readonly at: string;
}

/**
 * `superseded`: something newer is known; `not-due`: nothing is to be paid; `cycle-over`: it is of an earlier bill cycle;
 * `too-late`: a journey about it would be over by now.
 */
export type StaleReason = 'superseded' | 'not-due' | 'cycle-over' | 'too-late';
