// WeCom relations: a customer added a member, or one of them ended it.

import type { WecomCallback } from '../../ports/callbacks';
import { CodedError } from '../../rules/base/errors';
import type { Contact } from '../../rules/contact/contact';
import type { IntakeDeps } from '../deps';
import { launch, signalRuns } from '../launch';

type Added = Extract<WecomCallback, { readonly kind: 'added' }>;
type Removed = Extract<
  WecomCallback,
  { readonly kind: 'removed-by-staff' | 'removed-by-customer' }
>;

/** City of a customer whom no import has named yet. */
const UNASSIGNED = 'unassigned';

export async function handleWecom(deps: IntakeDeps, callback: WecomCallback): Promise<void> {
  switch (callback.kind) {
    case 'added':
      return added(deps, callback);
    case 'removed-by-staff':
    case 'removed-by-customer':
      return removed(deps, callback);
    // Acknowledged and left alone: no journey depends on them.
    case 'edited':
    case 'transfer-failed':
    case 'other':
      return;
  }
}

async function added(
  deps: IntakeDeps,
  { externalUserId, staffId, at, scene, welcomeCode }: Added,
): Promise<void> {
  const contact = await contactOf(deps, externalUserId);
  const { contactId } = contact;
  const addedAt = new Date(at).toISOString();
  const before = contact.relations?.find(
    (relation) => relation.staffId === staffId && relation.externalUserId === externalUserId,
  );
  // The member's confirmation after a half add: the same friendship, greeted already.
  if (before?.state === 'friend' && before.addedAt !== addedAt && welcomeCode === undefined) return;

  const about = scene === undefined ? {} : { scene };
  await deps.stores.contacts.relate(contactId, {
    staffId,
    externalUserId,
    state: 'friend',
    addedAt,
    ...about,
  });

  await launch(deps, 'welcome', contact, {
    staffId,
    externalUserId,
    addedAt,
    ...about,
    ...(welcomeCode !== undefined && { welcomeCode }),
  });
}

async function removed(
  deps: IntakeDeps,
  { kind, externalUserId, staffId, at }: Removed,
): Promise<void> {
  const contact = await deps.stores.contacts.findByAlias({
    kind: 'externalUserId',
    value: externalUserId,
  });
  if (!contact) return;

  const removedAt = new Date(at).toISOString();
  const before = contact.relations?.find((relation) => relation.staffId === staffId);
  // Call-backs come in no order: a friendship made after this ending stands.
  if (before?.state === 'friend' && before.addedAt > removedAt) return;

  await deps.stores.contacts.relate(contact.contactId, {
    addedAt: removedAt,
    ...before,
    staffId,
    externalUserId,
    state: kind,
  });

  await signalRuns(deps, contact.contactId, { kind: 'friend-removed', at: removedAt, staffId });
}

/** The contact behind a WeCom customer: known by its id, its union id or a phone that staff noted; else a new one. */
async function contactOf({ stores, wecom }: IntakeDeps, externalUserId: string): Promise<Contact> {
  const known = await stores.contacts.findByAlias({
    kind: 'externalUserId',
    value: externalUserId,
  });
  if (known) return known;

  const customer = await wecom.customer(externalUserId);
  const unionId = customer?.unionId;
  const phones = [...new Set(customer?.relations.flatMap((relation) => relation.phones))];
  const aliases = [
    ...(unionId === undefined ? [] : [{ kind: 'unionId' as const, value: unionId }]),
    ...phones.map((value) => ({ kind: 'phone' as const, value })),
  ];

  for (const alias of aliases) {
    const found = await stores.contacts.findByAlias(alias);
    if (found) return found;
  }

  const contactId = `wx-${externalUserId}`;
  await stores.contacts.upsertMany([
    {
      contactId,
      city: UNASSIGNED,
      ...(unionId !== undefined && { unionId }),
      ...(phones[0] !== undefined && { phone: phones[0] }),
    },
  ]);
  const created = await stores.contacts.find(contactId);
  if (!created)
    throw new CodedError('UNAVAILABLE', `contact ${contactId} was written but cannot be read yet`);

  return created;
}
