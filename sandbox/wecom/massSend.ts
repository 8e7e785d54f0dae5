// Creating a mass send: nothing is sent by it; each member concerned gets a task to confirm.

import type { Deps } from '../deps';
import { resultId, type Tie, taskId } from '../state';
import { readContent } from './content';
import { activeStaff, tiesOfStaff } from './customers';
import type { Asked, Endpoint } from './endpoint';
import { WecomError } from './errors';
import { type Body, isBody, optionalText, refuseEmpty, textList } from './fields';

const MOST_CUSTOMERS = 10_000;
const MOST_TAGS_A_GROUP = 100;

export const massSendEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: 'externalcontact/add_msg_template', answer: create },
];

function create(deps: Deps, { body }: Asked): Body {
  refuseEmpty(body, ['sender', 'tag_filter', 'text']);
  const chatType = optionalText(body, 'chat_type') ?? 'single';
  if (chatType !== 'single')
    throw new WecomError(
      40058,
      'invalid Request Parameter: this sandbox has no customer groups; chat_type must be single',
    );

  const content = readContent(body);
  const { reached, failed } = audience(deps, body);
  if (reached.length === 0) throw new WecomError(41048);

  const msgid = deps.serials.next('msgid', 'msg');
  deps.state.massSends.set(msgid, {
    msgid,
    chatType,
    ...content,
    createdAt: deps.clock.now(),
    remindedAt: [],
  });

  for (const { staffId, externalUserId } of reached) {
    deps.state.tasks.set(taskId(msgid, staffId), { msgid, staffId, status: 0, decided: false });
    deps.state.results.set(resultId(msgid, staffId, externalUserId), {
      msgid,
      staffId,
      externalUserId,
      status: 0,
    });
  }

  return { fail_list: failed, msgid };
}

/** Whom it goes to and through which member. Customers who deleted the member still pass here and fail on sending. */
function audience(deps: Deps, body: Body): { reached: Tie[]; failed: string[] } {
  const customers = textList(body, 'external_userid') ?? [];
  const sender = optionalText(body, 'sender');
  const filter = body.tag_filter;
  if (customers.length > MOST_CUSTOMERS)
    throw new WecomError(
      40058,
      `invalid Request Parameter: external_userid takes at most ${MOST_CUSTOMERS}`,
    );

  if (customers.length === 0 && sender === undefined && filter === undefined)
    throw new WecomError(
      40058,
      'invalid Request Parameter: one of sender, external_userid, tag_filter is needed',
    );

  if (sender !== undefined) activeStaff(deps, sender);
  if (customers.length > 0) return named(deps, [...new Set(customers)], sender);

  const ties =
    sender === undefined
      ? latestPerCustomer(deps, deps.state.ties.all())
      : tiesOfStaff(deps, sender);
  const groups = filter === undefined ? [] : tagGroupsOf(filter);

  return {
    reached: ties.filter((tie) =>
      groups.every((group) => group.some((tagId) => tie.tagIds.includes(tagId))),
    ),
    failed: [],
  };
}

function named(
  deps: Deps,
  customers: readonly string[],
  sender: string | undefined,
): { reached: Tie[]; failed: string[] } {
  const reached: Tie[] = [];
  const failed: string[] = [];

  for (const externalUserId of customers) {
    const ties = deps.state.ties
      .by('externalUserId', externalUserId)
      .filter((tie) => sender === undefined || tie.staffId === sender);
    const [tie] = latestPerCustomer(deps, ties);

    if (tie) reached.push(tie);
    else failed.push(externalUserId);
  }

  return { reached, failed };
}

/** Without a sender a customer of several members goes only through the one who last chatted with it; never chatted: the last added. */
function latestPerCustomer(deps: Deps, ties: readonly Tie[]): Tie[] {
  const latest = new Map<string, Tie>();
  for (const tie of ties) {
    const sendable =
      (tie.state === 'friend' || tie.state === 'removed-by-customer') &&
      deps.state.staff.get(tie.staffId)?.state === 'active';
    const other = latest.get(tie.externalUserId);
    if (sendable && (!other || isLater(tie, other))) latest.set(tie.externalUserId, tie);
  }

  return [...latest.values()];
}

const isLater = (a: Tie, b: Tie): boolean =>
  (a.lastChatAt ?? 0) > (b.lastChatAt ?? 0) ||
  ((a.lastChatAt ?? 0) === (b.lastChatAt ?? 0) && a.addedAt > b.addedAt);

/** OR inside a group, AND across groups. */
function tagGroupsOf(filter: unknown): string[][] {
  const groups = isBody(filter) ? filter.group_list : undefined;
  if (!Array.isArray(groups))
    throw new WecomError(40058, 'invalid Request Parameter: tag_filter.group_list');

  return groups.map((group) => {
    const tags = isBody(group) ? textList(group, 'tag_list') : undefined;
    if (!tags || tags.length === 0 || tags.length > MOST_TAGS_A_GROUP)
      throw new WecomError(
        40058,
        `invalid Request Parameter: tag_list takes 1 to ${MOST_TAGS_A_GROUP}`,
      );

    return tags;
  });
}
