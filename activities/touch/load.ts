// The first step of a touch: the contacts of the page in one read, and where each touch stands with its contact.

import { CodedError } from '../../rules/base/errors';
import type { Contact, KeptTouch } from '../../rules/contact/contact';
import { isOvertaken } from '../../rules/contact/fences';
import {
  type ClosedTouch,
  type LoadedTouch,
  type OpenTouch,
  overtaken,
  type ReservedTouch,
  type TouchContext,
} from './path';

interface LoadedTurn {
  /** Their contacts do not exist, or a later execution has taken over. */
  readonly closed: readonly ClosedTouch[];
  /** Not asked yet, or released since and asked again. */
  readonly fresh: readonly LoadedTouch[];
  /** Reserved by an execution that did not come to its end. */
  readonly reserved: readonly ReservedTouch[];
  /** Tasked, sent or released: an answer exists. */
  readonly finished: readonly ReservedTouch[];
}

export async function load(
  { deps }: TouchContext,
  turn: readonly OpenTouch[],
): Promise<LoadedTurn> {
  const contacts = await contactsOf(deps, turn);

  const closed: ClosedTouch[] = [];
  const fresh: LoadedTouch[] = [];
  const reserved: ReservedTouch[] = [];
  const finished: ReservedTouch[] = [];

  for (const given of turn) {
    const { touchId, contactId, attempt } = given.asked;
    const contact = contacts.get(contactId);
    if (!contact) {
      closed.push({ place: given.place, failure: unknownContact(contactId) });
      continue;
    }

    const touch = { ...given, asked: { ...given.asked, contactId: contact.contactId } };

    if (isOvertaken(contact.fences, { touchId, attempt, fence: touch.fence })) {
      closed.push({ place: touch.place, failure: overtaken() });
      continue;
    }

    const kept = contact.touches.find((each) => each.touchId === touchId);
    if (!kept || isAskedAgain(kept, attempt)) fresh.push({ ...touch, contact, kept });
    else if (kept.state === 'reserved') reserved.push({ ...touch, contact, kept });
    else finished.push({ ...touch, contact, kept });
  }

  return { closed, fresh, reserved, finished };
}

/** By the id that was asked for. A record that went into another goes on with the touches it has begun, and begins no new ones. */
async function contactsOf(
  { stores }: TouchContext['deps'],
  turn: readonly OpenTouch[],
): Promise<ReadonlyMap<string, Contact>> {
  const read = await stores.contacts.findMany(turn.map(({ asked }) => asked.contactId));
  const contacts = new Map(read.map((contact) => [contact.contactId, contact]));
  const missing = turn.filter(({ asked }) => !contacts.has(asked.contactId));
  if (missing.length === 0) return contacts;

  const kept = await stores.contacts.findKept(missing.map(({ asked }) => asked.contactId));
  for (const record of kept) {
    const present = await stores.contacts.find(record.contactId);
    const hasBegun = missing.some(
      ({ asked }) =>
        asked.contactId === record.contactId &&
        record.touches.some(
          (touch) => touch.touchId === asked.touchId && touch.state !== 'released',
        ),
    );
    if (hasBegun) contacts.set(record.contactId, record);
    else if (present) contacts.set(record.contactId, present);
  }

  return contacts;
}

const isAskedAgain = (kept: KeptTouch, attempt: number): boolean =>
  kept.state === 'released' && kept.attempt < attempt;

const unknownContact = (contactId: string): CodedError =>
  new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
