// Shapes of WeCom's answers: the fields sopflow reads. Anything more is dropped, for WeCom adds fields without notice.

import { z } from 'zod';

const id = z.string().min(1);
/** Absent or empty: the last page. */
const next_cursor = z.string().default('');
/** Unix seconds. */
const instant = z.number().int();

export const followUsers = z.object({ follow_user: z.array(id).default([]) });

const follower = z.object({
  userid: id,
  createtime: instant,
  state: z.string().exactOptional(),
  remark_mobiles: z.array(z.string()).default([]),
});
export type Follower = z.infer<typeof follower>;

export const customer = z.object({
  external_contact: z.object({ external_userid: id, unionid: z.string().exactOptional() }),
  follow_user: z.array(follower).default([]),
  next_cursor,
});

/** One customer of a member, without the members' own tags. */
const follow = z.object({
  external_contact: z.object({ external_userid: id }),
  follow_info: z.object({
    userid: id,
    createtime: instant,
    state: z.string().exactOptional(),
  }),
});
export type Follow = z.infer<typeof follow>;
export const follows = z.object({
  external_contact_list: z.array(follow).default([]),
  next_cursor,
});

const tagGroup = z.object({
  group_name: z.string(),
  tag: z.array(z.object({ id, name: z.string(), deleted: z.boolean().default(false) })).default([]),
});
export const tagGroups = z.object({ tag_group: z.array(tagGroup).default([]) });
export const addedTags = z.object({ tag_group: tagGroup });

export const msgTemplate = z.object({ fail_list: z.array(id).default([]), msgid: id });

const groupMsg = z.object({
  msgid: id,
  /** The member who made it by hand; absent when the API did. */
  creator: z.string().default(''),
  create_time: instant,
  text: z.object({ content: z.string().default('') }).default({ content: '' }),
});
export type GroupMsg = z.infer<typeof groupMsg>;
export const groupMsgs = z.object({ group_msg_list: z.array(groupMsg).default([]), next_cursor });

/** `status` 0: not sent yet, 2: sent. */
const groupMsgTask = z.object({
  userid: id,
  status: z.number().int(),
  send_time: instant.exactOptional(),
});
export type GroupMsgTask = z.infer<typeof groupMsgTask>;
export const groupMsgTasks = z.object({
  task_list: z.array(groupMsgTask).default([]),
  next_cursor,
});

/** `status` 0: not sent yet, 1: sent, 2: failed, not a friend, 3: failed, the customer has had the most they may get. */
const sendResult = z.object({
  external_userid: z.string().default(''),
  userid: id,
  status: z.number().int(),
  send_time: instant.exactOptional(),
});
export type SendResult = z.infer<typeof sendResult>;
export const sendResults = z.object({ send_list: z.array(sendResult).default([]), next_cursor });
