// Business ids: the one place where an id's parts are joined, so that the same fact always gets the same id.

/** Workflow id of the run of a journey for a contact: one run per (journey, contact, entry). */
export const journeyId = (journey: string, contactId: string, entry: string): string =>
  `${journey}/${contactId}/${entry}`;

/** Whether a workflow id is that of a run of this journey. */
export const isRunOf = (journey: string, workflowId: string): boolean =>
  workflowId.startsWith(`${journey}/`);

/** Workflow id of the journey that a fired trigger starts: the same event never starts a second one. */
export const opportunityId = (triggerId: string, contactId: string, eventId: string): string =>
  `opportunity/${triggerId}/${contactId}/${eventId}`;

/** Id of one intended contact: stable through retries, deferrals and crashes; the idempotency key at the channel. */
export const touchId = (runKey: string, step: string): string => `${runKey}/${step}`;

/** Id of the touch of a contact that a slot of a calendar is due for on a local date. */
export const waveTouchId = (
  calendarId: string,
  slotId: string,
  date: string,
  contactId: string,
): string => `${calendarId}/${slotId}/${date}/${contactId}`;

/** Ledger id of one attempt of a touch. `attempt` counts from 1. */
export const decisionId = (touch: string, attempt: number): string => `${touch}#${attempt}`;

/** Key under which an attempt holds its unit of the tasks that its member may have open. */
export const openUnitKey = (touch: string, attempt: number): string =>
  `${decisionId(touch, attempt)}/open`;

/** Ledger id of a settlement: a contact's revision changes once per settlement, so it names it. */
export const settlementId = (touch: string, revision: number): string => `${touch}!${revision}`;

/** Workflow id of the flow that follows a WeCom mass send until every touch in it is settled. */
export const massSendId = (msgid: string): string => `mass-send/${msgid}`;

/** Workflow id of the flow that has open tasks judged again under published rules. */
export const taskReviewId = (rules: string, id: string, number: number): string =>
  `task-review/${rules}/${versionRef(id, number)}`;

/** Workflow id of the flow that has hastened tasks of waves judged again: one for all of them. */
export const WAVE_REVIEW_ID = 'wave-review';

/** Idempotency key of an order at the CRM: one order per acceptance, whoever places it and whatever is retried. */
export const orderKey = (contactId: string, product: string, acceptance: string): string =>
  `order/${contactId}/${product}/${acceptance}`;

/** The key of orders whose acceptance came before acceptances had a name: one per run and product. */
export const orderKeyOfRun = (runKey: string, product: string): string =>
  `order/${runKey}/${product}`;

/** Workflow id of the flow that places an order for an acceptance that no run took. */
export const lateOrderId = (key: string): string => `late-${key}`;

/** Text reference of a published version: `default@3`. */
export const versionRef = (id: string, version: number): string => `${id}@${version}`;

/** Reads what `versionRef` writes. Null: no such reference. */
export function parseVersionRef(
  ref: string,
): { readonly id: string; readonly version: number } | null {
  const [, id, version] = /^(.+)@([1-9]\d{0,8})$/.exec(ref) ?? [];
  return id === undefined ? null : { id, version: Number(version) };
}

/** The id that a reference means, whether or not it pins a version: `p-58` of `p-58@3`. */
export const referredId = (ref: string): string => parseVersionRef(ref)?.id ?? ref;
