// A slot whose customers' own events matter after the touch: each contact gets a run of a journey, under an id of contact and date.

import type { WaveContact } from '../../ports/waves';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { journeyInput, journeyKind } from '../../rules/journey/kinds';
import { formatInstant } from '../../rules/time/instant';
import { ended } from './outcome';
import { expiresAtOf, type WaveContext } from './wave';

const JOURNEY = 'monthStart';

/** Repeats are harmless: a run that goes or has gone under the id is left alone. */
export async function startRuns(
  context: WaveContext,
  contacts: readonly WaveContact[],
): Promise<void> {
  const next = await mapInParallel(contacts, (contact) => startRun(context, contact));
  await context.deps.stores.waves.keep(next);
}

async function startRun(
  { deps, plan, slot }: WaveContext,
  contact: WaveContact,
): Promise<WaveContact> {
  const { contactId, city, plannedAt } = contact;
  const now = deps.clock.now();
  if (expiresAtOf(slot, contact) <= formatInstant(now))
    return ended({ contact, now }, 'missed', { reason: 'expired' });

  const input = journeyInput(JOURNEY, contactId, { billedAt: plannedAt }, plan.timezone);
  await deps.engine.start(JOURNEY, journeyKind(JOURNEY).workflowId(input), input, { city });
  return ended({ contact, now }, 'run');
}
