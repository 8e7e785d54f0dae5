// What an operator sees of a run in the Temporal UI: a page of details, and attributes to search by.

import { cityKey, journeyKey, outcomeKey, stepKey } from './attributes';
import type { RunState, TouchNote } from './state';
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
export function describe(state: RunState, outcome?: string): void {
  const lines = [
    `旅程 journey: **${state.journey}**  `,
    outcome === undefined ? `步骤 step: **${state.step}**  ` : `结果 outcome: **${outcome}**  `,
    ...(state.paused ? ['已暂停 paused  '] : []),
    ...waitOf(state),
    ...tableOf(state.touches),
  ];

  setCurrentDetails(lines.join('\n'));
}

/** Says what the run waits for while a system has not answered: one that refuses us keeps it here for long. */
export async function waitingFor<T>(
  state: RunState,
  what: string,
  call: () => Promise<T>,
): Promise<T> {
  state.waitingFor = what;
  describe(state);
  try {
    return await call();
  } finally {
    delete state.waitingFor;
    describe(state);
  }
}

function waitOf({ waitingFor, until }: RunState): readonly string[] {
  if (waitingFor === undefined) return [];

  const deadline = until === undefined ? '' : `, 直到 until ${until}`;
  return [`等待 waiting for: **${waitingFor}**${deadline}  `];
}

function tableOf(touches: readonly TouchNote[]): readonly string[] {
  if (touches.length === 0) return [];

  const rows = touches.map(
    ({ touchId, verdict, reason = '' }) => `| ${touchId} | ${verdict} | ${reason} |`,
  );
  return ['', '| 触达 touch | 结论 verdict | 原因 reason |', '|---|---|---|', ...rows];
}
