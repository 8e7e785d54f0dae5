// What was handed, or about to be handed, to a channel: written before the call, so that a crash leaves a question and not a guess.

import type { Delivered, Delivery } from './channel';

export interface DeliveryRecord extends Delivery {
  readonly attempt: number;
  readonly channel: string;
  /** `id@version` of its words; absent on records of before it was kept. */
  readonly template?: string;
  readonly workflowId: string;
  /** Of the execution that may hand it over; absent: 0. */
  readonly fence?: number;
  /** Milliseconds: when the call was begun whose outcome is not known. */
  readonly inDoubtSince?: number;
  readonly answer?: Delivered;
  /** The channel's reference of the task, as long as somebody can act on it. */
  readonly openTask?: string;
}

/** An open task, without what is personal. */
export type OpenTaskRecord = DeliveryRecord & { readonly openTask: string };

/** Which open tasks, in the order of (openTask, touchId); without a filter all of them. */
export interface OpenTasksFilter {
  readonly openTask?: string;
  readonly contactIds?: readonly string[];
  /** The task that theirs was made in the place of. */
  readonly replaces?: string;
  /** The last one of the page before. */
  readonly after?: Pick<OpenTaskRecord, 'openTask' | 'touchId'>;
  readonly limit: number;
}

export interface DeliveryAnswer {
  readonly touchId: string;
  readonly attempt: number;
  readonly fence?: number;
  readonly answer: Delivered;
}

/** Which record, by the execution that opened it. */
export type OpenedRef = Omit<DeliveryAnswer, 'answer'>;

export interface Opened {
  readonly opened: boolean;
  readonly record: DeliveryRecord;
}

/** The words that a task is made again in. */
export type RewordedTask = Pick<DeliveryRecord, 'touchId' | 'text' | 'template'>;

/** Calls that end in `Many` are for a page of touches, in few writes. */
export interface DeliveryStore {
  /**
   * Opens the records of attempts: only who opened one may hand it over. A later attempt, and a later execution of an attempt
   * without an answer, takes the place of an earlier one; otherwise the one that is there is returned with `opened: false`.
   */
  openMany(records: readonly DeliveryRecord[]): Promise<Opened[]>;
  /** Keeps answers of those who opened the records; `tasked` opens a task. @throws CodedError CONFLICT for the answer to an overtaken one */
  answerMany(answers: readonly DeliveryAnswer[]): Promise<void>;
  /** The channel said that it did not take them: nothing is in doubt. */
  notTakenMany(refs: readonly OpenedRef[]): Promise<void>;
  openTasks(filter: OpenTasksFilter): Promise<OpenTaskRecord[]>;
  countOpenTasks(openTask: string): Promise<number>;
  /** They are settled: nobody can act on them any more. */
  closeTasks(touchIds: readonly string[]): Promise<void>;
  /**
   * Before open tasks are handed over again, their task having been cancelled: forgets its answer, so that a crash leaves a question.
   * They stay among the open ones of that task until they are answered. Those whose task is another one by now are left alone.
   * @param at milliseconds: when the call is begun; of several, a look-up searches from the first
   */
  reopenTasks(touchIds: readonly string[], openTask: string, at: number): Promise<void>;
  /** The same for those that are to be handed over in other words, which are kept in the same write. Those reopened before keep theirs. */
  rewordTasks(tasks: readonly RewordedTask[], openTask: string, at: number): Promise<void>;
  find(touchId: string): Promise<DeliveryRecord | null>;
  /** In no particular order; those that are not there are left out. */
  findMany(touchIds: readonly string[]): Promise<DeliveryRecord[]>;
  /** Takes away at most `limit` that were first asked for before an instant (milliseconds) and on which nobody can act; how many. */
  removeBefore(before: number, limit: number): Promise<number>;
  /** All of a contact, in no particular order. */
  ofContact(contactId: string): Promise<DeliveryRecord[]>;
  /**
   * Records that a channel has answered with one of these references of its own, or that stand in for one of them; in no
   * particular order.
   */
  ofChannelRefs(channelRefs: readonly string[]): Promise<DeliveryRecord[]>;
  /** Records to these WeCom customers, first asked for at `askedSince` (milliseconds) or later; in no particular order. */
  toCustomers(externalUserIds: readonly string[], askedSince: number): Promise<DeliveryRecord[]>;
}
