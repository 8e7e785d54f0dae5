// Calls about customers: who follows them, and the tags that members give them.

import * as answers from './answers';
import { nothing, type WecomApi } from './api';
import { tooLong } from './text';

const MAX_TAG_NAME = 30;

export function customerCalls(api: WecomApi) {
  return {
    /** A customer with every member who follows them. */
    async getCustomer(externalUserId: string) {
      const followers: answers.Follower[] = [];
      let cursor = '';
      for (;;) {
        const query = { external_userid: externalUserId, ...(cursor !== '' && { cursor }) };
        const page = await api.call(
          { method: 'GET', path: api.contactPath('get'), query },
          answers.customer,
        );
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
      await api.post(
        'mark_tag',
        { userid: userId, external_userid: externalUserId, add_tag: tagIds },
        nothing,
      );
    },

    async getCorpTags() {
      return (await api.post('get_corp_tag_list', {}, answers.tagGroups)).tag_group;
    },

    /** Adds tags to a group, which is made when missing. */
    async addCorpTags(groupName: string, names: readonly string[]) {
      for (const name of names)
        if ([...name].length > MAX_TAG_NAME)
          throw tooLong('tag.name', `${MAX_TAG_NAME} characters`);
      return (
        await api.post(
          'add_corp_tag',
          { group_name: groupName, tag: names.map((name) => ({ name })) },
          answers.addedTags,
        )
      ).tag_group;
    },
  };
}
