// Whether a held touch still makes sense: asked again each time before a decision, over what is known of the contact then.

import type { Contact } from '../contact/contact';

/** A named reason for a touch. When it no longer holds, the touch is suppressed as `irrelevant` under this name. */
export type Relevance =
  | { readonly kind: 'friend-of'; readonly staffId: string }
  | { readonly kind: 'bill-open' }
  | { readonly kind: 'plan-is'; readonly plan: string }
  | { readonly kind: 'not-bought'; readonly product: string }
  | { readonly kind: 'silent-since'; readonly at: string };

const HOLDS: {
  readonly [kind in Relevance['kind']]: (
    contact: Contact,
    rule: Extract<Relevance, { kind: kind }>,
  ) => boolean;
} = {
  'friend-of': (contact, rule) =>
    (contact.relations ?? []).some(
      (relation) => relation.staffId === rule.staffId && relation.state === 'friend',
    ),
  'bill-open': (contact) => (contact.facts?.billDueFen ?? 0) > 0,
  'plan-is': (contact, rule) => contact.plan?.id === rule.plan,
  'not-bought': (contact, rule) =>
    contact.plan?.id !== rule.product && !(contact.facts?.products ?? []).includes(rule.product),
  'silent-since': (contact, rule) =>
    contact.facts?.lastSpokeAt === undefined ||
    Date.parse(contact.facts.lastSpokeAt) < Date.parse(rule.at),
};

/** The first reason that no longer holds, or null while the touch still makes sense. */
export function lostRelevance(
  contact: Contact,
  rules: readonly Relevance[],
): Relevance['kind'] | null {
  const lost = rules.find(
    (rule) => !(HOLDS[rule.kind] as (contact: Contact, rule: Relevance) => boolean)(contact, rule),
  );
  return lost?.kind ?? null;
}
