// What an operator sees of a run in the Temporal UI: a page of details, and attributes to search by.

import { SEARCH_ATTRIBUTES } from '../../rules/journey/searchAttributes';
import type { RunState } from './run';
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  setCurrentDetails,
  upsertSearchAttributes,
} from './temporal';

const journeyKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.journey, SearchAttributeType.KEYWORD);
const cityKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.city, SearchAttributeType.KEYWORD);
const stepKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.step, SearchAttributeType.KEYWORD);
const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);

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

/** Costs no history: it is computed again on replay. */
export function describe(state: RunState, outcome?: string): void {
  const { journey, step, waitingFor, until, paused, touches } = state;
  const wait = waitingFor === undefined ? '' : `等待 waiting for: **${waitingFor}**`;
  const lines = [
    `旅程 journey: **${journey}**  `,
    outcome === undefined ? `步骤 step: **${step}**  ` : `结果 outcome: **${outcome}**  `,
    ...(paused ? ['已暂停 paused  '] : []),
    ...(wait === '' ? [] : [`${wait}${until === undefined ? '' : `, 直到 until ${until}`}  `]),
    ...(touches.length === 0
      ? []
      : ['', '| 触达 touch | 结论 verdict | 原因 reason |', '|---|---|---|']),
    ...touches.map(
      ({ touchId, verdict, reason }) => `| ${touchId} | ${verdict} | ${reason ?? ''} |`,
    ),
  ];
  setCurrentDetails(lines.join('\n'));
}
