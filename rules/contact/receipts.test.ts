// The worked cases of receipts, and what holds of any.

import fc from 'fast-check';
import { workedCases } from '../../test/support/workedCases';
import { deliveryOf, type Receipt } from './receipts';
import { answerReceipts } from './receipts.schema';

test.each(workedCases('receipts'))(
  'answers the worked case %s',
  (_name, { expect: expected, ...given }) => {
    expect(answerReceipts(given)).toEqual(expected);
  },
);

const drawn = fc.integer({ min: 1, max: 3 }).chain((parts) =>
  fc.record({
    parts: fc.constant(parts),
    receipts: fc.array(
      fc.record<Receipt>({
        part: fc.integer({ min: 1, max: parts }),
        state: fc.constantFrom('delivered', 'failed'),
        at: fc.integer({ min: 0, max: 5 }).map((s) => new Date(s * 1000).toISOString()),
      }),
      { maxLength: 6 },
    ),
  }),
);

test('every order of arrival, and every repeat, ends the same', () => {
  const orders = drawn.chain(({ parts, receipts }) =>
    fc.record({
      parts: fc.constant(parts),
      receipts: fc.constant(receipts),
      order: fc.shuffledSubarray(receipts, { minLength: receipts.length }),
      repeats: fc.subarray(receipts),
    }),
  );
  fc.assert(
    fc.property(orders, ({ parts, receipts, order, repeats }) => {
      expect(deliveryOf([...order, ...repeats], parts)).toEqual(deliveryOf(receipts, parts));
    }),
  );
});

test('a failure is final only when every part failed and none was ever delivered', () => {
  fc.assert(
    fc.property(drawn, ({ parts, receipts }) => {
      const { delivery, deliveredAt } = deliveryOf(receipts, parts);
      const isDelivered = receipts.some(({ state }) => state === 'delivered');
      const told = new Set(receipts.map(({ part }) => part)).size;

      expect(delivery === 'failed').toBe(told === parts && !isDelivered);
      expect(delivery === 'accepted').toBe(told < parts);
      expect(deliveredAt !== undefined).toBe(told === parts && isDelivered);
    }),
  );
});
