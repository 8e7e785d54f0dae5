// Results of orders at the CRM.

import type { OrderChange } from '../../ports/callbacks';
import { occasionOf } from '../../rules/sequence/starts';
import { formatInstant, instantAt } from '../../rules/time/instant';
import { acquire, knownContact } from '../contact';
import type { IntakeDeps } from '../deps';
import { signalRuns } from '../launch';
import { startSequences } from '../sequences/happened';

export async function handleOrder(deps: IntakeDeps, change: OrderChange): Promise<void> {
  const { orderKey, orderId, product, state, reason } = change;
  const at = formatInstant(instantAt(change.at, 'at'));
  const before = await deps.stores.orders.find(orderKey);
  const contact = await knownContact(deps, before?.contactId ?? change.contactId);
  const { contactId } = contact;

  const { reason: _, ...placed } = before ?? {};
  await deps.stores.orders.save({
    ...placed,
    orderKey,
    orderId,
    contactId,
    product,
    state,
    at,
    ...(reason !== undefined && { reason }),
  });
  if (state === 'rejected') return;

  await acquire(deps, contactId, product, { asOf: at, eventId: change.id });
  await signalRuns(deps, contactId, { kind: 'converted', at, product });
  if (state === 'completed')
    await startSequences(
      deps,
      await knownContact(deps, contactId),
      { kind: 'order', product },
      { occasion: occasionOf('order', orderId), eventId: change.id, at },
    );
}
