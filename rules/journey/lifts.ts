// Which changes may let a held touch pass before its time.

import type { ContactChanged } from './messages';

type Change = ContactChanged['what'];

/** By the kind of rule that held the touch. A rule that is not here waits for its own instant. */
const LIFTED_BY: Readonly<Record<string, readonly Change[]>> = {
  gap: ['slots', 'policy'],
  cap: ['slots', 'policy'],
  dnd: ['profile'],
  'quiet-hours': ['profile', 'policy'],
};

/** True when it is worth asking the gate again at once. `reason` as in a verdict `deferred`. */
export const mayLift = (change: Change, reason: string): boolean =>
  LIFTED_BY[reason]?.includes(change) === true;
