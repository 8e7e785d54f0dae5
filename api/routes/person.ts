// All that is known of one customer, for the customer to have.

import { z } from 'zod';
import { lanesOfCustomer } from '../../intake/customer';
import { everythingOf } from '../../reports/person';
import type { Contact } from '../../rules/contact/contact';
import * as answers from '../answers';
import { archivedUntilOf } from '../archivedUntil';
import type { ApiDeps } from '../deps';
import { endpoint } from '../exchange';
import { visibleContact } from '../scope';

const rows = z.array(z.looseObject({}));

export const exportPerson = endpoint({
  summary: [
    '导出某客户的全部数据（《个人信息保护法》第 45 条）',
    'All that is known of one customer, whole (PIPL Art. 45)',
  ],
  answer: z.object({
    exportedAt: z.string(),
    profile: answers.contact,
    consentEvidence: rows,
    acts: rows,
    claims: rows,
    replies: rows,
    touches: rows,
    deliveries: rows,
    runs: rows,
    orders: rows,
    leads: rows,
    staffTasks: rows,
    sequenceEntries: rows,
    sequenceSteps: rows,
    ledger: rows,
    /** The rows of the ledger before it are in archives, under the pseudonym. */
    archivedUntil: z.string().optional(),
    archivedAs: z.string().optional(),
    inbox: rows,
  }),
  async handle(exchange) {
    const { deps, params } = exchange;
    const contact = await visibleContact(exchange, params.contactId ?? '');
    const lanes = await ownLanes(deps, contact);
    const everything = await everythingOf(deps.stores, contact, lanes);

    const { subjectOf } = deps.ledgerKeys;
    const archived = await archivedUntilOf(deps.stores, contact, subjectOf);
    const archivedAs = archived.archivedUntil && subjectOf?.(contact.contactId, contact.life);

    const exportedAt = new Date(deps.clock.now()).toISOString();
    return { body: { exportedAt, ...everything, ...archived, ...(archivedAs && { archivedAs }) } };
  },
});

/** What came under a number that others have, too, may be theirs. */
async function ownLanes({ stores }: ApiDeps, contact: Contact): Promise<readonly string[]> {
  const { phone } = contact;
  if (phone === undefined) return lanesOfCustomer(contact);

  const holders = await stores.contacts.idsByAlias({ kind: 'phone', value: phone });
  if (holders.length < 2) return lanesOfCustomer(contact);
  const { phone: _, ...others } = contact;
  return lanesOfCustomer(others);
}
