// WeCom's own record, read back: who follows whom, which mass sends were made, and what became of them.

import type {
  MadeMassSend,
  MassSendRow,
  MassSendSpan,
  WecomFollow,
  WecomPage,
} from '../../ports/wecom';
import type { Follow, GroupMsg } from './answers';
import type { WecomClient } from './client';
import { WecomError } from './errors';
import { addedKey } from './eventKey';
import { resultOf } from './massSendResult';

/** A member without customers is answered with this, and not with an empty list. */
const NO_CUSTOMERS = 84061;

export async function followsOf(
  client: WecomClient,
  staffId: string,
): Promise<readonly WecomFollow[]> {
  try {
    return (await client.getByUser(staffId)).map(followOf);
  } catch (error) {
    if (error instanceof WecomError && error.errcode === NO_CUSTOMERS) return [];
    throw error;
  }
}

function followOf({ external_contact, follow_info }: Follow): WecomFollow {
  const { external_userid: externalUserId } = external_contact;
  const { userid, createtime, state } = follow_info;
  const scene = state ? { scene: state } : {};
  return {
    externalUserId,
    addedAt: createtime * 1000,
    ...scene,
    addedKey: addedKey(userid, externalUserId, createtime, scene.scene),
  };
}

export async function massSendsMade(
  client: WecomClient,
  { from, to, cursor }: MassSendSpan,
): Promise<WecomPage<MadeMassSend>> {
  const seconds = [Math.floor(from / 1000), Math.ceil(to / 1000)] as const;
  const { rows, next } = await client.getGroupmsgPage(...seconds, cursor ?? '');

  return { rows: rows.filter(isByApi).map(madeOf), next: next === '' ? null : next };
}

/** What a member made by hand has a creator. */
const isByApi = ({ creator }: GroupMsg): boolean => creator === '';

const madeOf = ({ msgid, create_time, text }: GroupMsg): MadeMassSend => ({
  msgid,
  madeAt: create_time * 1000,
  text: text.content,
});

export async function massSendRows(
  client: WecomClient,
  msgid: string,
): Promise<readonly MassSendRow[]> {
  const rows: MassSendRow[] = [];
  for (const { userid } of await client.getGroupmsgTask(msgid))
    for (const result of await client.getGroupmsgSendResult(msgid, userid))
      rows.push({
        staffId: userid,
        externalUserId: result.external_userid,
        result: resultOf(result),
      });
  return rows;
}
