// Runs of calendars and their waves whose histories are kept.

import type { Agenda, WaveStep } from '../../activities/contract';
import type { AgendaEntry } from '../../rules/calendar/agenda';
import { waveNumbers } from '../../rules/calendar/wave';
import type { TestRun, TestRuns } from '../../testing/testRuns';

type Scenario = (journeys: TestRuns) => Promise<TestRun>;

const WAVE = { calendarId: 'month', calendarVersion: 1, slotId: 'balance', date: '2090-03-06' };

const entry = (slotId: string, startsAt: string): AgendaEntry => ({
  ...{ ...WAVE, slotId, priority: 0, startsAt, expiresAt: '2090-03-09T02:00:00.000Z' },
});

const agenda = (state: Agenda['state'], entries: readonly AgendaEntry[] = []): Agenda => ({
  ...{ state, entries, until: '2090-03-07T02:00:00.000Z' },
});

const stepOf = (fields: Partial<WaveStep>): WaveStep => ({
  ...{ state: 'running', isWalked: true },
  numbers: waveNumbers([{ state: 'waiting', count: 20 }]),
  ...fields,
});

/** Each answer once, the last again and again. */
function inTurn<T>(...answers: readonly [T, ...T[]]): () => Promise<T> {
  const [first, ...rest] = answers;
  let next = first;
  return async () => {
    const answer = next;
    next = rest.shift() ?? next;
    return answer;
  };
}

export const WAVE_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'calendar-held-ended': async (journeys) => {
    const noon = '2090-03-06T04:00:00.000Z';
    const late = entry('hot-topics', '2090-03-06T06:00:00.000Z');
    const calendarAgenda = inTurn(
      agenda('active', [entry('balance', noon), entry('offer', noon), late]),
      agenda('paused'),
      agenda('active', [entry('balance', '2090-03-06T05:00:00.000Z'), late]), // begun before
      agenda('active'),
      agenda('ended'),
    );
    const run = await journeys.start('calendar', { calendarId: 'month' }, { calendarAgenda });
    await run.later({ hours: 3 });
    await run.signal('calendarChanged', undefined);
    await run.signal('calendarChanged', undefined);
    await run.end();
    return run;
  },
  'wave-held': async (journeys) => {
    const walk = inTurn(stepOf({ isWalked: false }), stepOf({ next: '2090-03-06T05:30:00.000Z' }));
    const takeUp = inTurn(
      stepOf({ next: '2090-03-06T06:30:00.000Z', city: 'guangzhou' }),
      stepOf({ state: 'paused', next: '2090-03-06T06:30:00.000Z' }),
      stepOf({ next: '2090-03-06T09:30:00.000Z', many: '2090-03-06T09:31:00.000Z' }),
      stepOf({ state: 'ended' }),
    );
    const run = await journeys.start('wave', WAVE, { wavePage: walk, waveDuePage: takeUp });
    await run.later({ hours: 4 });
    await run.signal('wake', undefined);
    await run.later({ hours: 2 });
    await run.signal('wake', undefined);
    await run.end();
    return run;
  },
  'wave-cancelled': async (journeys) => {
    const out = stepOf({ state: 'cancelled', next: '2090-03-06T02:10:00.000Z' });
    const run = await journeys.start('wave', WAVE, {
      wavePage: inTurn(stepOf({ next: '2090-03-06T02:05:00.000Z' })),
      waveDuePage: inTurn(out, out, stepOf({ state: 'cancelled' })),
    });
    await run.end();
    return run;
  },
  'waveReview-more': async (journeys) => {
    const reviewWaveTasks = inTurn({ more: true }, { more: true }, { more: false });
    const run = await journeys.start('waveReview', {}, { reviewWaveTasks });
    await run.end();
    return run;
  },
};
