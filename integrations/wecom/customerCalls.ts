// Calls about customers: who follows them, and the tags that members give them.

import * as answers from './answers';
import { allPages, nothing, type WecomApi } from './api';
import { tooLong } from './text';

const MAX_TAG_NAME = 30;
const CUSTOMERS_A_PAGE = 100;

export function customerCalls(api: WecomApi) {
  return {
    getCustomer: (externalUserId: string) => getCustomer(api, externalUserId),
    getByUser: (userId: string) => getByUser(api, userId),
    markTag: (userId: string, externalUserId: string, tagIds: readonly string[]) =>
      markTag(api, userId, externalUserId, tagIds),

    async getCorpTags() {
      return (await api.post('get_corp_tag_list', {}, answers.tagGroups)).tag_group;
    },

    addCorpTags: (groupName: string, names: readonly string[]) =>
      addCorpTags(api, groupName, names),
  };
}

/** A customer with every member who follows them. */
async function getCustomer(api: WecomApi, externalUserId: string) {
  const path = api.contactPath('get');
  const followers: answers.Follower[] = [];
  let cursor = '';

  for (;;) {
    const query = { external_userid: externalUserId, ...(cursor !== '' && { cursor }) };
    const page = await api.call({ method: 'GET', path, query }, answers.customer);

    followers.push(...page.follow_user);
    cursor = page.next_cursor;
    if (cursor === '') return { ...page.external_contact, followers };
  }
}

/** The customers of a member, a hundred at a time. */
function getByUser(api: WecomApi, userId: string): Promise<readonly answers.Follow[]> {
  const body = { userid_list: [userId], limit: CUSTOMERS_A_PAGE };
  return allPages(async (cursor) => {
    const page = await api.post('batch/get_by_user', { ...body, ...cursor }, answers.follows);
    return { rows: page.external_contact_list, next: page.next_cursor };
  });
}

async function markTag(
  api: WecomApi,
  userId: string,
  externalUserId: string,
  tagIds: readonly string[],
): Promise<void> {
  const body = { userid: userId, external_userid: externalUserId, add_tag: tagIds };
  await api.post('mark_tag', body, nothing);
}

/** Adds tags to a group, which is made when missing. */
async function addCorpTags(api: WecomApi, groupName: string, names: readonly string[]) {
  for (const name of names)
    if ([...name].length > MAX_TAG_NAME) throw tooLong('tag.name', `${MAX_TAG_NAME} characters`);

  const body = { group_name: groupName, tag: names.map((name) => ({ name })) };
  return (await api.post('add_corp_tag', body, answers.addedTags)).tag_group;
}
