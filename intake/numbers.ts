// Numbers that several contacts name: whoever lost one to a newer customer is closed for texts and calls.

import type { Clock } from '../ports/clock';
import type { Stores } from '../ports/stores';
import { losersOfNumber } from '../rules/contact/numberClaims';
import { formatInstant } from '../rules/time/instant';
import { type LaunchDeps, wakeRuns } from './launch';
import { type OpenTasksDeps, reviewOpenTasks } from './openTasks';

export interface NumbersDeps extends OpenTasksDeps {
  readonly stores: Pick<Stores, 'contacts' | 'deliveries' | 'runs' | 'waves'>;
  readonly engine: LaunchDeps['engine'];
  readonly clock: Clock;
}

/** After a contact got one of these numbers. Repeats change nothing. */
export async function settleNumbers(deps: NumbersDeps, phones: readonly string[]): Promise<void> {
  const { stores, clock } = deps;
  const numbers = [...new Set(phones)];
  if (numbers.length === 0) return;

  const holders = await stores.contacts.holdersOf(
    numbers.map((value) => ({ kind: 'phone', value })),
  );
  for (const [i, ids] of holders.entries()) {
    if (ids.length < 2) continue;

    const contacts = await stores.contacts.findMany(ids);
    const claims = contacts.filter(
      (each) => each.phone === numbers[i] && each.numberLostAt === undefined,
    );
    for (const contactId of losersOfNumber(claims)) {
      await stores.contacts.patch(contactId, { numberLostAt: formatInstant(clock.now()) });
      await wakeRuns(deps, contactId, 'profile');
      await reviewOpenTasks(deps, [contactId]);
    }
  }
}
