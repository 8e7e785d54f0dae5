import { OVERAGE } from '../../test/fakes/triggers';
import { guardrailFaults } from './guardrails';

const trigger = { ...OVERAGE, dailyBudget: 500, cooldownHours: 72, priority: 70 };

test.each([
  [{}, []],
  [{ maxDailyBudget: 500, minCooldownHours: 72, maxPriority: 70 }, []],
  [{ journeys: ['overage'], products: ['pack'] }, []],
  [{ maxDailyBudget: 499 }, ['maxDailyBudget dailyBudget 500: at most 499']],
  [{ minCooldownHours: 73 }, ['minCooldownHours cooldownHours 72: at least 73']],
  [{ maxPriority: 69 }, ['maxPriority priority 70: at most 69']],
  [{ journeys: ['retain', 'renew'] }, ['journeys journey overage: retain, renew']],
  [{ products: ['p-1'] }, ['products offer.product pack: p-1']],
])('%j finds %j', (rails, faults) => {
  expect(said(trigger, rails)).toEqual(faults);
});

test('what a bound is about must be said', () => {
  const silent = { ...OVERAGE, cooldownHours: undefined };
  const rails = { maxDailyBudget: 500, minCooldownHours: 24, maxPriority: 0 };
  expect(said(silent, rails)).toEqual([
    'maxDailyBudget dailyBudget undefined: at most 500',
    'minCooldownHours cooldownHours undefined: at least 24',
  ]);
});

function said(...given: Parameters<typeof guardrailFaults>): string[] {
  return guardrailFaults(...given).map(
    ({ bound, path, value, allowed }) => `${bound} ${path} ${value}: ${allowed}`,
  );
}
