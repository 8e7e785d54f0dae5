import { createMemoryStores } from '../models/memory/stores';
import type { Inbound, PutOutcome } from '../ports/inbox';
import type { Lead } from '../ports/leads';
import { CodedError } from '../rules/base/errors';
import { createFakeWaits } from '../test/fakes/waits';
import { createPoller } from './poller';

const lead = (n: number): Lead => ({
  leadId: `l-${n}`,
  contactId: 'c-1',
  product: 'p',
  outcome: 'busy',
  createdAt: '2026-03-02T00:00:00.000Z',
});
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function aPoller(
  total: number,
  put: (items: readonly Inbound[]) => Promise<readonly PutOutcome[]>,
  isOurs = () => true,
) {
  const { leads } = createMemoryStores();
  const pool = {
    async fetch(cursor: string, limit: number) {
      const from = Number(cursor || 0);
      const found = Array.from({ length: Math.min(limit, total - from) }, (_, i) => lead(from + i));
      return { leads: found, malformed: [], cursor: String(from + found.length) };
    },
  };
  const waits = createFakeWaits();
  const poller = createPoller({
    pool,
    leads,
    intake: { put },
    clock: { now: () => 0 },
    log: silent,
    isOurs,
    everyMs: 15_000,
    wait: waits.wait,
  });
  return { poller, leads, waits };
}

test('fetches page after page and keeps the cursor for the next time', async () => {
  const taken: string[] = [];
  const { poller, leads } = aPoller(450, async (items) => {
    taken.push(...items.map(({ key }) => key));
    return items.map(() => 'new');
  });
  await poller.poll();
  expect([taken.length, new Set(taken).size, await leads.cursor()]).toEqual([450, 450, '450']);
  await poller.poll();
  expect(taken).toHaveLength(450);
});

test('the cursor stands still until the inbox has taken the leads', async () => {
  let here = false;
  const { poller, leads, waits } = aPoller(1, async (items) => {
    if (!here) throw new CodedError('UNAVAILABLE', 'MongoDB is away');
    return items.map(() => 'new');
  });
  poller.start();
  await waits.until(15_000);
  expect(await leads.cursor()).toBe('');
  here = true;
  waits.pass(15_000);
  await waits.until(15_000);
  expect(await leads.cursor()).toBe('1');
  await poller.stop();
});

test('of several processes only the one that holds the lease polls', async () => {
  let isOurs = false;
  const taken: string[] = [];
  const put = async (items: readonly Inbound[]): Promise<readonly PutOutcome[]> => {
    taken.push(...items.map(({ key }) => key));
    return items.map(() => 'new');
  };
  const { poller, waits } = aPoller(3, put, () => isOurs);
  poller.start();
  await waits.until(15_000);
  expect(taken).toEqual([]);
  isOurs = true;
  waits.pass(15_000);
  await waits.until(15_000);
  expect(taken).toHaveLength(3);
  await poller.stop();
});
