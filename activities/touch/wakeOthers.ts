// A touch that ends while it is handed over was open all the same: what was held behind it meanwhile must not wait for its deadline.

import { type Gap, standsAtDeadline } from '../../rules/gate/gap';
import { wakeAfterEnd } from '../wake';
import { nowOf, type ReservedTouch, type TouchContext } from './path';

/** Tells the runs of the contacts. Where no gap counts from deadlines nobody can be waiting, and nothing is asked. */
export async function wakeOthers(
  context: TouchContext,
  ended: readonly ReservedTouch[],
): Promise<void> {
  const gapsOf = await gapsByCity(context, ended);
  const waitedFor = ended.flatMap(({ contact: { contactId, city }, kept: { channel } }) =>
    standsAtDeadline(gapsOf.get(city) ?? [], channel) ? [contactId] : [],
  );

  await wakeAfterEnd(context.deps, waitedFor);
}

async function gapsByCity(
  context: TouchContext,
  touches: readonly ReservedTouch[],
): Promise<ReadonlyMap<string, readonly Gap[]>> {
  const at = nowOf(context);
  const cities = [...new Set(touches.map(({ contact }) => contact.city))];
  const policies = await Promise.all(cities.map((city) => context.published.policyFor(city, at)));

  return new Map(cities.map((city, i) => [city, policies[i]?.prepared.gaps ?? []]));
}
