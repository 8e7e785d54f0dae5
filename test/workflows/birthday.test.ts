import { journeyTests, suppressed, taskedFor } from '../../testing/journeyTests';

const journeys = journeyTests();
const EVE = '2090-03-06T18:00:00+08:00';
const BIRTHDAY = { day: '2090-03-07' };

test.concurrent('wishes a happy birthday on the day at ten, once, as a service', async () => {
  const run = await journeys.start('birthday', BIRTHDAY, {}, EVE);

  await run.later({ hours: 15 });
  expect(run.touches()).toEqual([]);

  expect(await run.end()).toBe('wished');
  expect(run.touches()).toEqual(['2090-03-07 10:00 · wish · wecom birthday@1 · sent']);
  expect(run.inputs('touch')).toMatchObject([{ class: 'service', staffId: 's-1' }]);
});

test.concurrent("ten is the customer's own, in a zone of their own", async () => {
  const run = await journeys.start('birthday', BIRTHDAY, { timezone: 'Asia/Urumqi' }, EVE);

  await run.end();

  expect(run.touches()).toEqual(['2090-03-07 10:00 · wish · wecom birthday@1 · sent']);
});

test.concurrent('wishes that staff have not sent by the end of the day are not sent at all', async () => {
  const script = { touches: { wish: taskedFor(14) } };
  const run = await journeys.start('birthday', BIRTHDAY, script, EVE);

  await run.later({ days: 1 });

  expect(await run.end()).toBe('not-wished');
  expect(run.inputs('touch')).toMatchObject([{ expiresAt: '2090-03-07T15:59:00.000Z' }]);
});

test.concurrent('a customer who wants no contact is left alone', async () => {
  const script = { touches: { wish: suppressed('dnd') } };
  const run = await journeys.start('birthday', BIRTHDAY, script, EVE);

  expect(await run.end()).toBe('not-wished');
});

test.concurrent('a customer who deletes the member before the day is left alone', async () => {
  const run = await journeys.start('birthday', BIRTHDAY, {}, EVE);

  await run.customer({ kind: 'friend-removed', staffId: 's-1' });

  expect(await run.end()).toBe('friend-removed');
  expect(run.touches()).toEqual([]);
});
