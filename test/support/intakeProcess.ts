// A process of the intake over given stores, which can die in the middle of anything or stand still for a while.

import type { ItemGuard } from '../../intake/fenced';
import { finishLease, holdingsOf, LEASE_GROUPS } from '../../intake/holdings';
import { createLeases } from '../../intake/leases';
import { createProcessor } from '../../intake/processor';
import type { Inbound } from '../../ports/inbox';
import type { Stores } from '../../ports/stores';
import type { FakeTime } from '../fakes/time';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export type IntakeProcess = ReturnType<typeof createIntakeProcess>;

type Handle = (item: Inbound, guard: ItemGuard) => Promise<void>;

/** @param handlerOf what handling an item does, once the process has looked whether it may; `living` as the process is */
export function createIntakeProcess(
  name: string,
  stores: Pick<Stores, 'inbox' | 'leases'>,
  time: FakeTime,
  handlerOf: (living: <T extends object>(target: T) => T) => Handle,
  place: (item: Inbound) => Promise<Inbound> = async (item) => item,
) {
  const life = createLife();
  const { clock, wait } = time;
  const leases = createLeases({
    store: life.living(stores.leases),
    process: name,
    groups: LEASE_GROUPS,
    clock,
    wait,
    log: silent,
  });
  const effects = life.living({ effect: handlerOf(life.living), place });
  const processor = createProcessor({
    inbox: life.living(stores.inbox),
    holdings: holdingsOf(leases),
    place: effects.place,
    async handle(item, guard) {
      guard.assertOurs();
      await effects.effect(item, guard);
      guard.assertOurs();
    },
    clock,
    log: silent,
    metrics: { processed: () => {} },
    wait,
  });

  processor.start();
  leases.start({ finish: (each) => finishLease(processor, each), changed: processor.wake });

  return {
    name,
    processor,
    leases,
    /** As SIGKILL: what was asked of the database may still happen, and nothing after it. */
    kill: () => life.end(),
    died: life.over,
    /** As SIGSTOP: goes on where it was when the answer is called. */
    stall: () => life.stall(),
    async stop() {
      await processor.stop();
      await leases.stop();
    },
  };
}

function createLife() {
  let isOver = false;
  let tell = () => {};
  const over = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let stalled: Promise<void> | undefined;

  async function pulse(): Promise<void> {
    await stalled;
    if (isOver) await new Promise<never>(() => {});
  }

  return {
    end() {
      isOver = true;
      tell();
    },
    over,
    stall(): () => void {
      let goOn = () => {};
      stalled = new Promise((resolve) => {
        goOn = resolve;
      });
      return () => {
        stalled = undefined;
        goOn();
      };
    },

    /** The same calls, none of which is made by the dead or answered to them. */
    living<T extends object>(target: T): T {
      return new Proxy(target, {
        get(object, member) {
          const call = Reflect.get(object, member) as (...given: unknown[]) => Promise<unknown>;
          return async (...given: unknown[]) => {
            await pulse();
            const answer = await call(...given);
            await pulse();
            return answer;
          };
        },
      });
    },
  };
}
