import fc from 'fast-check';
import { createMemoryLeases } from '../models/memory/leases';
import { createMemoryStores } from '../models/memory/stores';
import type { LeaseStore } from '../ports/leases';
import { CodedError } from '../rules/base/errors';
import { partitionOf } from '../rules/base/partition';
import { createFakeTime, type FakeTime } from '../test/fakes/time';
import { createIntakeProcess } from '../test/support/intakeProcess';
import { LEAD_POLLER, LEASE_GROUPS } from './holdings';
import { planLeases } from './leasePlan';
import { createLeases } from './leases';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const NAMES = LEASE_GROUPS[0] ?? [];

/** Lets everything that is ready run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function pass(time: FakeTime, seconds: number): Promise<void> {
  for (let ms = 0; ms < seconds * 1000; ms += 100) {
    time.pass(100);
    for (let i = 0; i < 5; i += 1) await turn();
  }
}

function aHolder(process: string, store: LeaseStore, time: FakeTime) {
  const leases = createLeases({
    store,
    process,
    groups: LEASE_GROUPS,
    clock: time.clock,
    wait: time.wait,
    log: silent,
  });
  const start = () => leases.start({ finish: async () => {}, changed: () => {} });
  return { ...leases, start, size: () => leases.held().size };
}

describe('leases', () => {
  it('are all held by one who is alone, and shared evenly with who comes', async () => {
    const [store, time] = [createMemoryLeases(), createFakeTime()];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => aHolder(name, store, time));
    a?.start();
    await pass(time, 2);
    expect([a?.size(), a?.isAlone()]).toEqual([34, true]);

    b?.start();
    c?.start();
    await pass(time, 5);
    const sizes = [a, b, c].map((each) => each?.size() ?? 0);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(34);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(13);
    expect(a?.isAlone()).toBe(false);
    expect([a, b, c].filter((each) => each?.held().has(LEAD_POLLER))).toHaveLength(1);
  });

  it('of the dead are taken over within ten seconds, and never while the dead may think that they hold them', async () => {
    const time = createFakeTime();
    const store = createMemoryLeases();
    let isAway = false;
    const mortal: LeaseStore = {
      ...store,
      beat: async (process) => (isAway ? new Promise<never>(() => {}) : store.beat(process)),
    };
    const a = aHolder('a', mortal, time);
    const b = aHolder('b', store, time);
    a.start();
    b.start();
    await pass(time, 12);
    expect([a.size() > 0, b.size() > 0]).toEqual([true, true]);

    isAway = true;
    for (let tenths = 0; tenths < 100 && b.size() < 34; tenths += 1) {
      await pass(time, 0.1);
      for (const [name, fence] of b.held()) {
        const other = a.held().get(name);
        expect([name, other === undefined || other === fence]).toEqual([name, true]);
      }
    }
    expect([a.size(), b.size()]).toEqual([0, 34]);
  });

  it('stay where they are when the database is away for a minute', async () => {
    const time = createFakeTime();
    const store = createMemoryLeases();
    let isAway = false;
    const away: LeaseStore = {
      ...store,
      beat: async (process) => {
        if (isAway) throw new CodedError('UNAVAILABLE', 'MongoDB is away');
        return store.beat(process);
      },
    };
    const [a, b] = [aHolder('a', away, time), aHolder('b', away, time)];
    a.start();
    b.start();
    await pass(time, 12);
    const before = [[...a.held()], [...b.held()]];
    isAway = true;
    await pass(time, 60);
    expect([a.size(), b.size()]).toEqual([0, 0]);
    isAway = false;
    await pass(time, 3);
    expect([[...a.held()], [...b.held()]]).toEqual(before);
  });

  it('are given back at an orderly end, when what is being done has ended', async () => {
    const [store, time] = [createMemoryLeases(), createFakeTime()];
    const a = createLeases({
      store,
      process: 'a',
      groups: LEASE_GROUPS,
      clock: time.clock,
      wait: time.wait,
      log: silent,
    });
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    a.start({ finish: () => finished, changed: () => {} });
    await pass(time, 2);
    const [[name, fence] = ['', 0]] = a.held();
    const stopped = a.stop();
    await turn();
    expect([a.held().size, a.mayGoOn(name, fence)]).toEqual([0, true]);
    expect(Object.values((await store.beat('b')).leases).every(({ holder }) => holder)).toBe(true);

    finish();
    await stopped;
    const { leases, beats } = await store.beat('b');
    expect(Object.values(leases).some(({ holder }) => holder)).toBe(false);
    expect(beats).toEqual({ b: 2 });
  });

  it('come to rest, evenly and each with one, from whatever was before', () => {
    const names = NAMES.slice(0, 8);
    const some = fc.constantFrom('a', 'b', 'c', 'gone', undefined);
    fc.assert(
      fc.property(fc.array(some, { minLength: 8, maxLength: 8 }), (holders) => {
        const living = ['a', 'b', 'c'] as const;
        const table = new Map(names.map((name, i) => [name, holders[i]]));
        for (let round = 0; round < 3; round += 1)
          for (const process of living) {
            const leases = Object.fromEntries(
              [...table].map(([name, holder]) => [name, { fence: 1, ...(holder && { holder }) }]),
            );
            const mine = new Set(names.filter((name) => table.get(name) === process));
            const plan = planLeases({ names, leases, process, mine, living });
            for (const name of plan.giveBack) table.set(name, undefined);
            for (const name of plan.take) table.set(name, process);
          }
        const counts = living.map((each) => [...table.values()].filter((h) => h === each).length);
        expect(counts.reduce((sum, count) => sum + count)).toBe(8);
        expect(Math.max(...counts)).toBe(3);
      }),
      { seed: 9, numRuns: 200 },
    );
  });
});

describe('a process that stands still', () => {
  const item = (key: string) =>
    ({
      key,
      kind: 'event',
      lane: 'contact/a',
      urgency: 'prompt',
      payload: {},
      receivedAt: 0,
    }) as const;

  it('has no effect any more once another has taken its items over', async () => {
    const time = createFakeTime();
    const stores = createMemoryStores();
    const effects: string[] = [];
    const begun: string[] = [];
    let release = () => {};
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const a = createIntakeProcess('a', stores, time, () => async ({ key }) => {
      begun.push(`a ${key}`);
      await stuck;
    });
    await pass(time, 2);
    await a.processor.put([item('1'), item('2')]);
    await turn();
    expect(begun).toEqual(['a 1']);

    const goOn = a.stall();
    const b = createIntakeProcess(
      'b',
      stores,
      time,
      () =>
        async ({ key }) =>
          void effects.push(key),
    );
    await pass(time, 10);
    expect(effects).toEqual(['1', '2']);
    expect(b.leases.held().has(`inbox-${partitionOf('contact/a')}`)).toBe(true);

    goOn();
    release();
    await pass(time, 3);
    expect(begun).toEqual(['a 1']);
    expect(await stores.inbox.find('1')).toMatchObject({ state: 'done', attempts: 0 });
    expect(await stores.inbox.count('pending')).toBe(0);
  });
});
