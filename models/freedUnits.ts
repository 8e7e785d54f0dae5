// Which units of shared limits the end of a touch gives back.

import { decisionId, openUnitKey } from '../rules/base/ids';

/** Nobody waits for a touch that has ended, and one that was released has not taken place. */
export function freedBy(
  state: string | undefined,
  touchId: string,
  attempt: number,
): readonly string[] {
  const open = openUnitKey(touchId, attempt);
  if (state === 'released') return [decisionId(touchId, attempt), open];
  return state === 'sent' ? [open] : [];
}
