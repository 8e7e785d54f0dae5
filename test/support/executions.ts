// Executions of one attempt that run into each other: a stalled one that Temporal has given up on, and those that came after it.

import fc from 'fast-check';
import { requestOfJourney } from '../../activities/touch/asked';
import { touchMany } from '../../activities/touch/page';
import type { Execution, TouchEnd } from '../../activities/touch/path';
import type { Channel } from '../../ports/channel';
import type { Stores } from '../../ports/stores';
import type { Policy } from '../../rules/policy/policy.schema';
import { type ScriptedChannel, scriptedChannel } from '../fakes/channel';
import { aScenario, NOON, type Scenario } from '../fakes/touchScenario';

/** How long an execution has before the next one may begin. */
const TIME_OUT_MS = 60_000;

/** The first executions begin before these quiet hours, the later ones in them. */
const SOON_QUIET: Partial<Policy> = {
  quietHours: [{ id: 'soon', classes: ['marketing'], from: '12:01', to: '14:00' }],
};

interface Outcome {
  /** True: an execution answered that the gate holds the touch, and its row says so. */
  readonly isHeldByGate: boolean;
  readonly last: TouchEnd | undefined;
  readonly delivered: number;
  readonly state: string | undefined;
  readonly verdicts: readonly string[];
}

/** Lets executions overlap as the scheduler likes, then one more, undisturbed, as Temporal would. */
async function overlap(
  scheduler: fc.Scheduler,
  scenario: Scenario,
  channel: ScriptedChannel,
  count: number,
): Promise<Outcome> {
  const { stores, time } = scenario;
  const ends: TouchEnd[] = [];
  const run = async (nth: number): Promise<void> => {
    const next = scheduler.schedule(Promise.resolve(), `the time of execution ${nth} is over`);
    const passing = next.then(() => {
      time.now = Math.max(time.now, NOON + nth * TIME_OUT_MS);
      return nth < count ? run(nth + 1) : undefined;
    });
    const watched = (target: object) => delayed(scheduler, target);
    const end = execute(scenario, delayedChannel(scheduler, channel), nth, watched);
    ends.push(...(await end.catch(() => [])));
    await passing;
  };
  await scheduler.waitFor(run(1));

  const [last] = await execute(scenario, channel, count + 1);
  const rows = await stores.touches.timeline('c-1');
  return {
    last,
    isHeldByGate: ends.some(isHeldByGate),
    delivered: channel.book.length,
    state: (await stores.contacts.find('c-1'))?.touches[0]?.state,
    verdicts: rows.flatMap((row) => (row.kind === 'decision' ? [row.verdict] : [])),
  };
}

const isHeldByGate = (end: TouchEnd): boolean =>
  'verdict' in end && end.verdict.verdict === 'deferred' && end.verdict.reason === 'quiet-hours';

function execute(
  scenario: Scenario,
  channel: Channel,
  nth: number,
  wrap?: (target: object) => object,
): Promise<readonly TouchEnd[]> {
  const { input, caller, ...context } = scenario.ask(
    [channel],
    { channel: 'wecom' },
    wrap === undefined
      ? undefined
      : (target) => (target === channel ? target : (wrap(target) as typeof target)),
  );
  const execution: Execution = {
    isRepeat: nth > 1,
    isOver: () => scenario.time.now >= NOON + nth * TIME_OUT_MS,
  };
  return touchMany({ ...context, execution }, [requestOfJourney(input, caller)]);
}

/** Every call happens, and is answered, whenever the scheduler likes. */
function delayed<T extends object>(scheduler: fc.Scheduler, target: T): T {
  return new Proxy(target, {
    get(object, name, receiver) {
      const member: unknown = Reflect.get(object, name, receiver);
      if (typeof member !== 'function') return member;

      return async (...given: readonly unknown[]) => {
        await scheduler.schedule(Promise.resolve(), `${String(name)} is called`);
        const answer: unknown = await member.apply(object, given);
        await scheduler.schedule(Promise.resolve(), `${String(name)} has answered`);
        return answer;
      };
    },
  });
}

/** A call of the channel lands at once; its answer may take as long as it likes. */
function delayedChannel(scheduler: fc.Scheduler, channel: Channel): Channel {
  return {
    ...channel,
    async deliverMany(deliveries, isOver) {
      const answers = await channel.deliverMany(deliveries, isOver);
      await scheduler.schedule(Promise.resolve(), 'the channel has answered');
      return answers;
    },
    async lookup(delivery) {
      const answer = await channel.lookup(delivery);
      await scheduler.schedule(Promise.resolve(), 'the channel has looked it up');
      return answer;
    },
  };
}

export function describeExecutions(
  name: string,
  make: () => Promise<Stores | undefined>,
  numRuns: number,
): void {
  describe(`executions of one attempt that overlap, over ${name}`, () => {
    it.each([
      ['sent', 2],
      ['sent', 3],
      ['tasked', 2],
      ['tasked', 3],
    ] as const)(
      'hand over at most once, and row and channel agree: %s, %i of them',
      async (kind, count) => {
        await fc.assert(
          fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, soonQuiet) => {
            const stores = await make();
            const scenario = await aScenario({
              policy: soonQuiet ? SOON_QUIET : {},
              ...(stores && { stores }),
            });
            const channel = scriptedChannel('wecom', [], kind);

            const {
              last,
              isHeldByGate: isHeld,
              delivered,
              state,
              verdicts,
            } = await overlap(scheduler, scenario, channel, count);

            expect(delivered).toBeLessThanOrEqual(1);
            const verdict = last && 'verdict' in last ? last.verdict.verdict : 'failed';
            expect([verdict, delivered]).toEqual([delivered === 1 ? kind : 'deferred', delivered]);
            expect(verdicts).toHaveLength(1);
            if (isHeld) expect([verdicts[0], delivered]).toEqual(['deferred', 0]);
            if (delivered === 1) expect([state, verdicts[0]]).toEqual([kind, 'pass']);
            else expect(state ?? 'released').toBe('released');
          }),
          { numRuns },
        );
      },
    );
  });
}
