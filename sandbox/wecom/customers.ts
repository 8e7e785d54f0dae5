// Customers as WeCom shows them: who follows whom, their details, and remarks.

import { unixSeconds } from '../clock';
import type { Deps } from '../deps';
import { type Tie, tieId } from '../state';
import type { Endpoint } from './endpoint';
import { WecomError } from './errors';
import { type Body, bounded, characters, optionalText, page, textList, textOf } from './fields';

/** Ties that most calls work on; a half-added one is not yet a relation. */
const IN_FORCE: ReadonlySet<Tie['state']> = new Set(['friend', 'removed-by-customer']);

export function activeStaff(deps: Deps, staffId: string): string {
  if (deps.state.staff.get(staffId)?.state !== 'active') throw new WecomError(60111);
  return staffId;
}

/** Relations of a member in force. */
export const tiesOfStaff = (deps: Deps, staffId: string): Tie[] =>
  deps.state.ties.by('staffId', staffId).filter((tie) => IN_FORCE.has(tie.state));

/** The tie of a member with a customer. @throws WecomError 84061 when there is none. */
export function tieOf(deps: Deps, staffId: string, externalUserId: string): Tie {
  const tie = deps.state.ties.get(tieId(staffId, externalUserId));
  if (!tie || !IN_FORCE.has(tie.state)) throw new WecomError(84061);
  return tie;
}

function externalContact(deps: Deps, tie: Tie): Body {
  const customer = deps.state.customers.get(tie.contactId);
  return {
    external_userid: tie.externalUserId,
    name: customer?.name ?? tie.contactId,
    avatar: '',
    type: 1,
    gender: 0,
    ...(customer ? { unionid: customer.unionId } : {}),
  };
}

const followInfo = (tie: Tie): Body => ({
  userid: tie.staffId,
  remark: tie.remark,
  description: tie.description,
  createtime: unixSeconds(tie.addedAt),
  remark_corp_name: tie.remarkCompany ?? '',
  remark_mobiles: tie.remarkMobiles,
  oper_userid: tie.staffId,
  add_way: tie.addWay,
  ...(tie.scene === undefined ? {} : { state: tie.scene }),
});

function namedTags(deps: Deps, tie: Tie): Body[] {
  return tie.tagIds.flatMap((tagId) => {
    const tag = deps.state.tags.get(tagId);
    return tag
      ? [
          {
            group_name: deps.state.tagGroups.get(tag.groupId)?.name ?? '',
            tag_name: tag.name,
            tag_id: tagId,
            type: 1,
          },
        ]
      : [];
  });
}

const FOLLOWERS_A_PAGE = 500;

export const customerEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: 'externalcontact/get_follow_user_list',
    answer: ({ state }) => ({
      follow_user: state.staff
        .all()
        .filter((staff) => staff.state === 'active')
        .map((staff) => staff.staffId),
    }),
  },
  {
    method: 'GET',
    path: 'externalcontact/list',
    answer(deps, { query }) {
      const ties = tiesOfStaff(deps, activeStaff(deps, textOf(query, 'userid', 40058)));
      if (ties.length === 0) throw new WecomError(84061); // a member without customers: not an empty list
      return { external_userid: ties.map((tie) => tie.externalUserId) };
    },
  },
  {
    method: 'GET',
    path: 'externalcontact/get',
    answer(deps, { query }) {
      const externalUserId = textOf(query, 'external_userid', 40096);
      if (!/^w[mo]\w+$/.test(externalUserId)) throw new WecomError(40096);

      const ties = deps.state.ties
        .by('externalUserId', externalUserId)
        .filter(
          (tie) => IN_FORCE.has(tie.state) && deps.state.staff.get(tie.staffId)?.state === 'active',
        );
      const [first] = ties;
      if (!first) throw new WecomError(84061);

      const { items, next_cursor } = page(
        ties,
        { cursor: query.cursor ?? '' },
        { max: FOLLOWERS_A_PAGE, fallback: FOLLOWERS_A_PAGE, over: 'max' },
      );

      return {
        external_contact: externalContact(deps, first),
        follow_user: items.map((tie) => ({ ...followInfo(tie), tags: namedTags(deps, tie) })),
        ...(next_cursor === '' ? {} : { next_cursor }),
      };
    },
  },
  {
    method: 'POST',
    path: 'externalcontact/batch/get_by_user',
    answer(deps, { body }) {
      const staffIds = textList(body, 'userid_list') ?? [];
      if (staffIds.length === 0 || staffIds.length > 100)
        throw new WecomError(40058, 'invalid Request Parameter: userid_list takes 1 to 100');

      const ties = staffIds.flatMap((staffId) => tiesOfStaff(deps, activeStaff(deps, staffId)));
      const { items, next_cursor } = page(ties, body, { max: 100, fallback: 50, over: 'max' });

      return {
        external_contact_list: items.map((tie) => ({
          external_contact: externalContact(deps, tie),
          follow_info: { ...followInfo(tie), tag_id: tie.tagIds },
        })),
        next_cursor,
        fail_info: { unlicensed_userid_list: [] },
      };
    },
  },
  { method: 'POST', path: 'externalcontact/remark', answer: remark },
];

function remark(deps: Deps, { body }: { readonly body: Body }): Body {
  const staffId = activeStaff(deps, textOf(body, 'userid', 40003));
  const tie = tieOf(deps, staffId, textOf(body, 'external_userid', 40096));
  const [note, description, company] = ['remark', 'description', 'remark_company'].map((key) =>
    optionalText(body, key),
  );
  const mobiles = textList(body, 'remark_mobiles');
  const picture = optionalText(body, 'remark_pic_mediaid');
  if ([note, description, company, mobiles, picture].every((value) => value === undefined))
    throw new WecomError(
      40058,
      'invalid Request Parameter: at least one of remark, description, remark_company, remark_mobiles, remark_pic_mediaid',
    );

  bounded(note, 'remark', 20, characters);
  bounded(description, 'description', 150, characters);
  bounded(company, 'remark_company', 20, characters);

  deps.state.ties.set(tieId(staffId, tie.externalUserId), {
    ...tie,
    remark: note ?? tie.remark,
    description: description ?? tie.description,
    ...(company === undefined ? {} : { remarkCompany: company }),
    remarkMobiles: mobiles?.filter((mobile) => mobile !== '') ?? tie.remarkMobiles, // one empty text clears the list
  });

  return {};
}
