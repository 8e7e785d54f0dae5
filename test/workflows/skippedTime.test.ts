import { DAY_MS } from '../../rules/time/durations';
import { journeyTests, MONDAY_TEN } from '../../testing/journeyTests';
import { configOf, setTime } from '../../testing/timeSkipping';

const journeys = journeyTests();

test('what has come due on the way has happened when the clock stands, also when a timer was about to fire', async () => {
  const run = await journeys.start('monthStart', { billedAt: MONDAY_TEN });
  await run.later({ days: 1 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);

  // The server skips to the timer of the third day, which it fires within a second. What reaches it until then
  // makes it skip on, to the end of the fast-forward.
  const { workflowId, client } = run.handle;
  const on = configOf({ id: 'interrupted', ms: 4 * DAY_MS });
  await setTime(client.connection as never, 'default', workflowId, on);
  await run.later({ days: 2 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1', 'remind#1']);
});
