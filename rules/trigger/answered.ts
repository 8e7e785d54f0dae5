// A test of triggers is run to its end, each unit of a budget that it asks for being answered: by a counter here, or by a store.

import type { BudgetUnit, Tested, testTriggers } from './testTriggers';

type Test = ReturnType<typeof testTriggers>;

export function answered(test: Test, take: (unit: BudgetUnit) => boolean): readonly Tested[] {
  let step = test.next();
  while (!step.done) step = test.next(take(step.value));
  return step.value;
}

export async function answeredByStore(
  test: Test,
  take: (unit: BudgetUnit) => Promise<boolean>,
): Promise<readonly Tested[]> {
  let step = test.next();
  while (!step.done) step = test.next(await take(step.value));
  return step.value;
}
