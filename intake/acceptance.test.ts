import fc from 'fast-check';
import { createMemoryStores } from '../models/memory/stores';
import { CodedError } from '../rules/base/errors';
import { orderKey } from '../rules/base/ids';
import type { ContactEvent } from '../rules/journey/messages';
import { aPass, hoursAfter, read } from '../test/contracts/builders';
import { createFakeEngine } from '../test/fakes/engine';
import { reserveOne } from '../test/support/singles';
import { takeAcceptance } from './acceptance';
import type { IntakeDeps } from './deps';

const PRODUCT = 'p-58';

interface Run {
  readonly workflowId: string;
  readonly heard: ContactEvent[];
  isRunning: boolean;
}

/** A customer with journeys that offer one product, the CRM, and a desk for what nobody could take. */
async function aCustomer(count: number) {
  const stores = createMemoryStores();
  await stores.contacts.upsertMany([{ contactId: 'c-1', city: 'guangzhou' }]);
  const runs: Run[] = [];
  const crm = new Set<string>();
  const parked: string[] = [];

  for (let n = 1; n <= count; n++) {
    const workflowId = `overage/c-1/e-${n}`;
    runs.push({ workflowId, heard: [], isRunning: true });
    const about = { journey: 'overage', contactId: 'c-1', city: 'guangzhou' } as const;
    await stores.runs.open({ workflowId, ...about, startedAt: hoursAfter(0) });
  }

  const engine: IntakeDeps['engine'] = {
    ...createFakeEngine(),
    async signal(workflowId, message) {
      const run = runs.find((each) => each.workflowId === workflowId);
      if (!run?.isRunning || message.signal !== 'contact') return false;
      run.heard.push(message.body);
      return true;
    },
    placeOrder: async (input) => void (await place(input.orderKey)),
  };
  const place = async (key: string) => {
    crm.add(key);
    const order = { orderKey: key, contactId: 'c-1', product: PRODUCT, orderId: key };
    await stores.orders.save({ ...order, state: 'accepted', at: hoursAfter(20) });
  };

  let touches = 0;
  async function offer(run: Run): Promise<string> {
    const touchId = `${run.workflowId}/offer-${++touches}`;
    const contact = await read(stores);
    const at = hoursAfter(touches);
    await reserveOne(stores.touches, contact, aPass(contact, { touchId, product: PRODUCT, at }));
    await stores.touches.settle('c-1', touchId, { settled: 'sent', at });
    const { workflowId } = run;
    const record = { touchId, contactId: 'c-1', text: '', channel: 'sms', workflowId };
    await stores.deliveries.openMany([{ ...record, askedAt: 1, attempt: 1 }]);
    return touchId;
  }

  const deps = { stores, engine } as unknown as IntakeDeps;
  async function accept(eventId: string, touchId?: string): Promise<void> {
    const data = { product: PRODUCT, ...(touchId !== undefined && { touchId }) };
    const told = { eventId, contactId: 'c-1', occurredAt: hoursAfter(24), data };
    try {
      await takeAcceptance(deps, await read(stores), { type: 'offer-accepted', ...told });
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      parked.push(eventId);
    }
  }

  /** As the kit does it: an acceptance is ordered, and what else was heard is given back. */
  async function end(run: Run, outcome: string): Promise<void> {
    if (!run.isRunning) return;

    const accepted = run.heard.filter(({ kind }) => kind === 'accepted');
    const first = outcome === 'ordered' ? accepted.shift() : undefined;
    if (first?.acceptance !== undefined) await place(orderKey('c-1', PRODUCT, first.acceptance));

    run.isRunning = false;
    await stores.runs.close(run.workflowId, first ? 'ordered' : outcome, hoursAfter(25));
    for (const { eventId = '', touchId } of accepted) await accept(eventId, touchId);
  }

  return { stores, runs, crm, parked, offer, accept, end };
}

const isOvertaken = (run: Run | undefined) =>
  run?.heard.some(({ kind }) => kind === 'overtaken') === true;

test('goes to the run of the newest offer, and the other runs are overtaken', async () => {
  const { runs, offer, accept, end, crm } = await aCustomer(3);
  for (const run of runs) await offer(run);
  await accept('e-1');

  expect(runs.map((run) => run.heard.map(({ kind }) => kind))).toEqual([
    ['overtaken'],
    ['overtaken'],
    ['accepted'],
  ]);
  for (const run of runs) await end(run, 'ordered');
  expect([...crm]).toEqual([`order/c-1/${PRODUCT}/overage/c-1/e-3/offer-3`]);
});

test('goes to the run of the touch it names', async () => {
  const { runs, offer, accept } = await aCustomer(2);
  const [first, second] = runs as [Run, Run];
  const touchId = await offer(first);
  await offer(second);
  await accept('e-1', touchId);
  expect(first.heard).toMatchObject([{ kind: 'accepted', touchId, acceptance: touchId }]);
  expect(isOvertaken(second)).toBe(true);
});

test('of what nobody has offered waits for a person, also beside a sequence of weeks', async () => {
  const { stores, accept, parked } = await aCustomer(0);
  const about = { journey: 'sequence', contactId: 'c-1', city: 'guangzhou' } as const;
  await stores.runs.open({ ...about, workflowId: 'sequence/c-1/s', startedAt: hoursAfter(0) });
  await accept('e-1');
  expect(parked).toEqual(['e-1']);
});

test('said twice of one offer is one order', async () => {
  const { runs, offer, accept, end, crm } = await aCustomer(1);
  const [run] = runs as [Run];
  await offer(run);
  await accept('e-1');
  await accept('e-2');
  await end(run, 'ordered');
  await accept('e-3');
  expect(crm.size).toBe(1);
});

test.each([
  ['that had ended without an answer is an order all the same', 'no-answer', 1, []],
  ['that was stopped waits for a person', 'stopped', 0, ['e-1']],
])('of the offer of a run %s', async (_, outcome, orders, desk) => {
  const { runs, offer, accept, end, crm, parked } = await aCustomer(1);
  const [run] = runs as [Run];
  await offer(run);
  await end(run, outcome);
  await accept('e-1');
  expect(crm.size).toBe(orders);
  expect(parked).toEqual(desk);
});

test('of something that was never offered waits for a person', async () => {
  const { accept, parked } = await aCustomer(0);
  await accept('e-1');
  expect(parked).toEqual(['e-1']);
});

test('before the offer goes out is for the run that is about to make it', async () => {
  const { runs, accept, end, crm } = await aCustomer(2);
  await accept('e-1');
  for (const run of runs) await end(run, 'ordered');
  expect([...crm]).toEqual([orderKey('c-1', PRODUCT, 'e-1')]);
});

const acts = fc.array(
  fc.record({
    act: fc.constantFrom('offer', 'accept', 'accept-named', 'order', 'stop', 'fade'),
    run: fc.nat(2),
  }),
  { maxLength: 14 },
);

test('whatever order runs, offers and acceptances come in, each acceptance is one order or waits for a person', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (steps) => {
      const customer = await aCustomer(3);
      const { runs, crm, parked, offer, accept, end } = customer;
      const said = new Map<string, string | undefined>();
      const offers: string[] = [];

      for (const [i, { act, run: n }] of steps.entries()) {
        const run = runs[n] as Run;
        if (act === 'offer' && run.isRunning) offers.push(await offer(run));
        if (act === 'order') await end(run, 'ordered');
        if (act === 'stop') await end(run, 'stopped');
        if (act === 'fade') await end(run, 'no-answer');
        if (act !== 'accept' && act !== 'accept-named') continue;

        const touchId = act === 'accept' ? undefined : offers[n];
        said.set(`e-${i}`, touchId);
        await accept(`e-${i}`, touchId);
      }
      for (const run of runs) await end(run, 'no-answer');

      expect(crm.size).toBeLessThanOrEqual(said.size);
      for (const [eventId, touchId] of said) {
        const own = [eventId, ...(touchId === undefined ? offers : [touchId])];
        const isOrdered = own.some((each) => crm.has(orderKey('c-1', PRODUCT, each)));
        expect({ eventId, settled: isOrdered || parked.includes(eventId) }).toEqual({
          eventId,
          settled: true,
        });
      }
    }),
    { numRuns: 300, seed: 5 },
  );
});
