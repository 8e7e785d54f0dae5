// What an operator sees of a run in the Temporal UI: a page of details, and attributes to search by.

import { cityKey, journeyKey, outcomeKey, stepKey } from './attributes';
import type { RunState, StepLine, TouchNote, Wait } from './state';
import { setCurrentDetails, upsertSearchAttributes } from './temporal';

/** One event of history: what the run is comes with the first step it takes. */
export function markStep(state: RunState, step: string): void {
  if (state.step === step) return;

  const first = state.step === 'begin';
  state.step = step;
  upsertSearchAttributes([...(first ? whatItIs(state) : []), { key: stepKey, value: step }]);
  describe(state);
}

const whatItIs = ({ journey, city }: RunState) => [
  { key: journeyKey, value: journey },
  ...(city === undefined ? [] : [{ key: cityKey, value: city }]),
];

export function markOutcome(state: RunState, outcome: string): void {
  upsertSearchAttributes([
    ...(state.step === 'begin' ? whatItIs(state) : []),
    { key: outcomeKey, value: outcome },
  ]);
  describe(state, outcome);
}

/** Keeps the latest word on a touch, for queries and for the page an operator reads. */
export function noteTouch(state: RunState, note: TouchNote): void {
  const known = state.touches.findIndex(({ touchId }) => touchId === note.touchId);
  if (known < 0) state.touches.push(note);
  else state.touches[known] = note;
  describe(state);
}

/** Costs no history: it is computed again on replay. */
function describe(state: RunState, outcome?: string): void {
  const lines = [
    `旅程 journey: **${state.journey}**  `,
    outcome === undefined ? `步骤 step: **${state.step}**  ` : `结果 outcome: **${outcome}**  `,
    ...(state.paused ? ['已暂停 paused  '] : []),
    ...state.waits.map(waitLine),
    ...tableOfSteps(state.steps),
    ...tableOf(state.touches),
  ];

  setCurrentDetails(lines.join('\n'));
}

/** Says what the run waits for while a system has not answered: one that refuses us keeps it here for long. */
export const waitingFor = <T>(state: RunState, what: string, call: () => Promise<T>): Promise<T> =>
  whileWaiting(state, { what }, call);

/** Says what the run waits for meanwhile. It may wait for several things at once. */
export async function whileWaiting<T>(
  state: RunState,
  wait: Wait,
  waiting: () => Promise<T>,
): Promise<T> {
  state.waits.push(wait);
  describe(state);
  try {
    return await waiting();
  } finally {
    state.waits.splice(state.waits.indexOf(wait), 1);
    describe(state);
  }
}

function waitLine({ what, until }: Wait): string {
  const deadline = until === undefined ? '' : `, 直到 until ${until}`;
  return `等待 waiting for: **${what}**${deadline}  `;
}

/** Keeps the latest word on a step of a sequence. */
export function noteStep(state: RunState, line: StepLine): void {
  const known = state.steps.findIndex(({ step }) => step === line.step);
  if (known < 0) state.steps.push(line);
  else state.steps[known] = line;
  describe(state);
}

function tableOf(touches: readonly TouchNote[]): readonly string[] {
  if (touches.length === 0) return [];

  const rows = touches.map(
    ({ touchId, verdict, reason = '' }) => `| ${touchId} | ${verdict} | ${reason} |`,
  );
  return ['', '| 触达 touch | 结论 verdict | 原因 reason |', '|---|---|---|', ...rows];
}

function tableOfSteps(steps: readonly StepLine[]): readonly string[] {
  if (steps.length === 0) return [];

  const rows = steps.map(
    ({ step, state, reason = '', detail = '' }) => `| ${step} | ${state} | ${reason} ${detail} |`,
  );
  return ['', '| 步骤 step | 状态 state | 原因 reason |', '|---|---|---|', ...rows];
}
