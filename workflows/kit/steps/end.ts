// The end of a run of a sequence: what is under way is ended and kept as that, then comes what the sequence does at its end.

import { actionsAtEnd } from '../../../rules/sequence/plan';
import {
  type AtEnd,
  isStaffAction,
  SEQUENCE_ENDINGS,
  type SequenceEnding,
} from '../../../rules/sequence/sequence';
import type { StepNote } from '../../../rules/sequence/stepNote';
import { attempt } from '../attempt';
import { now } from '../now';
import { enterSequence } from '../proxies';
import { workflowInfo } from '../temporal';
import { type Course, type DueStep, stepIdOf } from './course';
import { keepNote } from './note';
import { mark } from './perform';
import { endOf, noteOfTask } from './staff';

/** @param outcome of the run */
export async function endCourse(course: Course, outcome: string): Promise<void> {
  for (const due of [...course.underWay])
    await attempt(`ending step ${due.step.id}`, () => cutShort(course, due, outcome));

  const ending = endingOf(outcome);
  const actions = ending === null ? [] : actionsAtEnd(course.plan, ending);
  for (const action of actions)
    await attempt(`${action.kind} at the end`, () => act(course, action));
}

async function cutShort(course: Course, due: DueStep, outcome: string): Promise<void> {
  const stopped: StepNote = { state: 'skipped', reason: 'stopped', detail: outcome };
  if (!isStaffAction(due.step.do)) return keepNote(course, due, stopped);

  const ended = await endOf(course.state, stepIdOf(course, due), 'cancelled');
  const note = noteOfTask(ended, due.times.dueBy);
  await keepNote(course, due, note.state === 'skipped' ? stopped : note);
}

/** Null: somebody or something ended the run against its course, and nothing follows. */
function endingOf(outcome: string): SequenceEnding | null {
  if (outcome === 'friend-removed') return 'deleted';
  return SEQUENCE_ENDINGS.find((ending) => ending === outcome) ?? null;
}

async function act(course: Course, action: AtEnd['do']): Promise<void> {
  if (action.kind !== 'next') return mark(course, action);

  const { contactId, staffId } = course.state;
  await enterSequence({
    ...{ contactId, sequence: action.sequence },
    occasion: `after-${workflowInfo().runId}`,
    at: new Date(now()).toISOString(),
    ...(staffId !== undefined && { staffId }),
  });
}
