// When the record of a delivery is opened again: the same for the stores in memory and over MongoDB.

import type { DeliveryRecord } from '../ports/deliveries';

/** By a later attempt, or by a later execution of the same attempt while the channel's answer is not known. */
export function isReplacedBy(known: DeliveryRecord, record: DeliveryRecord): boolean {
  if (known.attempt !== record.attempt) return known.attempt < record.attempt;
  return known.answer === undefined && (known.fence ?? 0) < (record.fence ?? 0);
}
