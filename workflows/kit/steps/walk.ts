// The steps of a sequence in the order in which they are due. One that takes long keeps no other from its time.

import type { StepAction } from '../../../rules/sequence/sequence';
import { now } from '../now';
import { stepDate } from '../proxies';
import { RunEnded } from '../stops';
import { condition, isCancellation } from '../temporal';
import { waitUntilDue, waitWhilePaused } from '../waits';
import { currentZone } from '../zone';
import { type Course, type DueStep, placeOf, type StepAhead } from './course';
import { performStep } from './perform';
import { endIfTagged } from './stopping';

/** Resolves when every step has come to its end; then nothing of the run is under way any more, however it ended. */
export async function walk(course: Course): Promise<void> {
  const ahead: StepAhead[] = course.plan.steps.map((step) => ({ step }));
  const begun: Promise<void>[] = [];

  try {
    while (ahead.length > 0) {
      const due = await nextDue(course, ahead);
      if (!due) continue;

      const step = watched(course, performStep(course, due));
      begun.push(step);
      if (isShort(due)) await step;
    }
    await allOver(course, [...begun, ...course.tagging]);
    await waitWhilePaused(course.state); // a run that was stopped meanwhile ends as that
  } finally {
    if (course.fault === undefined) await Promise.all(begun);
    course.isOver = true;
  }
}

/** @throws the fault of a step, at once: the others may go on for days */
async function allOver(course: Course, begun: readonly Promise<void>[]): Promise<void> {
  let isOver = false;
  void Promise.all(begun).then(() => {
    isOver = true;
  });

  await condition(() => isOver || course.fault !== undefined);
  if (course.fault !== undefined) throw course.fault;
}

/** Waits for nobody: the next step finds it done. */
const isShort = ({ step }: DueStep): boolean => SHORT.has(step.do.kind);
const SHORT: ReadonlySet<StepAction['kind']> = new Set(['tag', 'stage', 'notice']);

/** A run that has ended ends its steps, too: the walk hears of that by itself. A fault is not to be slept over. */
async function watched(course: Course, step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!(error instanceof RunEnded) && !isCancellation(error)) course.fault = error;
  }
}

/** Takes the next step once it is due. Null: the day is not one that it keeps to, or its time has moved. */
async function nextDue(course: Course, ahead: StepAhead[]): Promise<DueStep | null> {
  const { state } = course;
  const { step: awaited } = earliest(course, ahead, await currentZone(state));
  await waitUntilDue(
    state,
    () => course.fault !== undefined,
    `步骤到期 · step ${awaited.id} (day ${awaited.day}, ${awaited.window.from}) to be due`,
    (zone) => dueAt(course, earliest(course, ahead, zone), zone),
  );
  await waitWhilePaused(state);
  if (course.fault !== undefined) throw course.fault;

  const zone = await currentZone(state);
  const next = earliest(course, ahead, zone);
  const { date, times } = placeOf(course, next, zone);
  if (times.dueAt > now()) return null;

  const { onlyOn } = next.step;
  const fitting = onlyOn === undefined ? { date } : await stepDate({ date, kind: onlyOn });
  if (fitting.date !== date) {
    next.movedTo = fitting.date;
    return null;
  }

  await endIfTagged(course);
  ahead.splice(ahead.indexOf(next), 1);
  return { step: next.step, times };
}

const dueAt = (course: Course, step: StepAhead, zone: string): number =>
  placeOf(course, step, zone).times.dueAt;

/** Of those due together the first of the sequence. */
function earliest(course: Course, ahead: readonly StepAhead[], zone: string): StepAhead {
  return ahead.reduce((first, step) =>
    dueAt(course, step, zone) < dueAt(course, first, zone) ? step : first,
  );
}
