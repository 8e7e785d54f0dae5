// WeCom relations: a customer added a member, or one of them ended it.

import type { WecomCallback } from '../../ports/callbacks';
import type { Alias } from '../../ports/contacts';
import type { Stores } from '../../ports/stores';
import type { WecomCustomer } from '../../ports/wecom';
import { CodedError } from '../../rules/base/errors';
import type { Contact, Relation } from '../../rules/contact/contact';
import { isOver } from '../../rules/contact/relation';
import { occasionOf } from '../../rules/sequence/starts';
import { MINUTE_MS } from '../../rules/time/durations';
import type { IntakeDeps } from '../deps';
import { contactIdOfWecom, UNASSIGNED } from '../inbound';
import { launch, signalRuns } from '../launch';
import { isWecomOnly, joinRecognised } from '../recognise';
import { startSequences } from '../sequences/happened';

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
    case 'edited':
      return edited(deps, callback.externalUserId);
    // Acknowledged and left alone: no journey depends on them.
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
  await startSequences(
    deps,
    contact,
    { kind: 'added', staffId, ...about },
    {
      ...{ occasion: occasionOf('added', staffId, addedAt), eventId: welcomeId },
      at: addedAt,
      staffId,
    },
  );
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
async function contactOf(deps: IntakeDeps, externalUserId: string): Promise<Contact> {
  const { stores, wecom, assertLaneOf } = deps;
  const known = await firstHolder(stores, { kind: 'externalUserId', value: externalUserId });
  if (known) return known;

  const customer = await wecom.customer(externalUserId);
  const unionId = customer?.unionId;
  const phones = phonesOf(customer);
  const recognised = await recognisedAs(stores, unionId, phones);
  if (recognised) {
    assertLaneOf(recognised.contactId);
    return recognised;
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
  // An import may have come between the look and the write; it looks again after its own.
  await joinRecognised(deps, [{ contactId, unionId: unionId ?? null, phone: phones[0] ?? null }]);
  const created = await stores.contacts.find(contactId);
  if (!created)
    throw new CodedError('UNAVAILABLE', `contact ${contactId} was written but cannot be read yet`);

  return created;
}

const phonesOf = (customer: WecomCustomer | null): string[] => [
  ...new Set(customer?.relations.flatMap((relation) => relation.phones)),
];

/** The one contact with the union id, else the one with a number; of several nobody can say which it is. */
async function recognisedAs(
  { contacts }: Stores,
  unionId: string | undefined,
  phones: readonly string[],
): Promise<Contact | undefined> {
  const names: Alias[] = phones.map((value) => ({ kind: 'phone', value }));
  if (unionId !== undefined) names.unshift({ kind: 'unionId', value: unionId });

  for (const name of names) {
    const holders = await contacts.findMany(await contacts.idsByAlias(name));
    const possible = holders.filter(
      (each) =>
        name.kind === 'unionId' ||
        (each.numberLostAt === undefined &&
          (each.unionId ?? unionId) === (unionId ?? each.unionId)),
    );
    const [only, ...others] = possible.filter((each) => !isWecomOnly(each));
    if (only && others.length === 0) return only;
    if (possible.length === 1) return possible[0];
  }

  return undefined;
}

/** Staff noted a number, or WeCom learnt more: a customer whom WeCom alone knew may be recognised now. */
async function edited(deps: IntakeDeps, externalUserId: string): Promise<void> {
  const { stores, wecom } = deps;
  const known = await firstHolder(stores, { kind: 'externalUserId', value: externalUserId });
  if (!known || !isWecomOnly(known)) return;

  const customer = await wecom.customer(externalUserId);
  const [phone] = phonesOf(customer);
  const unionId = known.unionId ?? customer?.unionId;
  await stores.contacts.patch(known.contactId, {
    ...(unionId !== undefined && { unionId }),
    ...(phone !== undefined && phone !== known.phone && { phone }),
  });
  await joinRecognised(deps, [
    { contactId: known.contactId, unionId: unionId ?? null, phone: phone ?? known.phone ?? null },
  ]);
}

async function firstHolder({ contacts }: Stores, alias: Alias): Promise<Contact | undefined> {
  const [first] = await contacts.findMany(await contacts.idsByAlias(alias));
  return first;
}
