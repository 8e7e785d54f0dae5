// Everything the sandbox remembers, as rows.

import type { LeadOutcome } from '../rules/journey/lead';
import type { BookEntry } from './book';
import type { Fault } from './faults';
import type { Parcel } from './outbox';
import type { Table, Tables } from './tables';
import type { Timer } from './timers';
import type { Told } from './told';
import type { WorldOptions } from './world/options';

export interface Customer {
  readonly contactId: string;
  readonly externalUserId: string;
  readonly unionId: string;
  readonly name?: string;
  readonly phone?: string;
  readonly city?: string;
  readonly plan?: { readonly id: string; readonly fee: number };
  readonly balanceFen: number;
  readonly billDueFen: number;
  readonly dataUsedPct: number;
  readonly monthlySpendFen: number;
  readonly overDataMonths: number;
  readonly products: readonly string[];
  /** Replied R: the gateway refuses this number from then on. */
  readonly smsRefused: boolean;
}

export interface Staff {
  readonly staffId: string;
  readonly name?: string;
  readonly city?: string;
  readonly state: 'active' | 'resigned';
  /** Never confirms a mass send of its own accord. */
  readonly ignores: boolean;
  /** The admin console has a welcome set for this member: WeCom then hands out no code. */
  readonly consoleWelcome: boolean;
}

/** Member × customer. `half`: the member has not accepted yet. */
export interface Tie {
  readonly staffId: string;
  readonly contactId: string;
  readonly externalUserId: string;
  readonly state: 'friend' | 'half' | 'removed-by-customer' | 'removed-by-staff';
  readonly addedAt: number;
  readonly addWay: number;
  readonly scene?: string;
  readonly lastChatAt?: number;
  readonly welcomed: boolean;
  readonly remark: string;
  readonly description: string;
  readonly remarkCompany?: string;
  readonly remarkMobiles: readonly string[];
  readonly tagIds: readonly string[];
}

export interface Welcome {
  readonly code: string;
  readonly staffId: string;
  readonly externalUserId: string;
  readonly issuedAt: number;
  readonly used: boolean;
}

export interface Token {
  readonly token: string;
  readonly expiresAt: number;
  readonly state: 'valid' | 'invalidated' | 'expired';
}

export interface TagGroup {
  readonly groupId: string;
  readonly name: string;
  readonly order: number;
  readonly createdAt: number;
}

export interface Tag {
  readonly tagId: string;
  readonly groupId: string;
  readonly name: string;
  readonly order: number;
  readonly createdAt: number;
}

export interface MassSend {
  readonly msgid: string;
  readonly chatType: 'single';
  readonly text: string;
  readonly attachments: readonly unknown[];
  readonly createdAt: number;
  readonly cancelledAt?: number;
  readonly remindedAt: readonly number[];
}

/** What one member must confirm. `decided`: the automatic world has made up its mind about it. */
export interface Task {
  readonly msgid: string;
  readonly staffId: string;
  readonly status: 0 | 2;
  readonly sentAt?: number;
  readonly decided: boolean;
}

/** 0 not sent, 1 sent, 2 not a friend, 3 over the customer's cap. */
export interface SendResult {
  readonly msgid: string;
  readonly staffId: string;
  readonly externalUserId: string;
  readonly status: 0 | 1 | 2 | 3;
  readonly sentAt?: number;
}

export interface Notice {
  readonly msgid: string;
  readonly staffIds: readonly string[];
  readonly text: string;
  readonly at: number;
}

export interface Sms {
  readonly clientMessageId: string;
  readonly messageId: string;
  readonly phone: string;
  readonly text: string;
  readonly acceptedAt: number;
  readonly status: 'accepted' | 'delivered' | 'failed';
}

export interface PlacedOrder {
  readonly orderKey: string;
  readonly orderId: string;
  readonly contactId: string;
  readonly product: string;
  readonly staffId?: string;
  readonly state: 'accepted' | 'completed' | 'rejected';
  readonly reason?: string;
}

export interface Call {
  readonly clientCallId: string;
  readonly callId: string;
  readonly contactId: string;
  readonly phone: string;
  readonly staffId?: string;
  readonly script: string;
  readonly state: 'queued' | 'done';
  readonly outcome?: LeadOutcome;
  readonly dialled?: boolean;
  readonly at?: number;
}

export interface PooledLead {
  readonly seq: number;
  readonly leadId: string;
  readonly contactId: string;
  readonly product: string;
  readonly outcome: LeadOutcome;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly report?: { readonly outcome: string; readonly attempts: number; readonly at: string };
}

export interface SoldProduct {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly fee: number;
}

export interface State {
  readonly customers: Table<Customer>;
  readonly staff: Table<Staff>;
  readonly ties: Table<Tie>;
  readonly welcomes: Table<Welcome>;
  readonly tokens: Table<Token>;
  readonly tagGroups: Table<TagGroup>;
  readonly tags: Table<Tag>;
  readonly massSends: Table<MassSend>;
  readonly tasks: Table<Task>;
  readonly results: Table<SendResult>;
  /** Enterprise sends a customer got in one period. */
  readonly received: Table<number>;
  readonly notices: Table<Notice>;
  readonly sms: Table<Sms>;
  readonly orders: Table<PlacedOrder>;
  readonly calls: Table<Call>;
  readonly leads: Table<PooledLead>;
  readonly products: Table<SoldProduct>;
  readonly book: Table<BookEntry>;
  readonly faults: Table<Fault>;
  readonly timers: Table<Timer>;
  readonly parcels: Table<Parcel>;
  readonly told: Table<Told>;
  readonly world: Table<WorldOptions>;
  readonly counters: Table<number>;
}

export const tieId = (staffId: string, externalUserId: string): string =>
  `${staffId}|${externalUserId}`;
export const taskId = (msgid: string, staffId: string): string => `${msgid}|${staffId}`;
export const resultId = (msgid: string, staffId: string, externalUserId: string): string =>
  `${msgid}|${staffId}|${externalUserId}`;

export function openState(tables: Tables): State {
  return {
    customers: tables.open('customers', {
      externalUserId: (row) => row.externalUserId,
      phone: (row) => row.phone,
    }),
    staff: tables.open('staff'),
    ties: tables.open('ties', {
      staffId: (row) => row.staffId,
      externalUserId: (row) => row.externalUserId,
    }),
    welcomes: tables.open('welcomes'),
    tokens: tables.open('tokens'),
    tagGroups: tables.open('tagGroups', { name: (row) => row.name }),
    tags: tables.open('tags', { groupId: (row) => row.groupId }),
    massSends: tables.open('massSends'),
    tasks: tables.open('tasks', {
      msgid: (row) => row.msgid,
      open: (row) => (row.status === 0 ? row.staffId : undefined),
      undecided: (row) => (row.status === 0 && !row.decided ? 'yes' : undefined),
    }),
    results: tables.open('results', { task: (row) => taskId(row.msgid, row.staffId) }),
    received: tables.open('received'),
    notices: tables.open('notices'),
    sms: tables.open('sms'),
    orders: tables.open('orders'),
    calls: tables.open('calls'),
    leads: tables.open('leads'),
    products: tables.open('products'),
    book: tables.open('book', { contactId: (row) => row.contactId }),
    faults: tables.open('faults'),
    timers: tables.open('timers'),
    parcels: tables.open('parcels'),
    told: tables.open('told', { system: (row) => row.system }),
    world: tables.open('world'),
    counters: tables.open('counters'),
  };
}
