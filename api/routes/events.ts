// Events of customers: into the inbox before they are acknowledged, each with its own answer.

import { z } from 'zod';
import { inboundEvent } from '../../intake/inbound';
import { pastEvent } from '../../intake/past';
import { type CustomerEvent, customerEvent } from '../../rules/event/event.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import * as answers from '../answers';
import { BATCH_BYTES, batchAnswer, MAX_ROWS, readRows } from '../batch';
import { endpoint } from '../exchange';
import { takeRows } from '../inboundRows';

export const events = endpoint({
  summary: [
    '批量上报客户事件（逐条回答：接受、重复、拒绝）',
    'Report events; per event accepted, duplicate or refused',
  ],
  body: z.union([
    z.array(customerEvent).max(MAX_ROWS),
    strict({ events: z.array(customerEvent).max(MAX_ROWS) }),
  ]),
  rows: true,
  limitBytes: BATCH_BYTES,
  answer: answers.batch,
  async handle({ deps, caller, ...exchange }) {
    const now = deps.clock.now();
    const { good, refused } = readRows(exchange, 'events', (value) => readEvent(value, now));

    const rows = good.map(({ row, value }) => ({
      row,
      id: value.eventId,
      contactId: value.contactId,
      inbound: inboundEvent(value, now),
    }));

    return { body: batchAnswer([...(await takeRows(deps, caller, rows)), ...refused]) };
  },
});

/** As it was said: the same event sent again is then the same. @throws CodedError INVALID_INPUT also for one ahead of now */
function readEvent(value: unknown, now: number): CustomerEvent {
  const event = parseWith<CustomerEvent>(customerEvent, value, '');
  pastEvent(event, now);
  return event;
}
