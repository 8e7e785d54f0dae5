// What was handed, or about to be handed, to a channel: written before the call, so that a crash leaves a question and not a guess.

import type { Delivered, Delivery } from './channel';

export interface DeliveryRecord extends Delivery {
  readonly attempt: number;
  readonly channel: string;
  readonly workflowId: string;
  readonly answer?: Delivered;
}

export interface DeliveryAnswer {
  readonly touchId: string;
  readonly attempt: number;
  readonly answer: Delivered;
}

export interface Opened {
  readonly opened: boolean;
  readonly record: DeliveryRecord;
}

/** Calls that end in `Many` are for a page of touches, in few writes. */
export interface DeliveryStore {
  /** Opens the records of attempts. Where one exists, it is returned with `opened: false`. A later attempt replaces an earlier one. */
  openMany(records: readonly DeliveryRecord[]): Promise<Opened[]>;
  answerMany(answers: readonly DeliveryAnswer[]): Promise<void>;
  find(touchId: string): Promise<DeliveryRecord | null>;
  /** In no particular order; those that are not there are left out. */
  findMany(touchIds: readonly string[]): Promise<DeliveryRecord[]>;
}
