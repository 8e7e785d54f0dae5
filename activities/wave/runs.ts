// A slot whose customers' own events matter after the touch: each contact gets a run of a journey, under an id of contact and date.

import type { WaveContact } from '../../ports/waves';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { Contact } from '../../rules/contact/contact';
import { journeyInput, journeyKind } from '../../rules/journey/kinds';
import { billSpokenOf } from '../../rules/journey/staleness';
import { formatInstant } from '../../rules/time/instant';
import { ended } from './outcome';
import { expiresAtOf, type WaveContext } from './wave';

const JOURNEY = 'monthStart';

/** Repeats are harmless: a run that goes or has gone under the id is left alone. */
export async function startRuns(
  context: WaveContext,
  contacts: readonly WaveContact[],
): Promise<void> {
  const ids = contacts.map(({ contactId }) => contactId);
  const known = await context.deps.stores.contacts.findMany(ids);
  const people = new Map(known.map((person) => [person.contactId, person]));
  const next = await mapInParallel(contacts, (contact) =>
    startRun(context, contact, people.get(contact.contactId)),
  );
  await context.deps.stores.waves.keep(next);
}

async function startRun(
  { deps, plan, slot }: WaveContext,
  contact: WaveContact,
  person: Contact | undefined,
): Promise<WaveContact> {
  const { contactId, city, plannedAt } = contact;
  const now = deps.clock.now();
  if (expiresAtOf(slot, contact) <= formatInstant(now))
    return ended({ contact, now }, 'missed', { reason: 'expired' });

  // The bill's own event may have started the run: it is the same one.
  const zone = person?.timezone ?? plan.timezone;
  const billedAt = billSpokenOf(person ?? {}, plannedAt, zone);
  const input = journeyInput(JOURNEY, contactId, { billedAt }, zone);
  await deps.engine.start(JOURNEY, journeyKind(JOURNEY).workflowId(input), input, { city });
  return ended({ contact, now }, 'run');
}
