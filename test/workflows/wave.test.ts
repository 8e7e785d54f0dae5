import type { WaveStep } from '../../activities/contract';
import { waveNumbers } from '../../rules/calendar/wave';
import { journeyTests, type Script, type TestRun } from '../../testing/journeyTests';

const journeys = journeyTests();

const INPUT = { calendarId: 'month', calendarVersion: 1, slotId: 'balance', date: '2090-03-06' };
const ENDED: WaveStep = { state: 'ended', isWalked: true, numbers: waveNumbers([]) };

const stepOf = (fields: Partial<WaveStep> = {}, waiting = 0): WaveStep => ({
  state: 'running',
  isWalked: true,
  numbers: waveNumbers([{ state: 'waiting', count: waiting }]),
  ...fields,
});

/** Answers with these steps one after the other, whichever activity is asked; the last stays. */
function steps(...answers: readonly WaveStep[]): Script {
  let asked = 0;
  const answer = async () => answers[Math.min(asked++, answers.length - 1)] ?? ENDED;
  return { wavePage: answer, waveDuePage: answer };
}

const instants = (run: TestRun): string[] =>
  run.calls().map(({ activity, at }) => `${activity} ${at.slice(11, 16)}`);

const starting = (script: Script): Promise<TestRun> => journeys.start('wave', INPUT, script);

test.concurrent('walks to the end of the audience, and ends when nobody is left', async () => {
  const walking = stepOf({ isWalked: false });
  const run = await starting(steps(walking, walking, ENDED));
  expect(await run.end()).toBe('ended');
  expect(run.inputs('wavePage')).toHaveLength(3);
  expect(run.inputs('waveDuePage')).toHaveLength(0);
});

test.concurrent('sleeps until somebody is due', async () => {
  const later = stepOf({ next: '2090-03-06T05:30:00.000Z' }, 1);
  const run = await starting(steps(later, ENDED));
  expect(await run.end()).toBe('ended');
  expect(instants(run)).toEqual(['wavePage 02:00', 'waveDuePage 05:30']);
});

test.concurrent('gathers those of a spread start, unless they are few', async () => {
  const soon = (waiting: number) =>
    steps(stepOf({ next: '2090-03-06T02:01:00.000Z' }, waiting), ENDED);
  const few = await starting(soon(20));
  const many = await starting(soon(2000));
  await Promise.all([few.end(), many.end()]);
  expect(instants(few)[1]).toBe('waveDuePage 02:01');
  expect(instants(many)[1]).toBe('waveDuePage 02:05');
});

test.concurrent('stands still while it is paused, and looks at its record when it is woken', async () => {
  const run = await starting(
    steps(stepOf({ state: 'paused', next: '2090-03-06T03:00:00.000Z' }), ENDED),
  );
  await run.later({ hours: 30 });
  expect(run.calls()).toHaveLength(1);
  await run.signal('wake', undefined);
  expect(await run.end()).toBe('ended');
});

test.concurrent('a cancelled one waits for the tasks that it has taken back', async () => {
  const out = stepOf({ state: 'cancelled', next: '2090-03-06T02:10:00.000Z' });
  const run = await starting(
    steps(out, { ...out, next: '2090-03-06T02:20:00.000Z' }, stepOf({ state: 'cancelled' })),
  );
  expect(await run.end()).toBe('cancelled');
  expect(run.calls()).toHaveLength(3);
});

test.concurrent('costs about six events a page of its walk', async () => {
  const walking = (pages: number) =>
    steps(...Array.from({ length: pages }, () => stepOf({ isWalked: false })), ENDED);
  const [short, long] = await Promise.all([starting(walking(2)), starting(walking(12))]);
  await Promise.all([short.end(), long.end()]);
  expect(((await long.eventCount()) - (await short.eventCount())) / 10).toBeLessThan(7);
});

test.concurrent('looks once more when it is woken while it comes to its end', async () => {
  const woken: { run?: TestRun } = {};
  const run = await starting({
    ...steps(stepOf({ next: '2090-03-06T03:00:00.000Z' })),
    waveDuePage: async () => {
      if (woken.run?.inputs('waveDuePage').length === 1)
        await woken.run.handle.signal('wake', undefined);
      return ENDED;
    },
  });
  woken.run = run;
  expect(await run.end()).toBe('ended');
  expect(run.inputs('waveDuePage')).toHaveLength(2);
});

test.concurrent('the review of open tasks goes on while there are more, and when it is woken', async () => {
  let pages = 0;
  const run = await journeys.start(
    'waveReview',
    {},
    {
      reviewWaveTasks: async () => ({ more: ++pages < 3 }),
    },
  );
  expect(await run.end()).toBe('reviewed');
  expect(pages).toBe(3);
});
