// What was handed, or about to be handed, to a channel: written before the call, so that a crash leaves a question and not a guess.

import type { Delivered, Delivery } from './channel';

export interface DeliveryRecord extends Delivery {
  readonly attempt: number;
  readonly channel: string;
  readonly workflowId: string;
  /** Of the execution that may hand it over; absent: 0. */
  readonly fence?: number;
  /** Milliseconds: when the call was begun whose outcome is not known. */
  readonly inDoubtSince?: number;
  readonly answer?: Delivered;
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

/** Calls that end in `Many` are for a page of touches, in few writes. */
export interface DeliveryStore {
  /**
   * Opens the records of attempts: only who opened one may hand it over. A later attempt, and a later execution of an attempt
   * without an answer, takes the place of an earlier one; otherwise the one that is there is returned with `opened: false`.
   */
  openMany(records: readonly DeliveryRecord[]): Promise<Opened[]>;
  /** Keeps answers of those who opened the records. @throws CodedError CONFLICT for the answer to an overtaken one */
  answerMany(answers: readonly DeliveryAnswer[]): Promise<void>;
  /** The channel said that it did not take them: nothing is in doubt. */
  notTakenMany(refs: readonly OpenedRef[]): Promise<void>;
  find(touchId: string): Promise<DeliveryRecord | null>;
  /** In no particular order; those that are not there are left out. */
  findMany(touchIds: readonly string[]): Promise<DeliveryRecord[]>;
}
