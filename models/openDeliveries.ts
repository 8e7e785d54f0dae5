// Who has the record of a delivery open: the same for the stores in memory and over MongoDB.

import type { Delivered } from '../ports/channel';
import type { DeliveryRecord, OpenedRef } from '../ports/deliveries';
import { CodedError } from '../rules/base/errors';

/** By a later attempt, or by a later execution of the same attempt while the channel's answer is not known. */
export function isReplacedBy(known: DeliveryRecord, record: DeliveryRecord): boolean {
  if (known.attempt !== record.attempt) return known.attempt < record.attempt;
  return known.answer === undefined && (known.fence ?? 0) < (record.fence ?? 0);
}

/** True while this execution of this attempt is the one that hands it over. */
export const isOpenedBy = (
  record: DeliveryRecord | undefined,
  { attempt, fence = 0 }: OpenedRef,
): boolean => record?.attempt === attempt && (record.fence ?? 0) === fence;

/** What an answer changes of the record: a task is open from then on. */
export const answeredBy = (
  answer: Delivered,
): Required<Pick<DeliveryRecord, 'answer'>> & Pick<DeliveryRecord, 'openTask'> => ({
  answer,
  ...(answer.kind === 'tasked' && { openTask: answer.channelRef }),
});

export const notOpenedBy = ({ touchId, attempt }: OpenedRef): CodedError =>
  new CodedError(
    'CONFLICT',
    `attempt ${attempt} of touch ${touchId} is not the one being delivered`,
  );
