// Corp tags, and marking a relation (member × customer) with them.

import { unixSeconds } from '../clock';
import type { Deps } from '../deps';
import { type Tag, type TagGroup, tieId } from '../state';
import { activeStaff, tieOf } from './customers';
import type { Asked, Endpoint } from './endpoint';
import { WecomError } from './errors';
import {
  type Body,
  characters,
  isBody,
  optionalText,
  refuseEmpty,
  textList,
  textOf,
} from './fields';

const MOST_TAGS = 10_000;
const MOST_NAME_CHARACTERS = 30;
const MOST_MARKS = 1000;

const tagBody = (tag: Tag): Body => ({
  id: tag.tagId,
  name: tag.name,
  create_time: unixSeconds(tag.createdAt),
  order: tag.order,
});

function groupBody(group: TagGroup, tags: readonly Tag[]): Body {
  return {
    group_id: group.groupId,
    group_name: group.name,
    create_time: unixSeconds(group.createdAt),
    order: group.order,
    tag: tags.map(tagBody),
  };
}

export const tagEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: 'externalcontact/get_corp_tag_list', answer: listTags },
  { method: 'POST', path: 'externalcontact/add_corp_tag', answer: addTags },
  { method: 'POST', path: 'externalcontact/mark_tag', answer: markTag },
];

function listTags(deps: Deps, { body }: Asked): Body {
  const groupIds = textList(body, 'group_id') ?? [];
  const tagIds = groupIds.length > 0 ? [] : (textList(body, 'tag_id') ?? []); // groups win over tags
  const groups = deps.state.tagGroups.all().flatMap((group) => {
    if (groupIds.length > 0 && !groupIds.includes(group.groupId)) return [];

    const tags = deps.state.tags
      .by('groupId', group.groupId)
      .filter((tag) => tagIds.length === 0 || tagIds.includes(tag.tagId));
    return tags.length > 0 ? [groupBody(group, tags)] : [];
  });

  return { tag_group: groups };
}

function addTags(deps: Deps, { body }: Asked): Body {
  refuseEmpty(body, ['group_id', 'group_name']);
  const wanted = namesOf(body.tag);
  if (deps.state.tags.size + wanted.length > MOST_TAGS)
    throw new WecomError(40071, `invalid tag name: a corp has at most ${MOST_TAGS} tags`);

  const group = groupFor(deps, body);
  const existing = new Map(
    deps.state.tags.by('groupId', group.groupId).map((tag) => [tag.name, tag]),
  );

  const tags = wanted.map(({ name, order }) => {
    const tag = existing.get(name) ?? {
      tagId: deps.serials.next('tag', 'et'),
      groupId: group.groupId,
      name,
      order,
      createdAt: deps.clock.now(),
    };
    existing.set(name, tag); // the same name twice in a call is one tag
    deps.state.tags.set(tag.tagId, tag);
    return tag;
  });

  return { tag_group: groupBody(group, [...new Set(tags)]) };
}

function namesOf(tags: unknown): { name: string; order: number }[] {
  if (!Array.isArray(tags) || tags.length === 0)
    throw new WecomError(40063, 'some parameters are empty: tag');
  return tags.map((tag) => {
    if (!isBody(tag)) throw new WecomError(40058, 'invalid Request Parameter: tag');

    refuseEmpty(tag, ['id']);
    const name = textOf(tag, 'name', 40071);
    if (characters(name) > MOST_NAME_CHARACTERS) throw new WecomError(40071);

    return { name, order: typeof tag.order === 'number' ? tag.order : 0 };
  });
}

/** A group named by id, else the group of this name, else a new one. */
function groupFor(deps: Deps, body: Body): TagGroup {
  const groupId = optionalText(body, 'group_id');
  if (groupId !== undefined) {
    const known = deps.state.tagGroups.get(groupId);
    if (!known) throw new WecomError(40068);
    return known;
  }

  const name = textOf(body, 'group_name', 40063);
  if (characters(name) > MOST_NAME_CHARACTERS) throw new WecomError(40071);

  const [known] = deps.state.tagGroups.by('name', name);
  if (known) return known;

  const order = typeof body.order === 'number' ? body.order : 0;
  const group = {
    groupId: deps.serials.next('tagGroup', 'etg'),
    name,
    order,
    createdAt: deps.clock.now(),
  };
  deps.state.tagGroups.set(group.groupId, group);

  return group;
}

function markTag(deps: Deps, { body }: Asked): Body {
  const staffId = activeStaff(deps, textOf(body, 'userid', 40003));
  const add = textList(body, 'add_tag') ?? [];
  const remove = textList(body, 'remove_tag') ?? [];
  const marks = add.length + remove.length;
  if (marks === 0 || marks > MOST_MARKS) throw new WecomError(41111);

  const tie = tieOf(deps, staffId, textOf(body, 'external_userid', 40096));
  for (const tagId of [...add, ...remove])
    if (!deps.state.tags.get(tagId)) throw new WecomError(40068);
  const tagIds = [...new Set([...tie.tagIds, ...add])].filter((tagId) => !remove.includes(tagId));
  deps.state.ties.set(tieId(staffId, tie.externalUserId), { ...tie, tagIds });

  return {};
}
