// One at a time what stores do by the page: how most tests set something up or ask for it.

import type { Delivered } from '../../ports/channel';
import type { DeliveryRecord, DeliveryStore, Opened } from '../../ports/deliveries';
import type { ReservationRequest, TouchStore } from '../../ports/touches';
import type { DecisionRow } from '../../rules/ledger/rows';

type Touches = Pick<TouchStore, 'reserveMany' | 'recordMany' | 'decisionMany' | 'taskedMany'>;

/** The one answer to one question. */
function only<T>(answers: readonly T[]): T {
  const [answer, ...more] = answers;
  if (answer === undefined || more.length > 0)
    throw new Error(`one answer was expected, not ${answers.length}`);
  return answer;
}

export const reserveOne = async (
  touches: Touches,
  contact: ReservationRequest['contact'],
  row: DecisionRow,
  dropBefore?: string,
): Promise<boolean> =>
  only(
    await touches.reserveMany([{ contact, row, ...(dropBefore !== undefined && { dropBefore }) }]),
  );

export const recordOne = async (
  touches: Touches,
  row: DecisionRow,
  fence = 0,
): Promise<DecisionRow | null> => only(await touches.recordMany([{ row, fence }]));

export const decisionOf = async (
  touches: Touches,
  touchId: string,
  attempt: number,
  contactId: string,
): Promise<DecisionRow | null> =>
  only(await touches.decisionMany([{ touchId, attempt, contactId }]));

export const taskOne = (
  touches: Touches,
  contactId: string,
  touchId: string,
  channelRef: string,
): Promise<void> => touches.taskedMany([{ contactId, touchId, channelRef }]);

export const openOne = async (deliveries: DeliveryStore, record: DeliveryRecord): Promise<Opened> =>
  only(await deliveries.openMany([record]));

export const answerOne = (
  deliveries: DeliveryStore,
  touchId: string,
  attempt: number,
  answer: Delivered,
): Promise<void> => deliveries.answerMany([{ touchId, attempt, answer }]);
