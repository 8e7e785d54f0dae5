// A run of a sequence: what it has to do, and where it stands.

import { touchId } from '../../../rules/base/ids';
import type { InputOf } from '../../../rules/journey/kinds';
import type { PlanStep, SequencePlan } from '../../../rules/sequence/plan';
import { type StepTimes, stepDate, stepTimes } from '../../../rules/sequence/stepTimes';
import type { RunFrame } from '../journey';
import { sequencePlan } from '../proxies';

export interface Course extends RunFrame {
  readonly input: InputOf<'sequence'>;
  readonly plan: SequencePlan;
  /** Steps that have begun and have not come to their end. */
  readonly underWay: Set<DueStep>;
  /** What goes on beside the steps and keeps none of them: tags that WeCom has not taken yet. */
  readonly tagging: Promise<void>[];
  /** Set once all steps are over. */
  isOver: boolean;
  /** A fault in the code of a step: the run waits with it for a corrected worker. */
  fault?: unknown;
}

export interface DueStep {
  readonly step: PlanStep;
  readonly times: StepTimes;
}

/** The plan is that of the version with which the run began, whatever is published later. */
export async function openCourse(frame: RunFrame, input: InputOf<'sequence'>): Promise<Course> {
  const plan = await sequencePlan({ sequence: input.sequence });
  return { ...frame, input, plan, underWay: new Set(), tagging: [], isOver: false };
}

/** A step that has not begun. */
export interface StepAhead {
  readonly step: PlanStep;
  /** `YYYY-MM-DD`: it keeps to another kind of day than its own was. */
  movedTo?: string;
}

/** Where a step lies in a zone. */
export function placeOf(
  { input }: Course,
  { step, movedTo }: StepAhead,
  zone: string,
): { readonly date: string; readonly times: StepTimes } {
  const eventAt = Date.parse(input.at);
  const date = movedTo ?? stepDate(step, eventAt, zone);
  return { date, times: stepTimes(step, date, eventAt, zone) };
}

/** Names a step of this run: its touch, its task and its note. */
export const stepIdOf = ({ subject }: Course, { step }: DueStep): string =>
  touchId(subject.runKey, step.id);
