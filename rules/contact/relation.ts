// The tie between a customer and a member of staff, from what is told of it: it follows the time of what happened, in whatever order
// that is heard. Instants are UTC texts, which compare as the instants do.

import type { Relation } from './contact';

/** What is known after one more word. At the same second an ending stands: whoever may be no friend is not written to. */
export function relationAfter(known: Relation | undefined, told: Relation): Relation {
  if (known === undefined) return told;
  if (known.externalUserId !== told.externalUserId)
    return lastWordOf(told) < lastWordOf(known) ? known : told;

  const { staffId, externalUserId } = told;
  const addedAt = later(beginningOf(known), beginningOf(told));
  const ending = laterEnding(endingOf(known), endingOf(told));
  const { scene } = (known.addedAt > told.addedAt ? [told, known] : [known, told]).reduce(
    withScene,
  );

  return {
    staffId,
    externalUserId,
    state: ending && ending.at >= (addedAt ?? '') ? ending.state : 'friend',
    addedAt: addedAt ?? ending?.at ?? told.addedAt,
    ...(ending && { removedAt: ending.at }),
    ...(scene !== undefined && { scene }),
  };
}

/** True when the friendship that began at an instant (ISO) has ended since. */
export const isOver = ({ state, removedAt = '' }: Relation, addedAt: string): boolean =>
  state !== 'friend' || addedAt <= removedAt;

const withScene = (earlier: Relation, later: Relation): Relation => ({ ...earlier, ...later });

/** Of a relation of which only the ending was heard it is not known when it began. */
const beginningOf = ({ addedAt, removedAt }: Relation): string | undefined =>
  addedAt === removedAt ? undefined : addedAt;

interface Ending {
  readonly at: string;
  readonly state: Relation['state'];
}

/** Of a friend it is the one before; endings from before their instants were kept count from the beginning. */
function endingOf({ state, addedAt, removedAt }: Relation): Ending | undefined {
  if (removedAt !== undefined) return { at: removedAt, state };
  return state === 'friend' ? undefined : { at: addedAt, state };
}

function laterEnding(a: Ending | undefined, b: Ending | undefined): Ending | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.at === b.at) return a.state > b.state ? a : b; // the same whichever was heard first
  return a.at > b.at ? a : b;
}

const later = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

const lastWordOf = ({ addedAt, removedAt = '' }: Relation): string =>
  later(addedAt, removedAt) ?? '';
