// Builders of what the contract suites put into stores.

import type { Stores } from '../../ports/stores';
import type { Contact, Profile, Relation } from '../../rules/contact/contact';
import type { DecisionRow } from '../../rules/ledger/rows';
import { HOUR_MS } from '../../rules/time/durations';

/** Makes empty stores; each test has its own. */
export type Make = () => Promise<Stores>;

export const AT = '2026-03-02T02:00:00.000Z';

/** An instant some hours after the suite's first one. */
export const hoursAfter = (hours: number): string =>
  new Date(Date.parse(AT) + hours * HOUR_MS).toISOString();

export const aProfile = (fields: Partial<Profile> = {}): Profile => ({
  contactId: 'c-1',
  city: 'guangzhou',
  ...fields,
});

export const aRelation = (fields: Partial<Relation> = {}): Relation => ({
  staffId: 's-1',
  externalUserId: 'wm-1',
  state: 'friend',
  addedAt: AT,
  ...fields,
});

/** Imports a contact and reads it back. */
export async function given(stores: Stores, fields: Partial<Profile> = {}): Promise<Contact> {
  const profile = aProfile(fields);
  await stores.contacts.upsertMany([profile]);
  return read(stores, profile.contactId);
}

export async function read(stores: Stores, contactId = 'c-1'): Promise<Contact> {
  const contact = await stores.contacts.find(contactId);
  if (!contact) throw new Error(`no contact ${contactId}`);
  return contact;
}

/** The row of a pass that reserves for the contact as it was read. */
export function aPass(contact: Contact, fields: Partial<DecisionRow> = {}): DecisionRow {
  return {
    kind: 'decision',
    touchId: 't-1',
    attempt: 1,
    contactId: contact.contactId,
    city: contact.city,
    channel: 'wecom',
    class: 'marketing',
    at: AT,
    verdict: 'pass',
    explain: [{ kind: 'cap', rule: 'day', answer: 'pass', detail: '0 of 1' }],
    policy: 'default@1',
    journey: 'welcome',
    step: 'hello',
    workflowId: 'welcome/c-1/s-1',
    runId: 'r-1',
    revision: contact.revision + 1,
    ...fields,
  };
}

/** The row of a decision that reserves nothing. */
export function aDeferral(contact: Contact, fields: Partial<DecisionRow> = {}): DecisionRow {
  const deferred = {
    verdict: 'deferred',
    reason: 'cap',
    rule: 'day',
    until: hoursAfter(24),
  } as const;
  return aPass(contact, { ...deferred, revision: contact.revision, ...fields });
}
