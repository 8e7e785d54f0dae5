// Which changes may let a held touch pass before its time.

import type { ContactChanged } from './messages';

/** `zone`: days and weeks may begin at another instant. */
export type Change = ContactChanged['what'] | 'zone';

/** By the kind of rule that held the touch. A rule that is not here waits for its own instant. */
const LIFTED_BY: Readonly<Record<string, readonly Change[]>> = {
  gap: ['slots', 'policy'],
  cap: ['slots', 'policy', 'zone'],
  dnd: ['profile'],
  'quiet-hours': ['profile', 'policy'],
};

/** Why a touch is held, as its verdict says. */
interface Hold {
  /** The kind of the first rule that held it; it may not be the only one. */
  readonly reason: string;
  /** Among the rules is a gap that waits for the deadline of an open touch. */
  readonly heldByOpen?: boolean;
}

/** True when it is worth asking the gate again at once. */
export const mayLift = (change: Change, { reason, heldByOpen = false }: Hold): boolean =>
  LIFTED_BY[reason]?.includes(change) === true || (heldByOpen && change === 'slots');
