import type { Policy } from '../../rules/policy/policy.schema';
import { type Act, scriptedChannel } from '../../test/fakes/channel';
import { Crash, type Moment } from '../../test/fakes/crash';
import { aScenario } from '../../test/fakes/touchScenario';
import { requestOfJourney } from './asked';
import { STEPS, type Steps, touchMany } from './page';
import type { TouchEnd } from './path';

type StepName = keyof Steps;

/** The steps, of which one dies once: before it did anything, or after all it did. */
function stepsThatDie(name: StepName, moment: Moment): Steps {
  let alive = true;
  const step = STEPS[name] as (...given: readonly unknown[]) => Promise<unknown>;

  const dying = async (...given: readonly unknown[]): Promise<unknown> => {
    if (!alive) return step(...given);
    alive = false;
    if (moment === 'after') await step(...given);
    throw new Crash(`${moment} ${name}`);
  };
  return { ...STEPS, [name]: dying };
}

async function runToEnd(policy: Partial<Policy>, script: readonly Act[], steps: Steps) {
  const scenario = await aScenario({ policy });
  const channel = scriptedChannel('wecom', script);
  const { input, caller, ...context } = scenario.ask([channel], { channel: 'wecom' });
  const request = requestOfJourney(input, caller);

  const ends: (readonly TouchEnd[])[] = [];
  while (ends.length === 0) {
    try {
      ends.push(await touchMany(context, [request], steps));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  const rows = await scenario.stores.touches.timeline('c-1');
  return {
    ends: ends.flat(),
    rows: rows.map((row) => (row.kind === 'decision' ? row.verdict : row.settled)),
    delivered: channel.book.length,
  };
}

const LUNCH = [{ id: 'lunch', classes: ['marketing' as const], from: '11:00', to: '14:00' }];
const CASES: readonly [string, Partial<Policy>, readonly Act[]][] = [
  ['sent', {}, []],
  ['tasked', {}, ['task']],
  ['accepted', {}, ['accept']],
  ['deferred', { quietHours: LUNCH }, []],
  ['refused for good', {}, [{ refuse: '84061' }]],
];
const NAMES = Object.keys(STEPS) as StepName[];
const DEATHS = NAMES.flatMap((name): [Moment, StepName][] => [
  ['before', name],
  ['after', name],
]);

describe.each(CASES)('a touch that is %s', (_, policy, script) => {
  test.each(DEATHS)(
    'comes to the same end when the process dies %s the step %s',
    async (moment, name) => {
      const undisturbed = await runToEnd(policy, script, STEPS);

      expect(await runToEnd(policy, script, stepsThatDie(name, moment))).toEqual(undisturbed);
    },
  );
});
