import fc from 'fast-check';
import type { Channel, Delivered } from '../../ports/channel';
import { CodedError } from '../../rules/base/errors';
import { aScenario, NOON } from '../../test/fakes/touchScenario';
import { requestOfJourney } from './asked';
import { touchMany } from './page';

const LANDS_WITHIN_MS = 90_000;
const RETRY_MS = 1_000;

interface Call {
  /** When it lands after it was begun; null: it never does. */
  readonly landsAfterMs: number | null;
  /** When the caller stops waiting for the answer. */
  readonly givenUpAfterMs: number;
}

/** A channel that knows no key of ours: it makes a message of every call that lands. */
function aKeylessChannel(calls: readonly Call[], time: { now: number }) {
  const left = [...calls];
  const messages: { readonly landsAt: number }[] = [];
  const landed = () => messages.filter(({ landsAt }) => landsAt <= time.now);
  const found = (): Delivered | null =>
    landed().length > 0 ? { kind: 'tasked', channelRef: 'm-1' } : null;

  async function deliver(): Promise<Delivered> {
    const { landsAfterMs, givenUpAfterMs } = left.shift() ?? { landsAfterMs: 0, givenUpAfterMs: 1 };
    if (landsAfterMs !== null) messages.push({ landsAt: time.now + landsAfterMs });
    const isAnswered = landsAfterMs !== null && landsAfterMs < givenUpAfterMs;
    time.now += isAnswered ? landsAfterMs : givenUpAfterMs;

    const answer = isAnswered ? found() : null;
    if (answer === null) throw new CodedError('UNAVAILABLE', 'no answer in time');
    return answer;
  }

  const channel: Channel = {
    name: 'wecom',
    maxBytes: 4000,
    landsWithinMs: () => LANDS_WITHIN_MS,
    deliverMany: (deliveries) => Promise.allSettled(deliveries.map(deliver)),
    lookup: async () => found(),
  };
  return { channel, messages };
}

const aCall = fc.record({
  landsAfterMs: fc.option(fc.integer({ min: 0, max: LANDS_WITHIN_MS - 1 })),
  givenUpAfterMs: fc.integer({ min: 1, max: 20_000 }),
});

it('makes one message of a touch, however late calls land and whatever is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aCall, { maxLength: 4 }), async (calls) => {
      const scenario = await aScenario();
      const { time } = scenario;
      const { channel, messages } = aKeylessChannel(calls, time);

      for (let tries = 0; ; tries++) {
        expect(tries).toBeLessThan(20);
        const { input, caller, ...context } = scenario.ask([channel], { channel: 'wecom' });
        const [end] = await touchMany(context, [requestOfJourney(input, caller)]);
        if (end === undefined) throw new Error('a touch has an end');
        if ('verdict' in end) {
          expect(end.verdict).toMatchObject({ verdict: 'tasked', channelRef: 'm-1' });
          break;
        }
        const { nextRetryDelay = RETRY_MS } = end.failure as { nextRetryDelay?: number };
        time.now += nextRetryDelay;
      }

      expect(time.now).toBeGreaterThanOrEqual(NOON);
      expect(messages).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
