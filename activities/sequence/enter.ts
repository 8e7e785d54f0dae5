// The ways into sequences that runs and flows take: one after the other, and by a date that has come.

import type { DueLook, DuePage, SequenceDoor } from '../../ports/sequenceDoor';
import type { EnterInput } from '../contract';

interface DoorDeps {
  readonly sequenceDoor: SequenceDoor;
}

/** Begins another sequence for the contact if its rules let it in. Repeating it changes nothing. */
export async function enterSequence(
  { sequenceDoor }: DoorDeps,
  { contactId, sequence, ...request }: EnterInput,
): Promise<{ readonly entered: boolean; readonly why?: string }> {
  const answer = await sequenceDoor.enter(sequence, contactId, request);
  return answer.kind === 'refused' ? { entered: false, why: answer.reason } : { entered: true };
}

export async function datedSequences({ sequenceDoor }: DoorDeps): Promise<{
  readonly sequences: readonly string[];
}> {
  return { sequences: await sequenceDoor.dated() };
}

export const duePage = ({ sequenceDoor }: DoorDeps, look: DueLook): Promise<DuePage> =>
  sequenceDoor.look(look);
