// What sopflow knows of a customer. The parts the gate reads have exactly the shape of the gate's contact.

import type { FactTime } from './facts';
import type { Fence } from './fences';
import type { GateContact, TouchRecord, UnreachableReason } from './gateContact.schema';
import type { KeptReceipt } from './receipts';
import type { StaleStart } from './staleStart';

/** Every channel there is. */
export const CHANNEL_NAMES = ['wecom', 'sms', 'call'] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

export const isChannelName = (name: string | undefined): name is ChannelName =>
  CHANNEL_NAMES.some((known) => known === name);

/** `reply`: the answer to an act of the customer of the last minutes. */
export type TouchClass = 'transactional' | 'service' | 'marketing' | 'reply';

/** The tie between a customer and one member of staff on WeCom. */
export interface Relation {
  readonly staffId: string;
  readonly externalUserId: string;
  /** `removed-by-customer` still answers most API calls but receives nothing; `removed-by-staff` is gone. */
  readonly state: 'friend' | 'removed-by-customer' | 'removed-by-staff';
  /** ISO: the latest time that the customer added the member. */
  readonly addedAt: string;
  /** ISO: the latest time that one of them ended it; a friend has come back since. */
  readonly removedAt?: string;
  /** Channel parameter of the code the customer scanned. */
  readonly scene?: string;
}

export interface Plan {
  readonly id: string;
  /** Monthly fee in yuan; absent: not known. */
  readonly fee?: number;
}

/** Facts that change with use; every one optional: nothing is assumed of a customer whose facts are not known. */
export interface Facts {
  /** Share of the month's data bundle used, in percent; above 100 the customer pays by the megabyte. */
  readonly dataUsedPct?: number;
  /** The same of the bundles of voice and of SMS. */
  readonly voiceUsedPct?: number;
  readonly smsUsedPct?: number;
  /** Mean monthly spend of the last three bills, in fen. */
  readonly monthlySpendFen?: number;
  /** Months of the last six in which the data bundle ran over. */
  readonly overDataMonths?: number;
  readonly balanceFen?: number;
  /** The open bill, in fen; 0 once paid. */
  readonly billDueFen?: number;
  readonly billedAt?: string;
  readonly lastSpokeAt?: string;
  /** ISO: when the customer last opened something of ours, and of which campaign it was; empty: of none. */
  readonly openedAt?: string;
  readonly openedCampaign?: string;
  /** ISO: when the customer last signed in, and where. */
  readonly lastLoginAt?: string;
  readonly lastLoginWhere?: string;
  /** What was paid in last. */
  readonly lastRechargeFen?: number;
  /** `YYYY-MM-DD`, and the product that the contract is about. */
  readonly contractEndsOn?: string;
  readonly contractProduct?: string;
  readonly pointsBalance?: number;
  /** So many of them expire, on a date `YYYY-MM-DD`. */
  readonly pointsExpiring?: number;
  readonly pointsExpireOn?: string;
  /** Where the customer is, which need not be the city of the contact. */
  readonly locationCity?: string;
  /** Products bought, newest last. */
  readonly products?: readonly string[];
  readonly [more: string]: unknown;
}

/** With the names that the other record got from it. */
export interface MergedRecord {
  readonly contactId: string;
  readonly took: readonly ('phone' | 'unionId')[];
  /** Personal. Its number, where the other record has one of its own: whoever answers from it is this person. */
  readonly phone?: string;
}

interface Reach {
  readonly reachable: boolean;
  /** Why it cannot be reached, where that is known. */
  readonly why?: UnreachableReason;
}

/** A product bought at an instant (UTC). */
export interface Purchase {
  readonly product: string;
  readonly at: string;
}

/** What a deployment imports and edits: everything but touches and revisions. */
export interface Profile extends Omit<GateContact, 'touches' | 'channels'> {
  readonly contactId: string;
  readonly city: string;
  /** Personal: never leaves the store but to a channel. */
  readonly name?: string;
  /** Personal. E.164: `+8613912345678`. */
  readonly phone?: string;
  /** ISO: when it was first heard that this number is the contact's; absent: before that was kept. */
  readonly phoneClaimedAt?: string;
  /** Others have the number, too, and are known to: a family card. */
  readonly phoneShared?: boolean;
  /** ISO: since then it is known that the number belongs to a newer customer (rules/contact/numberClaims.ts). */
  readonly numberLostAt?: string;
  /** Personal. WeChat union id, the join key between WeCom and the operator's own records. */
  readonly unionId?: string;
  readonly brand?: string;
  readonly payType?: 'prepaid' | 'postpaid';
  readonly plan?: Plan;
  readonly activatedAt?: string;
  /** `false` (PIPL Art. 24): only touches that use no personal feature. */
  readonly personalisation?: boolean;
  readonly relations?: readonly Relation[];
  /** Records of the same person that went into this one (rules/contact/merge.ts). */
  readonly mergedFrom?: readonly MergedRecord[];
  /** The record that this one went into: all that is asked or told of this one is about that. */
  readonly mergedInto?: string;
  /** What this record was before it went into another; personal. */
  readonly beforeMerge?: Profile;
  /** Contacts that somebody parted from this one: they are joined no more by themselves. */
  readonly apart?: readonly string[];
  readonly facts?: Facts;
  /** What each fact and the plan are of, by name; a fact without is of an unknown past. */
  readonly factTimes?: Readonly<Record<string, FactTime>>;
  /** What was bought since the list of products that is known, the latest last. */
  readonly purchases?: readonly Purchase[];
  readonly channels?: Readonly<Record<string, Reach>>;
}

/** A touch as the contact's document keeps it: what the gate counts, and what is needed to go on after a crash. */
export interface KeptTouch extends TouchRecord {
  readonly attempt: number;
  readonly channelRef?: string;
  /** Why it was released. */
  readonly why?: string;
  /** Of a message whose receipts follow: ISO, when the channel took it, and in how many parts. */
  readonly acceptedAt?: string;
  readonly parts?: number;
  /** What the channel has reported of its parts since, sorted (rules/contact/receipts.ts). */
  readonly receipts?: readonly KeptReceipt[];
  /** ISO: when it is known to have reached the customer. */
  readonly deliveredAt?: string;
  /** Only some of its parts did. */
  readonly partly?: true;
  /** ISO, by when it must be settled. */
  readonly settleBy?: string;
  readonly withdrawn?: Withdrawal;
}

/** An open task that was taken back: it counts until it is known that nobody can confirm it any more. */
export interface Withdrawal {
  /** ISO. */
  readonly at: string;
  /** What made the task wrong. */
  readonly rule: string;
}

/** The whole document. */
export interface Contact extends Profile {
  readonly touches: readonly KeptTouch[];
  /** Touches of records that went into this one, which keep them: they count for this one, too. */
  readonly elsewhere?: readonly KeptTouch[];
  /** Counts reservations and settlements, each of which is one ledger row: the ledger has no hole. */
  readonly revision: number;
  /** Link of the latest ledger row, of any kind (rules/ledger/chain.ts); absent before the first. */
  readonly chain?: string;
  /** Ledger rows so far, of every kind. */
  readonly sequence?: number;
  /** Which life of the contact this is, for who was forgotten and came back; absent: the first. */
  readonly life?: number;
  /** Counts changes of everything else the gate reads: a reservation holds only against the profile it was decided on. */
  readonly profileRevision: number;
  /** The latest journeys that were not started. */
  readonly staleStarts?: readonly StaleStart[];
  /** The latest executions of touches that were asked more than once. */
  readonly fences?: readonly Fence[];
}

/** Relations on which the customer can be reached now, the latest first. */
export function friendsOf(contact: Profile): readonly Relation[] {
  return [...(contact.relations ?? [])]
    .filter((relation) => relation.state === 'friend')
    .sort((a, b) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0));
}

/** The relation to speak through: with the member asked for while the customer is still a friend, otherwise with the latest friend. */
export function speakerFor(contact: Profile, staffId: string | undefined): Relation | undefined {
  const friends = friendsOf(contact);
  return friends.find((relation) => relation.staffId === staffId) ?? friends[0];
}

/** Ids under which something of the person may be kept: its own, and those of the records that went into it. */
export const recordIds = ({
  contactId,
  mergedFrom = [],
}: Pick<Contact, 'contactId' | 'mergedFrom'>): readonly string[] => [
  contactId,
  ...mergedFrom.map((record) => record.contactId),
];

/** All touches of the person, also those that another record of it keeps. */
export const allTouchesOf = ({ elsewhere = [], touches }: Contact): readonly KeptTouch[] =>
  elsewhere.length === 0 ? touches : [...elsewhere, ...touches];

/** The contact as the gate counts it. */
export const countedWhole = (contact: Contact): Contact =>
  contact.elsewhere ? { ...contact, touches: allTouchesOf(contact) } : contact;
