// Calls about mass sends: a task is made, read back, reminded of and cancelled.

import * as answers from './answers';
import { allPages, nothing, type WecomApi } from './api';
import { assertText, MAX_TEXT_BYTES } from './text';

const PAGE = 100;
const LONG_PAGE = 1000;

export function massSendCalls(api: WecomApi) {
  return {
    /** Makes a task for the sender to confirm; nothing is sent by the call. */
    async addMsgTemplate(sender: string, externalUserIds: readonly string[], text: string) {
      assertText('text.content', text, MAX_TEXT_BYTES);
      const body = {
        chat_type: 'single',
        external_userid: externalUserIds,
        sender,
        text: { content: text },
      };
      return api.post('add_msg_template', body, answers.msgTemplate);
    },

    /** Mass sends to customers made by the corp between two instants, in seconds. */
    async getGroupmsgList(from: number, to: number): Promise<readonly answers.GroupMsg[]> {
      const body = {
        chat_type: 'single',
        start_time: from,
        end_time: to,
        filter_type: 0,
        limit: PAGE,
      };
      return allPages(async (cursor) => {
        const page = await api.post(
          'get_groupmsg_list_v2',
          { ...body, ...cursor },
          answers.groupMsgs,
        );
        return { rows: page.group_msg_list, next: page.next_cursor };
      });
    },

    /** Which members have sent their part of a mass send. */
    async getGroupmsgTask(msgid: string): Promise<readonly answers.GroupMsgTask[]> {
      return allPages(async (cursor) => {
        const page = await api.post(
          'get_groupmsg_task',
          { msgid, limit: LONG_PAGE, ...cursor },
          answers.groupMsgTasks,
        );
        return { rows: page.task_list, next: page.next_cursor };
      });
    },

    /** What became of a mass send for each customer of a member. */
    async getGroupmsgSendResult(
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
    },

    async remindGroupmsgSend(msgid: string): Promise<void> {
      await api.post('remind_groupmsg_send', { msgid }, nothing);
    },

    async cancelGroupmsgSend(msgid: string): Promise<void> {
      await api.post('cancel_groupmsg_send', { msgid }, nothing);
    },
  };
}
