// What was handed, or about to be handed, to a channel: written before the call, so that a crash leaves a question and not a guess.

import type { Delivered, Delivery } from './channel';

export interface DeliveryRecord extends Delivery {
  readonly attempt: number;
  readonly channel: string;
  readonly workflowId: string;
  readonly answer?: Delivered;
}

export interface DeliveryStore {
  /** Opens the record of this attempt. When it exists, the existing one is returned with `opened: false`. A later attempt replaces an earlier one. */
  open(record: DeliveryRecord): Promise<{ readonly opened: boolean; readonly record: DeliveryRecord }>;
  answer(touchId: string, attempt: number, answer: Delivered): Promise<void>;
  find(touchId: string): Promise<DeliveryRecord | null>;
}
