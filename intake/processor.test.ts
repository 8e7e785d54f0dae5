import { Registry } from 'prom-client';
import { createMetrics } from '../api/metrics';
import { createMemoryStores } from '../models/memory/stores';
import type { Inbound } from '../ports/inbox';
import { CodedError } from '../rules/base/errors';
import { partitionOf } from '../rules/base/partition';
import { holdsAll } from '../test/fakes/holdings';
import { createFakeWaits } from '../test/fakes/waits';
import { createProcessor } from './processor';

const SWEEP_MS = 3000;
const item = (key: string, lane = 'contact/a'): Inbound => ({
  key,
  kind: 'event',
  lane,
  urgency: 'prompt',
  payload: {},
  receivedAt: 0,
});
const away = () => new CodedError('UNAVAILABLE', 'Temporal is away');
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function aProcessor(
  handle: (item: Inbound) => Promise<void>,
  inbox = createMemoryStores().inbox,
  { holdings = holdsAll(), clock = { now: (): number => 5000 } } = {},
) {
  const waits = createFakeWaits();
  const metrics = createMetrics(new Registry(), { ...createMemoryStores(), inbox }, clock);
  const processor = createProcessor({
    inbox,
    holdings,
    place: async (item) => item,
    handle,
    clock,
    log: silent,
    metrics,
    wait: waits.wait,
  });
  return {
    processor,
    inbox,
    waits,
    metrics,
    begin: async () => {
      processor.start();
      await waits.until(SWEEP_MS);
    },
  };
}

test('handles the items of a lane one after the other, in the order they came', async () => {
  const log: string[] = [];
  const { processor, begin } = aProcessor(async ({ key }) => {
    log.push(`begin ${key}`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`end ${key}`);
  });
  await begin();
  await processor.put([item('1'), item('2'), item('3')]);
  await processor.idle();
  expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  await processor.stop();
});

test('an item that fails holds its own lane and no other, until it was taken', async () => {
  let temporal = false;
  const done: string[] = [];
  const { processor, waits, inbox, begin } = aProcessor(async ({ key, lane }) => {
    if (lane === 'contact/a' && !temporal) throw away();
    done.push(key);
  });
  await begin();
  await processor.put([item('a1'), item('a2'), item('b1', 'contact/b')]);
  await waits.until(200);
  waits.pass(200);
  await waits.until(400);
  expect(done).toEqual(['b1']);
  expect(await inbox.count('pending')).toBe(2);
  temporal = true;
  waits.pass(400);
  await processor.idle();
  expect(done).toEqual(['b1', 'a1', 'a2']);
  expect(await inbox.count('pending')).toBe(0);
  await processor.stop();
});

test('waits longer after each failure, and never longer than half a minute', async () => {
  const { processor, waits, begin } = aProcessor(async () => {
    throw away();
  });
  await begin();
  await processor.put([item('1')]);
  const delays = [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000];
  for (const ms of delays) {
    await waits.until(ms);
    waits.pass(ms);
  }
  expect(waits.asked.filter((ms) => ms !== SWEEP_MS).slice(0, delays.length)).toEqual(delays);
  await processor.stop();
});

test('takes up what was pending before it started, before anything newer of the same lane', async () => {
  const { inbox } = createMemoryStores();
  await inbox.put([{ ...item('old'), partition: partitionOf('contact/a') }]);
  const done: string[] = [];
  const { processor, begin } = aProcessor(async ({ key }) => void done.push(key), inbox);
  await processor.put([item('new')]);
  expect(done).toEqual([]);
  await begin();
  await processor.idle();
  expect(done).toEqual(['old', 'new']);
  await processor.stop();
});

test('a fact delivered twice is handled once', async () => {
  const done: string[] = [];
  const { processor, begin } = aProcessor(async ({ key }) => void done.push(key));
  await begin();
  expect(await processor.put([item('1'), item('1')])).toEqual(['new', 'duplicate']);
  await processor.idle();
  expect(await processor.put([item('1')])).toEqual(['duplicate']);
  await processor.idle();
  expect(done).toEqual(['1']);
  await processor.stop();
});

test('gives up on an item only when it can never succeed, and goes on with its lane', async () => {
  const done: string[] = [];
  const { processor, inbox, begin, metrics } = aProcessor(async ({ key }) => {
    if (key === 'poison') throw new CodedError('NOT_FOUND', 'contact c-9 does not exist');
    done.push(key);
  });
  await begin();
  await processor.put([item('poison'), item('2')]);
  await processor.idle();
  expect(done).toEqual(['2']);
  expect(await inbox.count('pending')).toBe(0);
  expect((await metrics.render()).text).toContain(
    'sopflow_inbox_processed_total{kind="event",outcome="parked"} 1',
  );
  await processor.stop();
});

test('a fault that only one item meets parks it after some tries, and its lane goes on', async () => {
  const done: string[] = [];
  const { processor, waits, inbox, begin } = aProcessor(async ({ key }) => {
    if (key === 'poison') throw new TypeError('x is not a function');
    done.push(key);
  });
  await begin();
  await processor.put([item('poison'), item('opt-out')]);
  for (const ms of [200, 400, 800, 1600, 3200, 6400, 12_800]) {
    await waits.until(ms);
    waits.pass(ms);
  }
  await processor.idle();
  expect(done).toEqual(['opt-out']);
  expect(await inbox.list({ state: 'parked', limit: 10 })).toMatchObject([
    { key: 'poison', reason: { code: 'INTERNAL', message: 'x is not a function' } },
  ]);
  await processor.stop();
});

test('an hour without Temporal parks nothing', async () => {
  const { processor, waits, inbox, begin } = aProcessor(async () => {
    throw away();
  });
  await begin();
  await processor.put([item('1')]);
  for (let waitedMs = 0, ms = 200; waitedMs < 3_600_000; ms = Math.min(ms * 2, 30_000)) {
    await waits.until(ms);
    waits.pass(ms);
    waitedMs += ms;
  }
  expect([await inbox.count('pending'), await inbox.count('parked')]).toEqual([1, 0]);
  await processor.stop();
});

test('a system that is away for one item alone does not hold its lane for more than a day', async () => {
  const done: string[] = [];
  const { processor, waits, inbox, begin } = aProcessor(async ({ key }) => {
    if (key === 'stuck') throw away();
    done.push(key);
  });
  await begin();
  await processor.put([item('stuck'), item('2')]);
  for (let tries = 0, ms = 200; tries < 2879; tries++, ms = Math.min(ms * 2, 30_000)) {
    await waits.until(ms);
    waits.pass(ms);
  }
  await processor.idle();
  expect([done, await inbox.count('parked')]).toEqual([['2'], 1]);
  await processor.stop();
});

test('an add behind a batch of 20,000 is handled at once, and the batch goes on meanwhile', async () => {
  const done: string[] = [];
  const { inbox } = createMemoryStores();
  const batch = Array.from({ length: 20_000 }, (_, i) => item(`e-${i}`, `contact/${i}`));
  await inbox.put(batch.map((each) => ({ ...each, partition: partitionOf(each.lane) })));
  const handling = async ({ key }: Inbound) => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push(key);
  };
  const { processor, begin } = aProcessor(handling, inbox);
  await begin();
  const before = done.length;
  await processor.put([{ ...item('add', 'contact/add'), urgency: 'urgent' }]);
  await processor.idle();
  expect(done.indexOf('add') - before).toBeLessThan(100);
  expect(done).toHaveLength(20_001);
  await processor.stop();
});

test('bulk is not starved by those in a hurry, and calls that hang leave them places', async () => {
  const done: string[] = [];
  let release = () => {};
  const hanging = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { processor, begin } = aProcessor(async ({ key, urgency }) => {
    if (urgency === 'bulk') await hanging;
    done.push(key);
  });
  await begin();
  const many = (urgency: Inbound['urgency'], count: number) =>
    Array.from({ length: count }, (_, i) => ({
      ...item(`${urgency}-${i}`, `contact/${urgency}-${i}`),
      urgency,
    }));
  await processor.put(many('bulk', 100));
  await processor.put(many('urgent', 5));
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toHaveLength(5);

  await processor.put([...many('prompt', 300), item('last', 'contact/bulk-0')]);
  release();
  await processor.idle();
  const firstBulk = done.findIndex((key) => key.startsWith('bulk'));
  expect(firstBulk).toBeLessThan(done.lastIndexOf('prompt-299'));
  await processor.stop();
});

test('what is urgent pulls what came before it in its lane, and never overtakes it', async () => {
  const done: string[] = [];
  const { inbox } = createMemoryStores();
  const before = Array.from({ length: 3000 }, (_, i) => item(`e-${i}`, `contact/${i}`));
  const batch = [...before, item('c1', 'contact/c'), item('c2', 'contact/c')];
  await inbox.put(batch.map((each) => ({ ...each, partition: partitionOf(each.lane) })));
  const { processor, begin } = aProcessor(async ({ key }) => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push(key);
  }, inbox);
  await begin();
  await processor.put([{ ...item('opt-out', 'contact/c'), urgency: 'urgent' }]);
  await processor.idle();
  const places = ['c1', 'c2', 'opt-out'].map((key) => done.indexOf(key));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[2]).toBeLessThan(1000);
  await processor.stop();
});

test('an item stays pending while the store cannot note that it was handled, and is handled again', async () => {
  const { inbox } = createMemoryStores();
  let notes = 0;
  const flaky = {
    ...inbox,
    done: async (key: string, fence: number) => {
      if (notes++ === 0) throw away();
      return inbox.done(key, fence);
    },
    failed: async () => {
      throw away();
    },
  };
  let handled = 0;
  const { processor, waits, begin } = aProcessor(async () => void handled++, flaky);
  await begin();
  await processor.put([item('1')]);
  await waits.until(200);
  expect(await inbox.count('pending')).toBe(1);
  waits.pass(200);
  await processor.idle();
  expect([handled, await inbox.count('pending')]).toEqual([2, 0]);
  await processor.stop();
});

test('at its end finishes what is being handled, and leaves the rest pending', async () => {
  let release = () => {};
  const done: string[] = [];
  const { processor, inbox, begin } = aProcessor(async ({ key }) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    done.push(key);
  });
  await begin();
  await processor.put([item('1'), item('2')]);
  await new Promise((resolve) => setImmediate(resolve));
  const stopped = processor.stop();
  release();
  await stopped;
  expect(done).toEqual(['1']);
  expect((await inbox.list({ state: 'pending', limit: 10 })).map(({ key }) => key)).toEqual(['2']);
});

test('goes on by itself when the inbox could not be read', async () => {
  const { inbox } = createMemoryStores();
  await inbox.put([{ ...item('1'), partition: partitionOf('contact/a') }]);
  let reads = 0;
  const flaky = {
    ...inbox,
    waiting: async (partitions: readonly number[], limit: number) => {
      if (reads++ === 0) throw away();
      return inbox.waiting(partitions, limit);
    },
  };
  const done: string[] = [];
  const { processor, waits, begin } = aProcessor(async ({ key }) => void done.push(key), flaky);
  await begin();
  expect(done).toEqual([]);
  waits.pass(SWEEP_MS);
  await waits.until(SWEEP_MS);
  await processor.idle();
  expect(done).toEqual(['1']);
  await processor.stop();
});

test('looks seldomer while a look takes long, so that reading a long queue leaves time to work it off', async () => {
  const { inbox } = createMemoryStores();
  const time = { now: 5000, reads: 0 };
  const slow = {
    ...inbox,
    waiting: (partitions: readonly number[], limit: number) => {
      time.now += 700;
      time.reads += 1;
      return inbox.waiting(partitions, limit);
    },
  };
  const holdings = { ...holdsAll(), isAlone: () => false };
  const clock = { now: () => time.now };
  const { processor, waits } = aProcessor(async () => {}, slow, { holdings, clock });
  processor.start();

  while (time.reads < 2) {
    await new Promise(setImmediate);
    waits.pass(SWEEP_MS);
  }
  const pauses = waits.asked.slice(0, 29);
  expect(pauses).toEqual([1400, ...Array.from({ length: 28 }, () => 200)]);
  expect(pauses.reduce((sum, ms) => sum + ms)).toBe(7000);
  await processor.stop();
});
