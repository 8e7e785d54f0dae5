// A step whose failure ends nothing: what the run has come to stands, whatever becomes of it.

import { isCancellation, log, TemporalFailure } from './temporal';

/** What the step answered; undefined when it failed for good. A cancellation of the run goes on. */
export async function attempt<T>(what: string, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
    log.warn('a step failed for good and the run goes on', { what, reason: error.message });
    return undefined;
  }
}

/** The same of a step that answers nothing. */
export async function succeeds(what: string, step: () => Promise<unknown>): Promise<boolean> {
  const done = async () => {
    await step();
    return true;
  };
  return (await attempt(what, done)) ?? false;
}
