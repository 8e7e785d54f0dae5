// All that is kept of one person, in one document: what the law lets the person ask for (PIPL Art. 45).

import type { DeliveryRecord } from '../ports/deliveries';
import type { InboxRow } from '../ports/inbox';
import type { NameClaim } from '../ports/nameClaims';
import type { UnclearReply } from '../ports/replies';
import type { StaffTask, TaskPlace } from '../ports/staffTasks';
import type { Stores } from '../ports/stores';
import type { Contact } from '../rules/contact/contact';
import { taskDueAt } from '../rules/contact/staffTask';

const PAGE = 500;

type PersonStores = Pick<
  Stores,
  | 'contacts'
  | 'contactActs'
  | 'nameClaims'
  | 'replies'
  | 'touches'
  | 'deliveries'
  | 'runs'
  | 'orders'
  | 'leads'
  | 'staffTasks'
  | 'sequenceEntries'
  | 'sequenceSteps'
  | 'inbox'
>;

/**
 * Everything by what it is. Names, numbers and texts are whole; what is no word about the person is left out: executions, links of
 * documents, and welcome codes, with which anybody could speak to the person in our name.
 * @param lanes of the inbox that hold nothing but what was heard of this person
 */
export async function everythingOf(
  stores: PersonStores,
  contact: Contact,
  lanes: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const { contactId } = contact;
  const {
    touches,
    fences: _,
    revision: __,
    profileRevision: ___,
    chain: ____,
    ...profile
  } = contact;
  const [consentEvidence, acts, ledger, deliveries, runs, orders, leads, claims, replies, inbox] =
    await Promise.all([
      stores.contacts.consentLog(contactId),
      stores.contactActs.ofContact(contactId),
      stores.touches.timeline(contactId),
      stores.deliveries.ofContact(contactId),
      stores.runs.ofContact(contactId),
      allPages(
        (after) => stores.orders.list({ contactId, limit: PAGE, ...after }),
        ({ orderKey }) => orderKey,
      ),
      allPages(
        (after) => stores.leads.list({ contactId, limit: PAGE, ...after }),
        ({ leadId }) => leadId,
      ),
      claimsOf(stores, contactId),
      repliesOf(stores, contactId),
      stores.inbox.ofLanes(lanes),
    ]);

  return {
    ...{ profile, consentEvidence, acts, claims, replies, touches, runs, orders, leads, ledger },
    deliveries: deliveries.map(withoutCode),
    inbox: inbox.map(heard),
    staffTasks: await tasksOf(stores, contact),
    ...(await sequencesOf(stores, contact)),
  };
}

/** The holders of a claimed name are other people. */
async function claimsOf({ nameClaims }: PersonStores, contactId: string): Promise<object[]> {
  const all = await allPages(
    (after) => nameClaims.list({ limit: PAGE, ...after }),
    ({ claimId }: NameClaim) => claimId,
  );
  return all
    .filter((claim) => claim.contactId === contactId)
    .map(({ holders: _, ...claim }) => claim);
}

/** Also those that were opened for another record of the person. */
async function tasksOf({ staffTasks }: PersonStores, contact: Contact): Promise<object[]> {
  const all = await Promise.all(
    recordsOf(contact).map((id) =>
      allPages<StaffTask, TaskPlace>(
        (after) => staffTasks.list({ contactId: id, limit: PAGE, ...after }),
        ({ taskId, ...task }) => ({ dueAt: taskDueAt(task), taskId }),
      ),
    ),
  );
  return all.flat();
}

/** What the person was let into or refused, and what became of each step. */
async function sequencesOf(
  { sequenceEntries, sequenceSteps }: PersonStores,
  contact: Contact,
): Promise<{ readonly sequenceEntries: object[]; readonly sequenceSteps: object[] }> {
  const entries = await sequenceEntries.of(null, recordsOf(contact));
  const runs = [...new Set(entries.map(({ workflowId }) => workflowId))];
  const steps = await Promise.all(runs.map((workflowId) => sequenceSteps.ofRun(workflowId)));

  return { sequenceEntries: entries, sequenceSteps: steps.flat() };
}

/** Ids of all records of the person. */
const recordsOf = ({ contactId, mergedFrom = [] }: Contact): readonly string[] => [
  contactId,
  ...mergedFrom.map((record) => record.contactId),
];

/** Who else has the address is left out. */
async function repliesOf({ replies }: PersonStores, contactId: string): Promise<object[]> {
  const pages = (['open', 'resolved'] as const).map((state) =>
    allPages(
      (after) => replies.list({ state, limit: PAGE, ...after }),
      ({ replyId }: UnclearReply) => replyId,
    ),
  );
  return (await Promise.all(pages))
    .flat()
    .filter(({ contactIds }) => contactIds.includes(contactId))
    .map(({ contactIds: _, cities: __, ...reply }) => reply);
}

const withoutCode = ({ welcomeCode: _, ...delivery }: DeliveryRecord): object => delivery;

/** What came in and what became of it; who of the staff mended it is no word about the person. */
function heard({ key, kind, receivedAt, state, payload }: InboxRow): object {
  const { welcomeCode: _, ...said } = payload;
  return { key, kind, receivedAt: new Date(receivedAt).toISOString(), state, payload: said };
}

async function allPages<T, Place = string>(
  read: (after: { readonly after?: Place }) => Promise<readonly T[]>,
  placeOf: (row: T) => Place,
): Promise<T[]> {
  const all: T[] = [];
  for (
    let page = await read({});
    ;
    page = await read({ after: placeOf(all[all.length - 1] as T) })
  ) {
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
