// One step of a sequence, from the moment it is due to its end.

import type { RunFacts } from '../../../rules/sequence/plan';
import type { StageAction, TagAction } from '../../../rules/sequence/sequence';
import { doneAt, type StepNote } from '../../../rules/sequence/stepNote';
import { noteOfTimes } from '../../../rules/sequence/stepTimes';
import { attempt } from '../attempt';
import { markStep } from '../details';
import { now } from '../now';
import { addTags, setStage, stepApplies } from '../proxies';
import { tagSpeaker } from '../tag';
import type { Course, DueStep } from './course';
import { keepNote } from './note';
import { sendStep } from './send';
import { askStaff } from './staff';

const FAILED: StepNote = { state: 'skipped', reason: 'failed' };

export async function performStep(course: Course, due: DueStep): Promise<void> {
  const { step, times } = due;
  const over = noteOfTimes(times, now());
  if (over) return keepNote(course, due, over);

  markStep(course.state, step.id);
  const note = (await attempt(`step ${step.id}`, () => outcomeOf(course, due))) ?? FAILED;
  await keepNote(course, due, note);
}

async function outcomeOf(course: Course, due: DueStep): Promise<StepNote> {
  if (!(await applies(course, due))) return { state: 'skipped', reason: 'condition' };

  const { do: action } = due.step;
  switch (action.kind) {
    case 'send':
      return sendStep(course, due, action);
    case 'tag':
    case 'stage':
      await learn(course, action);
      if (action.kind === 'tag') course.tagging.push(tagSpeaker(course.state, action.tags));
      return doneAt(now(), due.times.dueBy);
    default:
      return askStaff(course, due, action);
  }
}

async function applies(course: Course, { step }: DueStep): Promise<boolean> {
  if (!step.isConditional) return true;

  const { contactId } = course.state;
  const { sequence } = course.input;
  return stepApplies({ contactId, sequence, step: step.id, run: factsOf(course) });
}

function factsOf({ state }: Course): RunFacts {
  const happened = (...kinds: readonly string[]) =>
    state.events.some(({ kind }) => kinds.includes(kind));

  return {
    replied: state.hasAnswered === true || happened('spoke', 'accepted', 'refused'),
    bought: happened('converted'),
    steps: Object.fromEntries(state.steps.map(({ step, state: stands }) => [step, stands])),
  };
}

/** In the facts. A WeCom that is away for hours keeps no step from its time: there the tag comes when it can. */
const learn = ({ state: { contactId } }: Course, action: TagAction | StageAction): Promise<void> =>
  action.kind === 'stage'
    ? setStage({ contactId, stage: action.stage })
    : addTags({ contactId, tags: action.tags });

/** In the facts, and in WeCom where the customer is a friend. */
export async function mark(course: Course, action: TagAction | StageAction): Promise<void> {
  await learn(course, action);
  if (action.kind === 'tag') await tagSpeaker(course.state, action.tags);
}
