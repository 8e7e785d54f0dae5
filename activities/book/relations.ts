// Who follows whom, as WeCom has it: adds and removals whose call-backs never came. A page is one member of staff.

import type { WecomCallback } from '../../ports/callbacks';
import type { WecomFollow } from '../../ports/wecom';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { Contact, Relation } from '../../rules/contact/contact';
import { instantAt } from '../../rules/time/instant';
import type { BookPageInput, BookPageResult } from '../contract';
import type { BookDeps } from '../deps';

/** Contacts of one read. */
const READ = 500;

type Span = Pick<BookPageInput, 'from' | 'to'>;

export async function readRelations(
  deps: BookDeps,
  { from, to, cursor }: BookPageInput,
): Promise<BookPageResult> {
  const listed = await deps.wecom.members();
  const known = await deps.stores.contacts.staffWithRelations();
  const members = [...new Set([...listed, ...known])].sort();

  const staffId = members.find((each) => each > (cursor ?? ''));
  if (staffId === undefined) return { looked: 0, found: {}, next: null };

  // Who has left is listed no more, and follows nobody.
  const follows = listed.includes(staffId) ? await deps.wecom.followsOf(staffId) : [];
  const made = await missedAdds(deps, staffId, follows, { from, to });
  const ended = await missedRemovals(deps, staffId, follows, to);

  return {
    looked: follows.length,
    found: {
      ...(made > 0 && { 'relation-made': made }),
      ...(ended > 0 && { 'relation-ended': ended }),
    },
    next: members.some((each) => each > staffId) ? staffId : null,
  };
}

/** Only adds of the span: whom sopflow never knew is no journey's business, and comes by an import. */
async function missedAdds(
  { stores, late }: BookDeps,
  staffId: string,
  follows: readonly WecomFollow[],
  { from, to }: Span,
): Promise<number> {
  const [since, until] = [instantAt(from, 'from'), instantAt(to, 'to')];
  const recent = follows.filter(({ addedAt }) => since <= addedAt && addedAt < until);

  let missed = 0;
  for (let i = 0; i < recent.length; i += READ) {
    const page = recent.slice(i, i + READ);
    const ids = page.map(({ externalUserId }) => externalUserId);
    const contacts = await stores.contacts.findByExternalUsers(ids);
    const unknown = page.filter((follow) => !isKnown(contacts, staffId, follow));
    missed += await late.wecom(unknown.map((follow) => addOf(staffId, follow)));
  }
  return missed;
}

/** The relation of this add, or of a later one, whatever became of it since: WeCom goes on listing what the customer has ended. */
const isKnown = (
  contacts: readonly Contact[],
  staffId: string,
  { externalUserId, addedAt }: WecomFollow,
): boolean =>
  contacts.some(({ relations = [] }) =>
    relations.some(
      (relation) =>
        relation.staffId === staffId &&
        relation.externalUserId === externalUserId &&
        instantAt(relation.addedAt, 'addedAt') >= addedAt,
    ),
  );

/** A welcome code is handed out once and cannot be had any more. */
const addOf = (
  staffId: string,
  { externalUserId, addedAt, scene, addedKey }: WecomFollow,
): WecomCallback => ({
  kind: 'added',
  half: false,
  staffId,
  externalUserId,
  at: addedAt,
  dedupeKey: addedKey,
  ...(scene !== undefined && { scene }),
});

/** What we call a friendship and WeCom lists no more; asked once more for each, for a list may be cut. */
async function missedRemovals(
  deps: BookDeps,
  staffId: string,
  follows: readonly WecomFollow[],
  to: string,
): Promise<number> {
  const followed = new Set(follows.map(({ externalUserId }) => externalUserId));

  let missed = 0;
  let after: string | null = null;
  for (;;) {
    const page = await deps.stores.contacts.friendsOfStaff(staffId, after, READ);
    const doubtful = page.flatMap(({ relations = [] }) =>
      relations.filter(
        (relation) =>
          isFriendBefore(relation, staffId, to) && !followed.has(relation.externalUserId),
      ),
    );

    const gone = await mapInParallel(doubtful, async (relation) => ({
      relation,
      isGone: await isNoFollower(deps, relation),
    }));
    const removals = gone.filter(({ isGone }) => isGone);
    missed += await deps.late.wecom(removals.map(({ relation }) => removalOf(relation, to)));

    after = page.at(-1)?.contactId ?? null;
    if (page.length < READ) return missed;
  }
}

const isFriendBefore = (relation: Relation, staffId: string, to: string): boolean =>
  relation.staffId === staffId && relation.state === 'friend' && relation.addedAt < to;

async function isNoFollower(
  { wecom }: BookDeps,
  { staffId, externalUserId }: Relation,
): Promise<boolean> {
  const customer = await wecom.customer(externalUserId);
  return !customer?.relations.some((relation) => relation.staffId === staffId);
}

/** When it ended nobody says; it had by then. One key a friendship, however often it is found. */
const removalOf = ({ staffId, externalUserId, addedAt }: Relation, at: string): WecomCallback => ({
  kind: 'removed-by-staff',
  transferred: false,
  staffId,
  externalUserId,
  at: Math.floor(instantAt(at, 'to') / 1000) * 1000,
  dedupeKey: `reconcile/removed/${staffId}/${externalUserId}/${addedAt}`,
});
