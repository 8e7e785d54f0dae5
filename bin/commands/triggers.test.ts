import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runTriggers } from './triggers';

const trigger = {
  ...{ id: 'gz-overage', version: 2, city: 'guangzhou', enabled: true, event: 'usage' },
  when: { 'event.dataUsedPct': { $gte: 100 } },
  offer: { product: 'p-data-5g', template: 't-overage', channel: 'wecom' },
  ...{ journey: 'overage', expiresAfterMinutes: 120, dailyBudget: 1 },
};
const usage = (eventId: string, contactId: string) => ({
  ...{ eventId, type: 'usage', contactId, data: { dataUsedPct: 120 } },
  ...{ occurredAt: '2026-03-02T02:00:00Z', receivedAt: '2026-03-02T02:00:01Z' },
});
const given = {
  timezone: 'Asia/Shanghai',
  contacts: ['c-1', 'c-2'].map((contactId) => ({ contactId, city: 'guangzhou' })),
  triggers: [trigger],
  events: [usage('e-1', 'c-1'), usage('e-2', 'c-2'), usage('e-1', 'c-1')],
};

async function answersTo(...lines: readonly unknown[]) {
  const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const output = new PassThrough();
  const status = await runTriggers(
    Readable.from(`${input.join('\n')}\n`),
    output.setMaxListeners(0),
  );
  output.end();
  const answers = (await text(output)).trimEnd().split('\n');
  return { status, answers: answers.map((line) => JSON.parse(line) as unknown) };
}

test('says of each event what became of it, in the order of testing', async () => {
  expect(await answersTo(given)).toEqual({
    status: 0,
    answers: [
      {
        outcomes: [
          { eventId: 'e-1', trigger: 'gz-overage', outcome: 'fired' },
          { eventId: 'e-2', trigger: 'gz-overage', outcome: 'budget' },
          { eventId: 'e-1', outcome: 'duplicate' },
        ],
        noMatch: 0,
      },
    ],
  });
});

test.each([
  [
    'an operator that is not there',
    { when: { 'event.x': { $regex: 'a' } } },
    'triggers[0].when.event.x.$regex',
  ],
  ['a misspelt field', { coolDownHours: 3 }, 'triggers[0].coolDownHours'],
  ['half a firing a day', { dailyBudget: 0.5 }, 'triggers[0].dailyBudget'],
  ['an hour that no clock shows', { activeFrom: '24:00' }, 'triggers[0].activeFrom'],
])('refuses %s by its place, and goes on with the next line', async (_, change, path) => {
  const wrong = { ...given, triggers: [{ ...trigger, ...change }] };
  const { status, answers } = await answersTo(wrong, given);
  expect(status).toBe(1);
  expect(answers).toMatchObject([
    { error: { path, message: expect.stringContaining('allowed') } },
    { noMatch: 0 },
  ]);
});

test('refuses an instant without a zone, and two triggers of one id', async () => {
  const at = { ...given, events: [{ ...usage('e-1', 'c-1'), occurredAt: '2026-03-02T02:00:00' }] };
  const twice = { ...given, triggers: [trigger, trigger] };
  const { answers } = await answersTo(at, twice, '{');
  expect(answers).toMatchObject([
    { error: { path: 'events[0].occurredAt' } },
    { error: { path: 'triggers[1].id' } },
    { error: { message: expect.stringContaining('not JSON') } },
  ]);
});
