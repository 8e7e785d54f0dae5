import fc from 'fast-check';
import { scriptedChannel } from '../../test/fakes/channel';
import { aScenario, NOON, type Scenario } from '../../test/fakes/touchScenario';
import type { TouchInput } from '../contract';
import { requestOfJourney } from './asked';
import { reviewTouch } from './review';
import { touch } from './touch';
import { withdrawTouch } from './withdraw';

const ID = 'overage/c-1/e-1/offer';
const HOUR_MS = 3_600_000;
const INPUT: Partial<TouchInput> = {
  channel: 'wecom',
  product: 'pack',
  relevance: [{ kind: 'not-bought', product: 'pack' }],
};

/** A touch that waits for a member of staff. */
async function aTask(policy: object = {}, input: Partial<TouchInput> = {}) {
  const scenario = await aScenario({ policy });
  const wecom = scriptedChannel('wecom', [], 'tasked');
  await touch(scenario.ask([wecom], { ...INPUT, ...input }));
  const review = () => {
    const { input: asked, caller, ...context } = scenario.ask([wecom], { ...INPUT, ...input });
    return reviewTouch(context, requestOfJourney(asked, caller));
  };
  return { ...scenario, review };
}

async function publishAnother({ stores }: Scenario, body: object): Promise<void> {
  const policy = { id: 'default', version: 2, timezone: 'Asia/Shanghai', ...body };
  const at = new Date(NOON).toISOString();
  const { version } = await stores.policies.draft('default', policy, 'test', at);
  await stores.policies.publish('default', version, 'test', at);
}

const marketing = { classes: ['marketing'] } as const;

test('a task that is still right stands, and knows of the next quiet time', async () => {
  const night = { id: 'night', ...marketing, from: '21:00', to: '09:00' };
  const { review, engine } = await aTask({ quietHours: [night] });
  expect(await review()).toEqual({ stands: true, quietFrom: '2026-03-02T13:00:00.000Z' });
  expect(engine.withdrawn).toEqual([]);
});

const bought = { product: 'pack', at: new Date(NOON).toISOString() };

test('a touch that nobody waits for is left alone', async () => {
  const { review, stores } = await aTask();
  await stores.touches.settle('c-1', ID, { settled: 'sent', at: new Date(NOON).toISOString() });
  await stores.contacts.addPurchase('c-1', bought);
  expect(await review()).toEqual({ stands: true });
});

type Wrong = readonly [string, string, (task: Scenario) => Promise<unknown>];
const refusal = {
  channel: 'wecom',
  class: 'marketing',
  state: 'refused',
  source: 'staff',
  own: true,
  receivedAt: new Date(NOON).toISOString(),
} as const;
const WRONG: readonly Wrong[] = [
  ['the customer refused', 'consent', ({ stores }) => stores.contacts.consent('c-1', [refusal])],
  ['the customer wants rest', 'dnd', ({ stores }) => stores.contacts.patch('c-1', { dnd: [{}] })],
  [
    'the customer has bought it',
    'irrelevant:not-bought',
    ({ stores }) => stores.contacts.addPurchase('c-1', bought),
  ],
  [
    'personalisation was turned off',
    'personalisation:dataUsedPct',
    ({ stores }) => stores.contacts.patch('c-1', { personalisation: false }),
  ],
  [
    'the customer complained',
    'blocked',
    ({ stores }) => stores.contacts.block('c-1', { channel: '*', reason: 'complaint' }),
  ],
  [
    'a policy was published',
    'cap:none',
    (task) =>
      publishAnother(task, {
        caps: [{ id: 'none', ...marketing, limit: 0, window: { kind: 'rolling', hours: 1 } }],
      }),
  ],
  [
    'quiet hours begin sooner',
    'quiet-hours:noon',
    (task) =>
      publishAnother(task, {
        quietHours: [{ id: 'noon', ...marketing, from: '11:00', to: '14:00' }],
      }),
  ],
];

test.each(WRONG)('is taken back when %s, and the ledger says so', async (_, why, happens) => {
  const consent = [{ ...marketing, need: 'not-refused' }];
  const task = await aTask({ consent });
  await happens(task);

  expect(await task.review()).toMatchObject({ stands: false, reason: why.split(':')[0] });
  expect(task.engine.withdrawn).toEqual([{ msgid: 'wecom-1', touchId: ID }]);
  expect((await task.stores.touches.timeline('c-1')).at(-1)).toMatchObject({
    settled: 'withdrawn',
    why: `withdrawn:${why}`,
  });
});

test('was decided before later touches: they give way to it, and it stands', async () => {
  const caps = [{ id: 'day', ...marketing, limit: 2, window: { kind: 'rolling', hours: 24 } }];
  const task = await aTask({ caps });
  const sms = scriptedChannel('sms');
  for (const step of ['second', 'third']) {
    task.time.now += HOUR_MS;
    await touch(task.ask([sms], { touchId: `overage/c-1/e-1/${step}` }));
  }
  await publishAnother(task, { caps: [{ ...caps[0], limit: 1 }] });
  expect(await task.review()).toMatchObject({ stands: true });
});

test('taken back twice is taken back once, and told again', async () => {
  const { stores, engine, ask } = await aTask();
  const { deps } = ask([]);
  const given = { contactId: 'c-1', touchId: ID, why: 'opted-out' };
  await withdrawTouch(deps, given);
  await withdrawTouch(deps, { ...given, why: 'stopped' });

  const rows = await stores.touches.timeline('c-1');
  expect(rows.flatMap((row) => (row.kind === 'settlement' ? row.why : []))).toEqual([
    'withdrawn:opted-out',
  ]);
  expect(engine.withdrawn).toHaveLength(2);
});

test('whatever order a refusal and a review come in, no wrong task is left standing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('review', 'refuse', 'rest'), { maxLength: 6 }),
      async (acts) => {
        const task = await aTask({ consent: [{ ...marketing, need: 'not-refused' }] });
        for (const act of acts) {
          if (act === 'refuse') await task.stores.contacts.consent('c-1', [refusal]);
          else if (act === 'rest') await task.stores.contacts.patch('c-1', { dnd: [{}] });
          else await task.review();
        }
        await task.review();

        const contact = await task.stores.contacts.find('c-1');
        const isWrong = acts.some((act) => act !== 'review');
        expect(contact?.touches[0]?.withdrawn !== undefined).toBe(isWrong);
      },
    ),
    { numRuns: 60, seed: 9 },
  );
});
