import fc from 'fast-check';
import type { SystemCallback } from '../../ports/callbacks';
import type { TouchSettled } from '../../rules/journey/messages';
import { NOW } from '../../test/fakes/api';
import { AT, aWorld } from '../../test/fakes/world';
import { openOne, reserveOne } from '../../test/support/singles';

const WORKFLOW = 'monthStart/c-1/2026-03-01';
const TOUCH = `${WORKFLOW}/bill`;
const second = (n: number) => new Date(NOW + n * 1000).toISOString();

/** A text that a running journey has handed over; the gateway's own answer may still be on its way. */
async function aText() {
  const world = await aWorld();
  await world.running();
  const contact = await world.contact();
  await reserveOne(world.stores.touches, contact, {
    kind: 'decision',
    touchId: TOUCH,
    attempt: 1,
    contactId: 'c-1',
    city: 'guangzhou',
    channel: 'sms',
    class: 'service',
    at: AT,
    verdict: 'pass',
    explain: [],
    policy: 'default@1',
    journey: 'monthStart',
    step: 'bill',
    workflowId: WORKFLOW,
    runId: 'r',
    revision: contact.revision + 1,
  });
  await openOne(world.stores.deliveries, {
    touchId: TOUCH,
    attempt: 1,
    contactId: 'c-1',
    channel: 'sms',
    workflowId: WORKFLOW,
    text: '您好',
    askedAt: NOW,
  });

  const settle = (parts: number) =>
    world.stores.touches.settle('c-1', TOUCH, {
      settled: 'sent',
      channelRef: 'm1',
      parts,
      acceptedAt: second(0),
      at: second(0),
    });
  /** What the run was told last; it begins with having been told that the text is sent. */
  const known = () => {
    const told = world.engine.signalled.flatMap(({ message }) =>
      message.signal === 'settled' ? [message.body] : [],
    );
    return told.at(-1) ?? { touchId: TOUCH, settled: 'sent' };
  };

  return { ...world, settle, known, touch: async () => (await world.contact()).touches[0] };
}

const receipt = (more: object): SystemCallback => ({
  system: 'sms',
  type: 'receipt',
  id: 'r1',
  clientMessageId: TOUCH,
  messageId: 'm1',
  status: 'delivered',
  at: second(1),
  ...more,
});

test('a failure that is heard before our own settlement stays one', async () => {
  const world = await aText();
  await world.system(receipt({ status: 'failed', code: 'UNDELIV' }));
  await world.settle(1);
  expect(await world.touch()).toMatchObject({ state: 'released', why: 'sms:UNDELIV' });
});

test('a long text of which one part got lost was sent, and its run is told nothing else in the end', async () => {
  const world = await aText();
  await world.settle(3);
  await world.system(receipt({ part: 1 }));
  await world.system(receipt({ part: 2, status: 'failed', code: 'UNDELIV' }));
  await world.system(receipt({ part: 3 }));
  expect(await world.touch()).toMatchObject({ state: 'sent', partly: true });
  expect(world.known()).toMatchObject({ settled: 'sent' });
});

test('a run that was told of a failure hears the later truth', async () => {
  const world = await aText();
  await world.settle(1);
  await world.system(receipt({ status: 'failed', code: 'UNDELIV' }));
  expect(world.known()).toEqual({ touchId: TOUCH, settled: 'released', why: 'sms:UNDELIV' });

  await world.system(receipt({ at: second(5) }));
  expect(world.known()).toEqual({ touchId: TOUCH, settled: 'sent' });
  expect(await world.touch()).toMatchObject({ state: 'sent', deliveredAt: second(5) });
});

test('a receipt whose run could not be told is told when it is tried again', async () => {
  const world = await aText();
  await world.settle(1);
  world.engine.away = true;
  const failed = receipt({ status: 'failed', code: 'UNDELIV' });
  await expect(world.system(failed)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(world.system(receipt({}))).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  world.engine.away = false;
  await world.system(receipt({}));
  await world.system(failed);
  expect(world.known()).toEqual({ touchId: TOUCH, settled: 'sent' });
  expect(world.engine.signalled).not.toEqual([]);
});

test('every order of receipts ends in the same contact and the same knowledge of the run', async () => {
  const receipts = fc.array(
    fc.record({
      part: fc.integer({ min: 1, max: 2 }),
      status: fc.constantFrom('delivered', 'failed'),
      at: fc.integer({ min: 1, max: 5 }).map(second),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const orders = receipts.chain((told) =>
    fc.record({
      told: fc.constant(told),
      order: fc.shuffledSubarray(told, { minLength: told.length }),
      settledAfter: fc.integer({ min: 0, max: told.length }),
    }),
  );

  await fc.assert(
    fc.asyncProperty(orders, async ({ told, order, settledAfter }) => {
      const endOf = async (given: typeof told, ownAfter: number) => {
        const world = await aText();
        for (const [i, each] of given.entries()) {
          if (i === ownAfter) await world.settle(2);
          await world.system(receipt({ ...each, ...(each.status === 'failed' && { code: 'E' }) }));
        }
        if (ownAfter === given.length) await world.settle(2);
        const { revision, chain, sequence, ...contact } = await world.contact();
        return { contact, known: (world.known() as TouchSettled).settled };
      };

      const expected = await endOf(told, 0);
      const found = await endOf(order, settledAfter);
      expect(found.contact).toEqual(expected.contact);
      // A run that is not told yet hears it from the touch that it has asked for.
      if (settledAfter === 0) expect(found.known).toBe(expected.known);
      expect(expected.known).toBe(expected.contact.touches[0]?.state);
    }),
    { numRuns: 60 },
  );
});
