// How long a history may become before a flow goes on in another one.

import { workflowInfo } from './temporal';

/** A history that is replayed in a moment, should its worker die. */
const MOST_EVENTS = 1000;

export const isLong = (): boolean => {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength >= MOST_EVENTS;
};
