// What rehearsed waves left behind, contact by contact.

import type { WaveContact } from '../ports/waves';
import { waveTouchId } from '../rules/base/ids';
import type { PreviewedTouch, PreviewOutcome } from '../rules/calendar/preview';
import { type WaveContactState, type WaveInput, waveId } from '../rules/calendar/wave';
import type { World } from './world';

const PAGE = 5_000;

const OUTCOMES: Readonly<Record<WaveContactState, PreviewOutcome>> = {
  // Nothing waits at the end of a rehearsal.
  ...{ waiting: 'missed', tasked: 'passed' },
  ...{ sent: 'passed', suppressed: 'suppressed', failed: 'suppressed', missed: 'missed' },
  run: 'handed-on',
};

/** By the instant at which each is due. */
export async function touchesOf(
  world: World,
  waves: readonly WaveInput[],
): Promise<readonly PreviewedTouch[]> {
  const found: PreviewedTouch[] = [];
  for (const wave of waves)
    for await (const contact of contactsOf(world, waveId(wave)))
      found.push(touchOf(world, wave, contact));

  return found.sort((a, b) => (a.plannedAt < b.plannedAt ? -1 : 1));
}

async function* contactsOf({ deps }: World, wave: string): AsyncGenerator<WaveContact> {
  for (let after: string | undefined; ; ) {
    const page = await deps.stores.waves.contacts(wave, {
      ...(after !== undefined && { after }),
      limit: PAGE,
    });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.contactId;
  }
}

function touchOf(
  { staffOf, heldBy }: World,
  { calendarId, slotId, date }: WaveInput,
  contact: WaveContact,
): PreviewedTouch {
  const { contactId, city, state, plannedAt, at, channel, reason, rule } = contact;
  const touchId = waveTouchId(calendarId, slotId, date, contactId);
  const staffId = staffOf.get(`${touchId}/${channel}`) ?? staffOf.get(touchId);
  const hold = heldBy(contact);

  return {
    ...{ calendarId, slotId, date, contactId, city, plannedAt, at, channel },
    outcome: OUTCOMES[state],
    ...(hold && { heldBy: hold }),
    ...(reason !== undefined && state !== 'sent' && { reason }),
    ...(rule !== undefined && state !== 'sent' && { rule }),
    ...(staffId !== undefined && channel === 'wecom' && { staffId }),
  };
}
