// A wave of a calendar: walks its audience by pages, takes up again whoever is due later, and ends when everybody has come to an
// end. All that it knows is in its record, so that it goes on from there in any history.

import type { WaveStep } from '../../activities/contract';
import type { WaveInput } from '../../rules/calendar/wave';
import { restUntil } from '../../rules/calendar/wavePace';
import type { JourneyResult } from '../../rules/journey/messages';
import { renderWave } from '../../rules/words/wave';
import { attempt } from '../kit/attempt';
import { cityKey, journeyKey, outcomeKey, stepKey } from '../kit/attributes';
import { isLong } from '../kit/history';
import { wakeSignal } from '../kit/messages';
import { now } from '../kit/now';
import { waveDuePage, wavePage } from '../kit/proxies';
import {
  type ActivityOptions,
  condition,
  continueAsNew,
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '../kit/temporal';

/** Where a wave stands; null before its first page. */
const waveQuery = defineQuery<WaveStep | null>('progress');

/** Other waves of the channel may be before it. */
const QUEUE_PATIENCE = '30m';

interface Standing {
  step: WaveStep | null;
  /** The record was changed since it was last read. */
  isWoken: boolean;
}

export async function wave(input: WaveInput): Promise<JourneyResult> {
  const standing: Standing = { step: null, isWoken: false };
  setHandler(wakeSignal, () => {
    standing.isWoken = true;
  });
  setHandler(waveQuery, () => standing.step);

  for (;;) {
    standing.isWoken = false;
    const step = await nextStep(input, standing.step);
    show(input, standing.step, step);
    standing.step = step;

    if (isOver(step) && !standing.isWoken) return { outcome: step.state };
    await rest(standing, step);
    if (isLong()) await continueAsNew<typeof wave>(input);
  }
}

/**
 * Asked at the pace of its channel, once it is known. A queue that nobody serves any more, its limit having been taken away, is not
 * waited for: the usual one says how to go on.
 */
async function nextStep(input: WaveInput, before: WaveStep | null): Promise<WaveStep> {
  const { queue } = before ?? {};
  if (queue === undefined) return ask(input, before, {});

  const paced = { taskQueue: queue, scheduleToStartTimeout: QUEUE_PATIENCE };
  const step = await attempt('asking at the pace of the channel', () => ask(input, before, paced));
  return step ?? (await ask(input, before, {}));
}

function ask(
  input: WaveInput,
  before: WaveStep | null,
  options: ActivityOptions,
): Promise<WaveStep> {
  const { date, slotId } = input;
  const isWalking = before === null || (before.state === 'running' && !before.isWalked);
  const [page, what] = isWalking
    ? ([wavePage, '遍历客群 · walk'] as const)
    : ([waveDuePage, '到时触达 · take up'] as const);

  return page.executeWithOptions({ ...options, summary: `${what} ${slotId} ${date}` }, [input]);
}

/** A cancelled wave waits for the open tasks that it has taken back. */
const isOver = ({ state, next }: WaveStep): boolean =>
  state === 'ended' || state === 'missed' || (state === 'cancelled' && next === undefined);

/** Until there is something to do: a change of the record always is. */
async function rest(standing: Standing, step: WaveStep): Promise<void> {
  const isWoken = () => standing.isWoken;
  if (step.state === 'paused') return condition(isWoken);
  if (step.next === undefined || (step.state === 'running' && !step.isWalked)) return;

  const { next, many, numbers } = step;
  const waiting = { next, ...(many !== undefined && { many }), count: numbers.waiting };
  const ms = restUntil(waiting, now()) - now();
  if (ms <= 0) return;

  const summary = `等待下一批 · next due ${step.next}`;
  await condition(isWoken, ms, { summary });
}

function show(input: WaveInput, before: WaveStep | null, step: WaveStep): void {
  setCurrentDetails(renderWave(input, step));

  const name = stepName(step);
  const changes = [
    ...(before === null ? [{ key: journeyKey, value: 'wave' }] : []),
    ...(before === null && step.city !== undefined ? [{ key: cityKey, value: step.city }] : []),
    ...(before === null || stepName(before) !== name ? [{ key: stepKey, value: name }] : []),
    ...(isOver(step) ? [{ key: outcomeKey, value: step.state }] : []),
  ];
  if (changes.length > 0) upsertSearchAttributes(changes);
}

function stepName({ state, isWalked }: WaveStep): string {
  if (state !== 'running') return state;
  return isWalked ? 'due' : 'walk';
}
