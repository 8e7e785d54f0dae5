// Customers and members becoming and ceasing to be friends on WeCom, with the callbacks that report it.

import { CodedError } from '../../rules/base/errors';
import { unixSeconds } from '../clock';
import type { Deps } from '../deps';
import { type Customer, type Staff, type Tie, tieId } from '../state';
import { customerOf, staffOf } from './registry';

export interface Added {
  readonly externalUserId: string;
  /** Absent when WeCom gives none: a console welcome is set, or one was already delivered. */
  readonly welcomeCode?: string;
}

/** The customer adds the member. `half`: the member has not accepted yet, and the welcome may be sent already. */
export function addFriend(
  deps: Deps,
  contactId: string,
  adding: {
    readonly staffId: string;
    readonly state?: string | undefined;
    readonly half?: boolean | undefined;
  },
): Added {
  const customer = customerOf(deps, contactId);
  const staff = staffOf(deps, adding.staffId);
  const id = tieId(staff.staffId, customer.externalUserId);
  const before = deps.state.ties.get(id);
  assertAddable(contactId, staff, before, adding.half ?? false);

  const welcomed = before?.state === 'half' && before.welcomed;
  const scene = adding.state ?? before?.scene;
  const tie: Tie = {
    ...blankTie(customer, staff.staffId),
    state: adding.half ? 'half' : 'friend',
    addedAt: deps.clock.now(),
    addWay: 1,
    welcomed,
    ...(scene === undefined ? {} : { scene }),
  };
  deps.state.ties.set(id, tie);

  const welcomeCode = staff.consoleWelcome || welcomed ? undefined : issueWelcome(deps, tie);
  const change = adding.half ? 'add_half_external_contact' : 'add_external_contact';
  tell(deps, change, tie, { State: scene, WelcomeCode: welcomeCode });

  return {
    externalUserId: tie.externalUserId,
    ...(welcomeCode === undefined ? {} : { welcomeCode }),
  };
}

function assertAddable(
  contactId: string,
  { staffId, state }: Staff,
  before: Tie | undefined,
  half: boolean,
): void {
  if (state === 'resigned')
    throw new CodedError('CONFLICT', `staff ${staffId} has resigned and cannot be added`);
  if (before?.state === 'friend' || (before?.state === 'half' && half))
    throw new CodedError('CONFLICT', `customer ${contactId} has already added staff ${staffId}`);
}

/** A relation from before the sandbox began: no callback, no welcome. */
export function oldFriends(
  deps: Deps,
  contactId: string,
  staffId: string,
  past: {
    readonly addedAt: number;
    readonly state: Tie['state'];
    readonly scene?: string | undefined;
  },
): void {
  const customer = customerOf(deps, contactId);
  const tie = {
    ...blankTie(customer, staffOf(deps, staffId).staffId),
    addedAt: past.addedAt,
    state: past.state,
    addWay: 1,
    welcomed: true,
  };

  deps.state.ties.set(tieId(staffId, customer.externalUserId), {
    ...tie,
    ...(past.scene === undefined ? {} : { scene: past.scene }),
  });
}

/** Ends friendships of a customer: with one member, or with all. The customer's side leaves a one-way tie, the member's none. */
export function deleteFriend(
  deps: Deps,
  contactId: string,
  ending: { readonly staffId?: string | undefined; readonly by: 'customer' | 'staff' },
): string[] {
  const ties = friendsOf(deps, contactId).filter(
    (tie) => ending.staffId === undefined || tie.staffId === ending.staffId,
  );
  if (ties.length === 0)
    throw new CodedError(
      'NOT_FOUND',
      `customer ${contactId} is no friend of ${ending.staffId ?? 'any staff'}`,
    );

  for (const tie of ties) {
    const byCustomer = ending.by === 'customer';
    deps.state.ties.set(tieId(tie.staffId, tie.externalUserId), {
      ...tie,
      state: byCustomer ? 'removed-by-customer' : 'removed-by-staff',
    });

    tell(deps, byCustomer ? 'del_follow_user' : 'del_external_contact', tie, {});
  }

  return ties.map((tie) => tie.staffId);
}

/** Friendships of a customer with staff still in service, the latest first. */
export function friendsOf(deps: Deps, contactId: string): Tie[] {
  const { externalUserId } = customerOf(deps, contactId);
  return deps.state.ties
    .by('externalUserId', externalUserId)
    .filter(
      (tie) => tie.state === 'friend' && deps.state.staff.get(tie.staffId)?.state === 'active',
    )
    .sort((a, b) => b.addedAt - a.addedAt);
}

function issueWelcome(deps: Deps, tie: Tie): string {
  const code = deps.serials.next('welcome', 'CALLBACK_');
  deps.state.welcomes.set(code, {
    code,
    staffId: tie.staffId,
    externalUserId: tie.externalUserId,
    issuedAt: deps.clock.now(),
    used: false,
  });

  return code;
}

function tell(
  deps: Deps,
  changeType: string,
  tie: Tie,
  more: Readonly<Record<string, unknown>>,
): void {
  deps.outbox.add({
    to: 'wecom',
    topic: changeType,
    lane: `wecom/${tie.contactId}`,
    body: {
      CreateTime: unixSeconds(deps.clock.now()),
      Event: 'change_external_contact',
      ChangeType: changeType,
      UserID: tie.staffId,
      ExternalUserID: tie.externalUserId,
      ...more,
    },
  });
}

const blankTie = (
  customer: Customer,
  staffId: string,
): Omit<Tie, 'state' | 'addedAt' | 'addWay' | 'welcomed'> => ({
  staffId,
  contactId: customer.contactId,
  externalUserId: customer.externalUserId,
  remark: customer.name ?? '',
  description: '',
  remarkMobiles: customer.phone === undefined ? [] : [customer.phone],
  tagIds: [],
});
