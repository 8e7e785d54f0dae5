// The one import of a journey's test: runs on a real Temporal server with skipped time, over answers that the test scripts.
//
//   const journeys = journeyTests();
//
//   test('offers a plan on the day after the bill, and orders what is accepted', async () => {
//     const run = await journeys.start('monthStart', { billedAt: MONDAY_TEN });
//     await run.later({ days: 1 });
//     await run.customer({ kind: 'accepted' });
//     expect(await run.end()).toBe('ordered');
//     expect(run.touches()).toEqual([
//       '2090-03-06 10:00 · bill · wecom bill-balance@1 · sent',
//       '2090-03-07 10:00 · upsell · wecom plan-upsell@1 · sent',
//     ]);
//   });

import { openTestRuns, type TestRuns } from './testRuns';

export { heldUntil, SENT, suppressed, taskedFor } from './answers';
export type { Script } from './scriptedActivities';
export { MONDAY_TEN, type TestRun } from './testRuns';

/** For a jest file: connects before its first run and closes after its last test. */
export function journeyTests(): TestRuns {
  const opened = openTestRuns();
  afterAll(async () => (await opened).close());
  jest.setTimeout(60_000);

  return { start: async (...given) => (await opened).start(...given) };
}
