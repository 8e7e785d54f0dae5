// The part of the WeCom server API that sopflow uses, typed: one function a call, named as WeCom names it.

import { z } from 'zod';
import { CodedError } from '../../rules/base/errors';
import * as answers from './answers';
import { createCall, type WecomOptions } from './call';

/** Bytes of UTF-8; WeCom counts bytes where it says length of text. */
export const MAX_TEXT_BYTES = 4000;
const MAX_APP_TEXT_BYTES = 2048;
const MAX_TAG_NAME = 30;
/** The welcome code lives 20 s: better a second try than a long wait. */
const WELCOME_TIMEOUT_MS = 3000;
/** A staff message repeated within this time is dropped by WeCom; 4 h is the most it takes. */
const STAFF_REPEAT_SECONDS = 14_400;
const PAGE = 100;
const LONG_PAGE = 1000;

export type WecomClient = ReturnType<typeof createWecomClient>;

export function createWecomClient(options: WecomOptions) {
  const call = createCall(options);
  const contact = (name: string) => `/cgi-bin/externalcontact/${name}`;
  const post = <T>(name: string, body: object, schema: z.ZodType<T>) =>
    call({ method: 'POST', path: contact(name), body }, schema);
  const done = z.unknown();

  return {
    /** Members who may serve customers: the cheapest proof that secret, address and rights are in order. */
    async getFollowUserList(): Promise<readonly string[]> {
      return (
        await call({ method: 'GET', path: contact('get_follow_user_list') }, answers.followUsers)
      ).follow_user;
    },

    async sendWelcome(welcomeCode: string, text: string): Promise<void> {
      assertText('text.content', text, MAX_TEXT_BYTES);
      const body = { welcome_code: welcomeCode, text: { content: text } };
      const timeoutMs = Math.min(options.timeoutMs ?? WELCOME_TIMEOUT_MS, WELCOME_TIMEOUT_MS);
      await call({ method: 'POST', path: contact('send_welcome_msg'), body, timeoutMs }, done);
    },

    /** A customer with every member who follows them. */
    async getCustomer(externalUserId: string) {
      const followers: answers.Follower[] = [];
      let cursor = '';
      for (;;) {
        const query = { external_userid: externalUserId, ...(cursor !== '' && { cursor }) };
        const page = await call({ method: 'GET', path: contact('get'), query }, answers.customer);
        followers.push(...page.follow_user);
        cursor = page.next_cursor;
        if (cursor === '') return { ...page.external_contact, followers };
      }
    },

    async markTag(
      userId: string,
      externalUserId: string,
      tagIds: readonly string[],
    ): Promise<void> {
      await post(
        'mark_tag',
        { userid: userId, external_userid: externalUserId, add_tag: tagIds },
        done,
      );
    },

    async getCorpTags() {
      return (await post('get_corp_tag_list', {}, answers.tagGroups)).tag_group;
    },

    /** Adds tags to a group, which is made when missing. */
    async addCorpTags(groupName: string, names: readonly string[]) {
      for (const name of names)
        if ([...name].length > MAX_TAG_NAME)
          throw tooLong('tag.name', `${MAX_TAG_NAME} characters`);
      return (
        await post(
          'add_corp_tag',
          { group_name: groupName, tag: names.map((name) => ({ name })) },
          answers.addedTags,
        )
      ).tag_group;
    },

    /** Makes a task for the sender to confirm; nothing is sent by the call. */
    async addMsgTemplate(sender: string, externalUserIds: readonly string[], text: string) {
      assertText('text.content', text, MAX_TEXT_BYTES);
      const body = {
        chat_type: 'single',
        external_userid: externalUserIds,
        sender,
        text: { content: text },
      };
      return post('add_msg_template', body, answers.msgTemplate);
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
      return pages(async (cursor) => {
        const page = await post('get_groupmsg_list_v2', { ...body, ...cursor }, answers.groupMsgs);
        return { rows: page.group_msg_list, next: page.next_cursor };
      });
    },

    /** Which members have sent their part of a mass send. */
    async getGroupmsgTask(msgid: string): Promise<readonly answers.GroupMsgTask[]> {
      return pages(async (cursor) => {
        const page = await post(
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
      return pages(async (cursor) => {
        const page = await post(
          'get_groupmsg_send_result',
          { ...body, ...cursor },
          answers.sendResults,
        );
        return { rows: page.send_list, next: page.next_cursor };
      });
    },

    async remindGroupmsgSend(msgid: string): Promise<void> {
      await post('remind_groupmsg_send', { msgid }, done);
    },

    async cancelGroupmsgSend(msgid: string): Promise<void> {
      await post('cancel_groupmsg_send', { msgid }, done);
    },

    /** A text from the app to members, at most 1,000 of them. */
    async sendStaffText(userIds: readonly string[], text: string): Promise<void> {
      assertText('text.content', text, MAX_APP_TEXT_BYTES);
      const body = {
        touser: userIds.join('|'),
        msgtype: 'text',
        agentid: options.agentId,
        text: { content: text },
        enable_duplicate_check: 1,
        duplicate_check_interval: STAFF_REPEAT_SECONDS,
      };
      await call({ method: 'POST', path: '/cgi-bin/message/send', body }, done);
    },
  };
}

/** Walks a list to its end. WeCom refuses an empty cursor in some calls, so the first page has none. */
async function pages<T>(
  fetchPage: (cursor: {
    cursor?: string;
  }) => Promise<{ readonly rows: readonly T[]; readonly next: string }>,
): Promise<readonly T[]> {
  const rows: T[] = [];
  let cursor: { cursor?: string } = {};
  for (;;) {
    const page = await fetchPage(cursor);
    rows.push(...page.rows);
    if (page.next === '') return rows;
    cursor = { cursor: page.next };
  }
}

/** WeCom cuts or refuses what is too long or empty; both are better known before. */
function assertText(path: string, text: string, maxBytes: number): void {
  if (text === '')
    throw new CodedError('INVALID_INPUT', `${path} is empty`, [
      { path, message: 'empty', allowed: 'a text' },
    ]);
  if (Buffer.byteLength(text) > maxBytes) throw tooLong(path, `${maxBytes} bytes of UTF-8`);
}

const tooLong = (path: string, allowed: string) =>
  new CodedError('INVALID_INPUT', `${path} is longer than ${allowed}`, [
    { path, message: 'too long', allowed: `at most ${allowed}` },
  ]);
