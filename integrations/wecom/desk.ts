// WeCom as a desk: who a customer is, tags, and the life of a mass send.

import type { MassSendResult, RowResult, WecomCustomer, WecomDesk } from '../../ports/wecom';
import { CodedError } from '../../rules/base/errors';
import { normalisePhone } from '../../rules/contact/phone';
import type { Follower } from './answers';
import type { WecomClient } from './client';
import { followsOf, massSendRows, massSendsMade } from './deskBook';
import { NO_RELATION, WecomError } from './errors';
import { resultOf } from './massSendResult';
import { createTagIds, type TagIds } from './tags';

const BAD_TAG = 40068;
const DISPATCHING = 41063;
const CANCELLED = 41093;
const NO_MORE_REMINDERS = 41094;
/** Of a member's part of a mass send. */
const MEMBER_SENT = 2;

interface DeskState {
  readonly client: WecomClient;
  readonly tagIds: TagIds;
}

export function createWecomDesk(client: WecomClient): WecomDesk {
  const state: DeskState = { client, tagIds: createTagIds(client) };

  return {
    customer: (externalUserId) => findCustomer(state, externalUserId),
    tag: (staffId, externalUserId, tags) => tagCustomer(state, staffId, externalUserId, tags),
    massSendResult: (msgid, staffId, externalUserId) =>
      massSendResult(state, msgid, staffId, externalUserId),
    hasSent: (msgid, staffId) => hasSent(state, msgid, staffId),
    massSendResults: (msgid, staffId) => massSendResults(state, msgid, staffId),
    remindMassSend: (msgid) => remindMassSend(state, msgid),

    async cancelMassSend(msgid) {
      await stopMassSend(state, msgid);
    },

    members: () => client.getFollowUserList(),
    followsOf: (staffId) => followsOf(client, staffId),
    massSendsMade: (span) => massSendsMade(client, span),
    massSendRows: (msgid) => unless(new Set([DISPATCHING]), massSendRows(client, msgid)),
    stopMassSend: (msgid) => stopMassSend(state, msgid),
  };
}

async function findCustomer(
  { client }: DeskState,
  externalUserId: string,
): Promise<WecomCustomer | null> {
  const found = await unless(NO_RELATION, client.getCustomer(externalUserId));
  return found && found.followers.length > 0 ? customerOf(found) : null;
}

async function tagCustomer(
  { client, tagIds }: DeskState,
  staffId: string,
  externalUserId: string,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;

  const mark = async () => client.markTag(staffId, externalUserId, await tagIds.of(tags));

  try {
    await mark();
  } catch (error) {
    if (!(error instanceof WecomError && error.errcode === BAD_TAG)) throw error;

    // Deleted in the console since we looked: made anew, once.
    tagIds.forget();
    await mark();
  }
}

async function massSendResult(
  state: DeskState,
  msgid: string,
  staffId: string,
  externalUserId: string,
): Promise<MassSendResult | null> {
  const results = await massSendResults(state, msgid, staffId);
  const result = results && (results.get(externalUserId) ?? { kind: 'waiting' });
  if (result?.kind !== 'unreadable') return result;

  throw new CodedError(
    'UNAVAILABLE',
    `wecom mass send ${msgid}: ${result.said} has no meaning known to us`,
  );
}

async function massSendResults(
  { client }: DeskState,
  msgid: string,
  staffId: string,
): Promise<ReadonlyMap<string, RowResult> | null> {
  const rows = await unless(new Set([DISPATCHING]), client.getGroupmsgSendResult(msgid, staffId));
  return rows && new Map(rows.map((row) => [row.external_userid, resultOf(row)]));
}

async function hasSent({ client }: DeskState, msgid: string, staffId: string): Promise<boolean> {
  const tasks = await unless(new Set([DISPATCHING]), client.getGroupmsgTask(msgid));
  return tasks?.some(({ userid, status }) => userid === staffId && status === MEMBER_SENT) === true;
}

/** A reminder is a favour: one that WeCom refuses for good is not given, whatever the reason. */
async function remindMassSend({ client }: DeskState, msgid: string): Promise<boolean> {
  try {
    await client.remindGroupmsgSend(msgid);
    return true;
  } catch (error) {
    const isOver = error instanceof WecomError && error.errcode === NO_MORE_REMINDERS;
    if (isOver || (error instanceof WecomError && error.isFinal)) return false;
    throw error;
  }
}

async function stopMassSend({ client }: DeskState, msgid: string): Promise<boolean> {
  const stopped = client.cancelGroupmsgSend(msgid).then(() => true);
  return (await unless(new Set([CANCELLED]), stopped)) ?? false;
}

/** The value; null when WeCom answers with one of these codes. */
async function unless<T>(codes: ReadonlySet<number>, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof WecomError && codes.has(error.errcode)) return null;
    throw error;
  }
}

function customerOf(found: {
  readonly external_userid: string;
  readonly unionid?: string;
  readonly followers: readonly Follower[];
}): WecomCustomer {
  return {
    externalUserId: found.external_userid,
    ...(found.unionid && { unionId: found.unionid }),
    relations: found.followers.map(({ userid, createtime, state, remark_mobiles }) => ({
      staffId: userid,
      addedAt: createtime * 1000,
      ...(state && { scene: state }),
      phones: remark_mobiles.flatMap(readable),
    })),
  };
}

/** Staff note numbers as they like; what is none is left out. */
function readable(text: string): string[] {
  const read = normalisePhone(text);
  return 'phone' in read ? [read.phone] : [];
}
