import { ApplicationFailure } from '@temporalio/common';
import {
  heldUntil,
  journeyTests,
  type Script,
  SENT,
  suppressed,
  type TestRun,
} from '../../testing/journeyTests';

const journeys = journeyTests();

const MORNING = '2090-03-06T10:00:00+08:00';
const EVENING = '2090-03-06T20:00:00+08:00';
const DAY_3 = '2090-03-09T02:00:00.000Z';

const added = async (input: object = {}, script?: Script, at = MORNING): Promise<TestRun> =>
  journeys.start(
    'welcome',
    { staffId: 's-1', externalUserId: 'w-1', welcomeId: 'code-1', addedAt: at, ...input },
    script,
    at,
  );
const following = async (script?: Script): Promise<TestRun> =>
  journeys.start('followUp', { staffId: 's-1', addedAt: MORNING }, script, MORNING);

test.concurrent('greets at once with the code, valid for the 20 seconds that WeCom gives', async () => {
  const run = await added();
  expect(await run.end()).toBe('welcomed');
  expect(run.inputs('touch')).toEqual([
    expect.objectContaining({
      step: 'welcome',
      template: 'welcome@1',
      class: 'reply',
      answers: { act: 'added', at: MORNING, ref: 's-1' },
      channel: 'wecom',
      welcomeId: 'code-1',
      expiresAt: '2090-03-06T02:00:20.000Z',
    }),
  ]);
});

test.concurrent.each([
  ['of a store with the words of the store', { scene: 'store-tianhe' }, EVENING, 'welcome-store@1'],
  ['after eight in the evening with a word on the morning', {}, EVENING, 'welcome-evening@1'],
  ['of any other scene with the usual words', { scene: 'poster' }, MORNING, 'welcome@1'],
])('greets customers %s', async (_, input, at, template) => {
  const run = await added(input, {}, at);
  await run.end();
  expect(run.inputs('touch')).toEqual([expect.objectContaining({ template })]);
});

test.concurrent('tags where the customer came from, or that it is unknown', async () => {
  const [known, unknown] = await Promise.all([added({ scene: 'store-1' }), added()]);
  await Promise.all([known.end(), unknown.end()]);
  expect(known.inputs('tagCustomer')).toEqual([
    { contactId: 'c-1', staffId: 's-1', tags: ['store-1'] },
  ]);
  expect(unknown.inputs('tagCustomer')).toEqual([
    { contactId: 'c-1', staffId: 's-1', tags: ['source:unknown'] },
  ]);
});

test.concurrent('without a code says nothing, records why, and still follows up', async () => {
  const run = await added({ welcomeId: undefined });
  expect(await run.end()).toBe('no-welcome-code');
  expect(run.asked()).toEqual([]);
  expect(await run.childTypes()).toEqual(['followUp']);
});

test.concurrent('a greeting that came too late is not called a welcome', async () => {
  const run = await added({}, { touches: { welcome: suppressed('expired') } });
  expect(await run.end()).toBe('not-welcomed');
});

test.concurrent('a customer who left at once is not tagged, and that is no failure', async () => {
  const gone = ApplicationFailure.create({
    type: 'NOT_FOUND',
    message: 'not a friend',
    nonRetryable: true,
  });
  const run = await added({}, { tagCustomer: () => Promise.reject(gone) });
  expect(await run.end()).toBe('welcomed');
});

test.concurrent('the same relation is followed up once, whatever is repeated', async () => {
  const entry = { entry: 'same-entry' };
  const first = await added(entry);
  await first.end();
  const second = await added(entry);
  expect(await second.end()).toBe('welcomed');
  expect(await second.childTypes()).toEqual([]);
});

test.concurrent('the touches of two entries under one workflow id are told apart', async () => {
  const run = await added({ entry: '1700000000' });
  await run.end();
  expect(run.inputs('touch')).toEqual([
    expect.objectContaining({ touchId: `${run.workflowId}/1700000000/welcome` }),
  ]);
});

test.concurrent('on day 3 at ten, not before, a silent customer gets a first word', async () => {
  const run = await following();
  await run.later({ days: 2, hours: 23 });
  expect(run.asked()).toEqual([]);
  expect((await run.handle.describe()).searchAttributes).toMatchObject({
    SopJourney: ['followUp'],
    SopStep: ['waiting'],
  });
  expect(await run.end()).toBe('followed-up');
  const [touch] = run.calls().filter(({ activity }) => activity === 'touch');
  expect(touch?.at.slice(0, 16)).toBe(DAY_3.slice(0, 16));
  expect(touch?.input).toMatchObject({
    template: 'follow-up-silent@1',
    class: 'marketing',
    relevance: [
      { kind: 'friend-of', staffId: 's-1' },
      { kind: 'silent-since', at: MORNING },
    ],
  });
});

test.concurrent('a customer who spoke is answered as one who spoke', async () => {
  const run = await following();
  await run.customer({ kind: 'spoke', at: MORNING });
  await run.end();
  expect(run.inputs('touch')).toEqual([expect.objectContaining({ template: 'follow-up-spoke@1' })]);
});

test.concurrent('words from before the customer added us do not count as speaking', async () => {
  const run = await following({ facts: { lastSpokeAt: '2090-03-01T00:00:00.000Z' } });
  await run.end();
  expect(run.inputs('touch')).toEqual([
    expect.objectContaining({ template: 'follow-up-silent@1' }),
  ]);
});

test.concurrent('a customer who bought since is thanked as a service, and that is all', async () => {
  const run = await following({
    facts: (asked) => ({ products: asked === 0 ? ['p-old'] : ['p-old', 'p-new'] }),
  });
  expect(await run.end()).toBe('thanked');
  expect(run.inputs('touch')).toEqual([
    expect.objectContaining({ template: 'follow-up-bought@1', class: 'service' }),
  ]);
});

test.concurrent('a conversion on the way is thanked for on the day', async () => {
  const run = await following();
  await run.customer({ kind: 'converted', at: MORNING, product: 'p-58' });
  expect(await run.end()).toBe('thanked');
});

test.concurrent.each([
  ['deletes the member', { kind: 'friend-removed', staffId: 's-1' }, 'friend-removed'],
  ['opts out of WeCom', { kind: 'opted-out', channel: 'wecom' }, 'opted-out'],
] as const)('a customer who %s is left alone', async (_, event, outcome) => {
  const run = await following();
  await run.later({ days: 1 });
  await run.customer({ at: MORNING, ...event });
  expect(await run.end()).toBe(outcome);
  expect(run.asked()).toEqual([]);
});

test.concurrent('deleting another member, or an opt-out of SMS, changes nothing', async () => {
  const run = await following();
  await run.customer({ kind: 'friend-removed', at: MORNING, staffId: 's-2' });
  await run.customer({ kind: 'opted-out', at: MORNING, channel: 'sms' });
  expect(await run.end()).toBe('followed-up');
});

test.concurrent('a follow-up held over the night stops when the customer deletes the member meanwhile', async () => {
  const run = await following({
    touches: { 'follow-up-silent': [heldUntil('2090-03-10T01:00:00.000Z'), SENT] },
  });
  await run.later({ days: 3, hours: 2 });
  expect(run.asked()).toEqual(['follow-up-silent#1']);
  await run.customer({ kind: 'friend-removed', at: MORNING, staffId: 's-1' });
  expect(await run.end()).toBe('friend-removed');
  expect(run.asked()).toEqual(['follow-up-silent#1']);
});
