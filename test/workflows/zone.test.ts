import {
  heldUntil,
  journeyTests,
  MONDAY_TEN,
  type Script,
  SENT,
  type TestRun,
} from '../../testing/journeyTests';

const journeys = journeyTests();

/** Two hours behind Shanghai. */
const URUMQI = 'Asia/Urumqi';
const moving = () => {
  const at = { timezone: 'Asia/Shanghai' };
  const script: Script = { contactZone: async () => ({ ...at }) };
  const moveTo = async (run: TestRun, timezone: string) => {
    at.timezone = timezone;
    await run.signal('changed', { what: 'profile' });
    await run.idle();
  };
  return { script, moveTo };
};
const followedUp = (script: Script) =>
  journeys.start('followUp', { staffId: 's-1', addedAt: MONDAY_TEN }, script);

test.concurrent('a follow-up comes at ten where the contact has moved to', async () => {
  const { script, moveTo } = moving();
  const run = await followedUp(script);
  await run.later({ days: 1 });
  await moveTo(run, URUMQI);
  expect((await run.progress()).until).toBe('2090-03-09T04:00:00.000Z');

  expect(await run.end()).toBe('followed-up');
  expect(run.touches()).toEqual([
    '2090-03-09 12:00 · follow-up-silent · wecom follow-up-silent@1 · sent', // Shanghai
  ]);
});

test.concurrent('one who moves where ten is over already is written to at once, and once', async () => {
  const { script, moveTo } = moving();
  const run = await followedUp(script);
  await moveTo(run, URUMQI);
  await run.later({ days: 3, hours: 1 });
  expect(run.touches()).toEqual([]);
  await moveTo(run, 'Asia/Shanghai');

  expect(await run.end()).toBe('followed-up');
  expect(run.touches()).toEqual([
    '2090-03-09 11:00 · follow-up-silent · wecom follow-up-silent@1 · sent',
  ]);
});

test.concurrent('a wait that is over stays over', async () => {
  const { script, moveTo } = moving();
  const run = await journeys.start('monthStart', { billedAt: MONDAY_TEN }, script);
  await run.later({ days: 1, hours: 1 });
  await moveTo(run, URUMQI);
  await run.later({ hours: 3 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
});

test.concurrent('the day by which an answer is waited for moves, too', async () => {
  const { script, moveTo } = moving();
  const run = await journeys.start('monthStart', { billedAt: MONDAY_TEN }, script);
  await run.later({ days: 1, hours: 1 });
  expect((await run.progress()).until).toBe('2090-03-10T02:00:00.000Z');
  await moveTo(run, URUMQI);
  expect((await run.progress()).until).toBe('2090-03-10T04:00:00.000Z');
});

test.concurrent('the next try of a lead keeps its time of day where the contact is', async () => {
  const { script, moveTo } = moving();
  const lead = { leadId: 'l-1', product: 'p-58', outcome: 'hesitating', maxAttempts: 3 } as const;
  const evening = '2090-03-06T20:00:00+08:00';
  const run = await journeys.start('leadRetry', lead, script, evening);
  expect((await run.progress()).until).toBe('2090-03-07T01:30:00.000Z');
  await moveTo(run, URUMQI);
  expect((await run.progress()).until).toMatch(/^2090-03-06T14:00/); // it is only 18:00 there
});

test.concurrent('a cap that holds until midnight is asked about where the contact has moved to', async () => {
  const shanghai = heldUntil('2090-03-06T16:00:00.000Z', { reason: 'cap', rule: 'one-a-day' });
  const urumqi = heldUntil('2090-03-06T18:00:00.000Z', { reason: 'cap', rule: 'one-a-day' });
  const { script, moveTo } = moving();
  const touches = { bill: [shanghai, urumqi, SENT] };
  const run = await journeys.start('monthStart', { billedAt: MONDAY_TEN }, { ...script, touches });
  await run.later({ minutes: 1 });
  expect((await run.progress()).until).toBe(shanghai.until);

  await moveTo(run, URUMQI);
  expect(run.asked()).toEqual(['bill#1', 'bill#2']);
  expect((await run.progress()).until).toBe(urumqi.until);
});

test.concurrent('a change of anything else asks the zone and moves nothing', async () => {
  const { script, moveTo } = moving();
  const run = await followedUp(script);
  const { until } = await run.progress();
  await moveTo(run, 'Asia/Shanghai');
  expect(run.inputs('contactZone')).toEqual([{ contactId: 'c-1' }]);
  expect((await run.progress()).until).toBe(until);
});
