// Calls about mass sends: a task is made, read back, reminded of and cancelled.

import * as answers from './answers';
import { allPages, nothing, type WecomApi } from './api';
import { assertText, MAX_TEXT_BYTES } from './text';

const PAGE = 100;
const LONG_PAGE = 1000;

export function massSendCalls(api: WecomApi) {
  return {
    addMsgTemplate: (sender: string, externalUserIds: readonly string[], text: string) =>
      addMsgTemplate(api, sender, externalUserIds, text),
    getGroupmsgList: (from: number, to: number) => getGroupmsgList(api, from, to),
    getGroupmsgPage: (from: number, to: number, cursor: string) =>
      getGroupmsgPage(api, from, to, cursor),
    getGroupmsgTask: (msgid: string) => getGroupmsgTask(api, msgid),
    getGroupmsgSendResult: (msgid: string, userId: string) =>
      getGroupmsgSendResult(api, msgid, userId),

    async remindGroupmsgSend(msgid: string): Promise<void> {
      await api.post('remind_groupmsg_send', { msgid }, nothing);
    },

    async cancelGroupmsgSend(msgid: string): Promise<void> {
      await api.post('cancel_groupmsg_send', { msgid }, nothing);
    },
  };
}

/** Makes a task for the sender to confirm; nothing is sent by the call. */
async function addMsgTemplate(
  api: WecomApi,
  sender: string,
  externalUserIds: readonly string[],
  text: string,
) {
  assertText('text.content', text, MAX_TEXT_BYTES);

  const body = {
    chat_type: 'single',
    external_userid: externalUserIds,
    sender,
    text: { content: text },
  };

  return api.post('add_msg_template', body, answers.msgTemplate);
}

/** Mass sends to customers made by the corp between two instants, in seconds. */
function getGroupmsgList(
  api: WecomApi,
  from: number,
  to: number,
): Promise<readonly answers.GroupMsg[]> {
  return allPages(({ cursor = '' }) => getGroupmsgPage(api, from, to, cursor));
}

/** A page of them; an empty cursor is the beginning, and the end. */
async function getGroupmsgPage(api: WecomApi, from: number, to: number, cursor: string) {
  const body = {
    chat_type: 'single',
    start_time: from,
    end_time: to,
    filter_type: 0,
    limit: PAGE,
    ...(cursor !== '' && { cursor }),
  };
  const page = await api.post('get_groupmsg_list_v2', body, answers.groupMsgs);
  return { rows: page.group_msg_list, next: page.next_cursor };
}

/** Which members have sent their part of a mass send. */
function getGroupmsgTask(api: WecomApi, msgid: string): Promise<readonly answers.GroupMsgTask[]> {
  const body = { msgid, limit: LONG_PAGE };

  return allPages(async (cursor) => {
    const page = await api.post('get_groupmsg_task', { ...body, ...cursor }, answers.groupMsgTasks);
    return { rows: page.task_list, next: page.next_cursor };
  });
}

/** What became of a mass send for each customer of a member. */
function getGroupmsgSendResult(
  api: WecomApi,
  msgid: string,
  userId: string,
): Promise<readonly answers.SendResult[]> {
  const body = { msgid, userid: userId, limit: LONG_PAGE };

  return allPages(async (cursor) => {
    const page = await api.post(
      'get_groupmsg_send_result',
      { ...body, ...cursor },
      answers.sendResults,
    );
    return { rows: page.send_list, next: page.next_cursor };
  });
}
