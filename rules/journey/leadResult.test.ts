import { outcomeOfEvent, resultForPool } from './leadResult';

const at = '2026-03-02T02:00:00.000Z';

test('a customer who only spoke is thinking it over', () => {
  expect(outcomeOfEvent({ kind: 'spoke', at })).toBe('hesitating');
});

test('a call without an outcome did not reach the customer', () => {
  expect(outcomeOfEvent({ kind: 'call-result', at })).toBe('not-reached');
});

test('an event that says nothing of a try is an error and never an answer', () => {
  expect(() => outcomeOfEvent({ kind: 'bill-paid', at })).toThrow('bill-paid');
});

test.each([
  ['ordered', 'accepted'],
  ['order-rejected', 'accepted'],
  ['converted', 'accepted'],
  ['wrong-number', 'wrong-number'],
  ['opted-out', 'stopped'],
  ['cancelled', 'stopped'],
])('the pool hears of a run that ended %s as %s', (outcome, result) => {
  expect(resultForPool(outcome)).toBe(result);
});
