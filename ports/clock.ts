// The clock as a port: journeys under test each have their own time.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
