// The life of a mass send after its creation: polling is the only truth, reminders are few, a cancel recalls nothing.

import { DAY_MS } from '../../rules/time/durations';
import { unixSeconds } from '../clock';
import type { Deps } from '../deps';
import { type MassSend, taskId } from '../state';
import type { Asked, Endpoint } from './endpoint';
import { WecomError } from './errors';
import { type Body, page, textOf } from './fields';

/** "At most a month apart"; the longest month. */
const LONGEST_SPAN_S = 31 * 86_400;
const REMINDERS_A_DAY = 3;
const ROWS = { max: 1000, fallback: 500, over: 'fallback' } as const;

export const massLifeEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: 'externalcontact/get_groupmsg_list_v2', answer: list },
  {
    method: 'POST',
    path: 'externalcontact/get_groupmsg_task',
    answer(deps, { body }) {
      const { msgid } = dispatched(deps, body);
      const { items, next_cursor } = page(deps.state.tasks.by('msgid', msgid), body, ROWS);

      return {
        task_list: items.map((task) => ({
          userid: task.staffId,
          status: task.status,
          ...timeOf(task.sentAt),
        })),
        next_cursor,
      };
    },
  },
  {
    method: 'POST',
    path: 'externalcontact/get_groupmsg_send_result',
    answer(deps, { body }) {
      const { msgid } = dispatched(deps, body);
      const results = deps.state.results.by('task', taskId(msgid, textOf(body, 'userid', 40003)));
      const { items, next_cursor } = page(results, body, ROWS);
      const rows = items.map((row) => ({
        external_userid: row.externalUserId,
        userid: row.staffId,
        status: row.status,
        ...timeOf(row.sentAt),
      }));

      return { send_list: rows, next_cursor };
    },
  },
  { method: 'POST', path: 'externalcontact/remind_groupmsg_send', answer: remind },
  {
    method: 'POST',
    path: 'externalcontact/cancel_groupmsg_send',
    answer(deps, { body }) {
      const massSend = inForce(deps, body);
      deps.state.massSends.set(massSend.msgid, { ...massSend, cancelledAt: deps.clock.now() });
      return {};
    },
  },
];

const timeOf = (at: number | undefined): Body =>
  at === undefined ? {} : { send_time: unixSeconds(at) };

function find(deps: Deps, body: Body): MassSend {
  const massSend = deps.state.massSends.get(textOf(body, 'msgid', 41046));
  if (!massSend) throw new WecomError(41047);
  return massSend;
}

/** Readable only some seconds after its creation, and whether cancelled or not: what was sent stays sent. */
function dispatched(deps: Deps, body: Body): MassSend {
  const massSend = find(deps, body);
  if (deps.clock.now() - massSend.createdAt < deps.world().dispatchSeconds * 1000)
    throw new WecomError(41063);
  return massSend;
}

function inForce(deps: Deps, body: Body): MassSend {
  const massSend = find(deps, body);
  if (massSend.cancelledAt !== undefined) throw new WecomError(41093);
  return massSend;
}

function remind(deps: Deps, { body }: Asked): Body {
  const massSend = inForce(deps, body);
  const recent = massSend.remindedAt.filter((at) => at > deps.clock.now() - DAY_MS);
  if (recent.length >= REMINDERS_A_DAY) throw new WecomError(41094);

  deps.state.massSends.set(massSend.msgid, {
    ...massSend,
    remindedAt: [...recent, deps.clock.now()],
  });

  return {};
}

/** API-created sends only: `creator` is therefore absent in each row, and a filter by creator or for personal sends finds none. */
function list(deps: Deps, { body }: Asked): Body {
  if ((body.chat_type ?? 'single') !== 'single' && body.chat_type !== 'group')
    throw new WecomError(40058, 'invalid Request Parameter: chat_type');

  const [from, to] = [body.start_time, body.end_time];
  if (typeof from !== 'number' || typeof to !== 'number' || to < from || to - from > LONGEST_SPAN_S)
    throw new WecomError(
      40058,
      'invalid Request Parameter: start_time and end_time, at most a month apart',
    );

  const none =
    body.chat_type === 'group' ||
    body.filter_type === 1 ||
    (body.creator !== undefined && body.creator !== '');

  const found = none
    ? []
    : deps.state.massSends
        .all()
        .filter(({ createdAt }) => unixSeconds(createdAt) >= from && unixSeconds(createdAt) <= to);
  const { items, next_cursor } = page(found, body, { max: 100, fallback: 50, over: 'fallback' });

  return { group_msg_list: items.map(listed), next_cursor };
}

const listed = (massSend: MassSend): Body => ({
  msgid: massSend.msgid,
  create_time: unixSeconds(massSend.createdAt),
  create_type: 0,
  text: { content: massSend.text },
  attachments: massSend.attachments,
});
