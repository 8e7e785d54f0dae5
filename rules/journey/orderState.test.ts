import fc from 'fast-check';
import { type OrderTold, orderAfter } from './orderState';

const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00.000Z`;

test.each<readonly [string, OrderTold, OrderTold, OrderTold['state']]>([
  [
    'an end of yesterday after one of today',
    { state: 'completed', at: at(9) },
    { state: 'rejected', at: at(1) },
    'completed',
  ],
  [
    'an end that was taken back',
    { state: 'completed', at: at(1) },
    { state: 'rejected', at: at(9) },
    'rejected',
  ],
  [
    'our own acceptance after the end',
    { state: 'completed', at: at(1) },
    { state: 'accepted', at: at(9) },
    'completed',
  ],
  [
    'two ends of one instant',
    { state: 'completed', at: at(1) },
    { state: 'rejected', at: at(1) },
    'completed',
  ],
])('%s', (_, known, told, expected) => {
  expect(orderAfter(known, told).state).toBe(expected);
  expect(orderAfter(told, known).state).toBe(expected);
});

test('takes what only a late word has, but not its reason', () => {
  const placed = { state: 'accepted' as const, at: at(1), workflowId: 'w-1' };
  const rejected = { state: 'rejected' as const, at: at(1), reason: 'credit' };
  const completed = { state: 'completed' as const, at: at(3) };
  const words: OrderTold[] = [completed, rejected, placed];
  expect(words.reduce((known, told) => orderAfter(known, told))).toEqual({
    ...completed,
    workflowId: 'w-1',
  });
});

test('every order of words ends the same', () => {
  const word = fc.record<OrderTold>({
    state: fc.constantFrom('accepted', 'completed', 'rejected'),
    at: fc.integer({ min: 0, max: 4 }).map(at),
  });
  const orders = fc
    .array(word, { minLength: 1, maxLength: 5 })
    .chain((words) =>
      fc.tuple(fc.constant(words), fc.shuffledSubarray(words, { minLength: words.length })),
    );
  const endOf = (words: readonly OrderTold[]) =>
    words.reduce((known, told) => orderAfter(known, told));
  fc.assert(fc.property(orders, ([words, order]) => expect(endOf(order)).toEqual(endOf(words))));
});
