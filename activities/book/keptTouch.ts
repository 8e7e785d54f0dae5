// A touch as it stands, also when it has left the contact's document: then the ledger remembers it.

import type { DeliveryRecord } from '../../ports/deliveries';
import { allTouchesOf, type KeptTouch } from '../../rules/contact/contact';
import { recalledTouch } from '../../rules/ledger/touchState';
import type { BookDeps } from '../deps';

/** Null: of a later attempt than the record, or of nobody we know any more. */
export async function keptTouchOf(
  { stores }: Pick<BookDeps, 'stores'>,
  { contactId, touchId, attempt }: DeliveryRecord,
): Promise<KeptTouch | null> {
  const contact = await stores.contacts.find(contactId);
  if (!contact) return null;

  const kept =
    allTouchesOf(contact).find((touch) => touch.touchId === touchId) ??
    recalledTouch(await stores.touches.timeline(contactId), touchId);
  return kept?.attempt === attempt ? kept : null;
}
