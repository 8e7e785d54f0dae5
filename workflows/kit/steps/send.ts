// A step that sends by itself: one touch, on the path of all touches.

import { parseVersionRef, referredId } from '../../../rules/base/ids';
import { relevanceOf } from '../../../rules/sequence/plan';
import type { SendAction } from '../../../rules/sequence/sequence';
import { doneAt, type StepNote } from '../../../rules/sequence/stepNote';
import { now } from '../now';
import { runTouch } from '../touch';
import type { Course, DueStep } from './course';
import { keepNote } from './note';

export async function sendStep(
  course: Course,
  due: DueStep,
  action: SendAction,
): Promise<StepNote> {
  const { state, subject, input, plan } = course;
  const { step, times } = due;
  const { staffId } = state;
  if (parseVersionRef(action.template) === null) return { state: 'skipped', reason: 'template' };

  await keepNote(course, due, { state: 'due' });
  const { channel, template, category, product, confirmWithinHours } = action;
  const ended = await runTouch(state, subject, {
    step: step.id,
    channel,
    class: action.class,
    template,
    ...(category !== undefined && { category }),
    ...(product !== undefined && { product }),
    ...(confirmWithinHours !== undefined && { confirmWithinHours }),
    campaign: referredId(input.sequence),
    ...(step.pickedBy !== undefined && { pickedBy: step.pickedBy }),
    staffId,
    relevance: relevanceOf(action, plan, { at: input.at, staffId }),
    expiresAt: new Date(times.until).toISOString(),
  });

  switch (ended.kind) {
    case 'sent':
      return sentNote(due);
    case 'suppressed':
      return ended.reason === 'expired'
        ? { state: 'missed', reason: 'held' }
        : { state: 'skipped', reason: 'gate', detail: ended.reason };
    default:
      return { state: 'missed', reason: 'unconfirmed' };
  }
}

/** A channel tells late that something was sent: where nothing may be late, what was sent was in time. */
const sentNote = ({ step, times }: DueStep): StepNote =>
  step.lateWithinHours === undefined ? { state: 'done' } : doneAt(now(), times.dueBy);
