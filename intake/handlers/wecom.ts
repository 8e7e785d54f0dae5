// WeCom relations: a customer added a member, or one of them ended it.

import type { WecomCallback } from '../../ports/callbacks';
import type { Alias } from '../../ports/contacts';
import type { Stores } from '../../ports/stores';
import { CodedError } from '../../rules/base/errors';
import type { Contact, Relation } from '../../rules/contact/contact';
import { isOver } from '../../rules/contact/relation';
import { MINUTE_MS } from '../../rules/time/durations';
import type { IntakeDeps } from '../deps';
import { contactIdOfWecom, UNASSIGNED } from '../inbound';
import { launch, signalRuns } from '../launch';

type Added = Extract<WecomCallback, { readonly kind: 'added' }>;
type Removed = Extract<
  WecomCallback,
  { readonly kind: 'removed-by-staff' | 'removed-by-customer' }
>;

/** Long after a code has died (20 s), so that who asks for a late welcome hears that it is too late. */
const CODE_KEPT_MS = 10 * MINUTE_MS;

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
    case 'malformed':
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
  const about = scene === undefined ? {} : { scene };
  const told = { staffId, externalUserId, state: 'friend', addedAt, ...about } as const;
  const after = await relate(deps, contactId, told);
  // Call-backs come in no order: this friendship is over already, and nobody is to be greeted.
  if (isOver(after, addedAt)) return;
  // The member's confirmation after a half add: the same friendship, greeted already.
  if (before?.state === 'friend' && before.addedAt !== addedAt && welcomeCode === undefined) return;

  const welcomeId = `${staffId}/${externalUserId}/${Math.floor(at / 1000)}`;
  if (welcomeCode !== undefined)
    await deps.stores.welcomeCodes.keep(welcomeId, welcomeCode, at + CODE_KEPT_MS);

  await launch(deps, 'welcome', contact, {
    staffId,
    externalUserId,
    addedAt,
    ...about,
    ...(welcomeCode !== undefined && { welcomeId }),
  });
}

/** A customer of whom only the ending is heard is kept, too: the beginning may come after it, and must not make a friend of him. */
async function removed(
  deps: IntakeDeps,
  { kind, externalUserId, staffId, at }: Removed,
): Promise<void> {
  const { contactId } = await contactOf(deps, externalUserId);
  const removedAt = new Date(at).toISOString();
  const told = { staffId, externalUserId, state: kind, addedAt: removedAt, removedAt } as const;
  const after = await relate(deps, contactId, told);
  // A friendship made after this ending stands.
  if (after.state === 'friend') return;

  await signalRuns(deps, contactId, { kind: 'friend-removed', at: removedAt, staffId });
}

/** The relation as it is after this word of it. */
async function relate(
  { stores }: IntakeDeps,
  contactId: string,
  told: Relation,
): Promise<Relation> {
  await stores.contacts.relate(contactId, told);
  const contact = await stores.contacts.find(contactId);
  return contact?.relations?.find(({ staffId }) => staffId === told.staffId) ?? told;
}

/** The contact behind a WeCom customer: known by its id, its union id or a phone that staff noted; else a new one. */
async function contactOf(
  { stores, wecom, assertLaneOf }: IntakeDeps,
  externalUserId: string,
): Promise<Contact> {
  const known = await firstHolder(stores, { kind: 'externalUserId', value: externalUserId });
  if (known) return known;

  const customer = await wecom.customer(externalUserId);
  const unionId = customer?.unionId;
  const phones = [...new Set(customer?.relations.flatMap((relation) => relation.phones))];
  const aliases = [
    ...(unionId === undefined ? [] : [{ kind: 'unionId' as const, value: unionId }]),
    ...phones.map((value) => ({ kind: 'phone' as const, value })),
  ];

  for (const alias of aliases) {
    const found = await firstHolder(stores, alias);
    if (!found) continue;

    assertLaneOf(found.contactId);
    return found;
  }

  const contactId = contactIdOfWecom(externalUserId);
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

async function firstHolder({ contacts }: Stores, alias: Alias): Promise<Contact | undefined> {
  const [first] = await contacts.findMany(await contacts.idsByAlias(alias));
  return first;
}
