// The run's own time: the only place in workflow code that reads a clock.

/** Milliseconds. Temporal replaces `Date` in the sandbox by the time of the history, so replay and skipped time both agree. */
// eslint-disable-next-line no-restricted-syntax -- deterministic here, see above; nothing else in the SDK tells the time of a run
export const now = (): number => Date.now();
