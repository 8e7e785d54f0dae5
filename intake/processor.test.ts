import { Registry } from 'prom-client';
import { createMetrics } from '../api/metrics';
import { createMemoryStores } from '../models/memory/stores';
import type { Inbound } from '../ports/inbox';
import { CodedError } from '../rules/base/errors';
import { createFakeWaits } from '../test/fakes/waits';
import { createProcessor } from './processor';

const SWEEP_MS = 3000;
const item = (key: string, lane = 'contact/a'): Inbound => ({
  key,
  kind: 'event',
  lane,
  payload: {},
  receivedAt: 0,
});
const away = () => new CodedError('UNAVAILABLE', 'Temporal is away');
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function aProcessor(handle: (item: Inbound) => Promise<void>, inbox = createMemoryStores().inbox) {
  const waits = createFakeWaits();
  const clock = { now: () => 5000 };
  const metrics = createMetrics(new Registry(), { ...createMemoryStores(), inbox }, clock);
  const processor = createProcessor({
    inbox,
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
  expect(await inbox.depth()).toBe(2);
  temporal = true;
  waits.pass(400);
  await processor.idle();
  expect(done).toEqual(['b1', 'a1', 'a2']);
  expect(await inbox.depth()).toBe(0);
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
  await inbox.put([item('old')]);
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
  expect(await processor.put([item('1'), item('1')])).toEqual([true, false]);
  await processor.idle();
  expect(await processor.put([item('1')])).toEqual([false]);
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
  expect(await inbox.depth()).toBe(0);
  expect((await metrics.render()).text).toContain(
    'sopflow_inbox_processed_total{kind="event",outcome="refused"} 1',
  );
  await processor.stop();
});

test('an item stays pending while the store cannot note that it was handled, and is handled again', async () => {
  const { inbox } = createMemoryStores();
  let notes = 0;
  const flaky = {
    ...inbox,
    done: async (key: string) => {
      if (notes++ === 0) throw away();
      return inbox.done(key);
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
  expect(await inbox.depth()).toBe(1);
  waits.pass(200);
  await processor.idle();
  expect([handled, await inbox.depth()]).toEqual([2, 0]);
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
  expect((await inbox.pending(10)).map(({ key }) => key)).toEqual(['2']);
});

test('goes on by itself when the inbox could not be read', async () => {
  const { inbox } = createMemoryStores();
  await inbox.put([item('1')]);
  let reads = 0;
  const flaky = {
    ...inbox,
    pending: async (limit: number) => {
      if (reads++ === 0) throw away();
      return inbox.pending(limit);
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
