// Events of customers: into the inbox before they are acknowledged, each with its own answer.

import { z } from 'zod';
import { inboundEvent } from '../../intake/inbound';
import { pastEvent } from '../../intake/past';
import { customerEvent } from '../../rules/event/event.schema';
import { eventFrame } from '../../rules/event/eventType.schema';
import type { EventReader, ReportedEvent } from '../../rules/event/readEvent.schema';
import { strict } from '../../rules/input/shape.schema';
import * as answers from '../answers';
import { BATCH_BYTES, batchAnswer, MAX_ROWS, readRows } from '../batch';
import { currentEventReader } from '../eventTypes';
import { endpoint } from '../exchange';
import { takeRows } from '../inboundRows';

/** Documents the body; rows are read by the types that are registered. */
const ownEvent = strict({
  ...eventFrame,
  data: z.record(z.string(), z.unknown()).exactOptional(),
});
const anyEvent = z.union([customerEvent, ownEvent]);

export const events = endpoint({
  summary: [
    '批量上报客户事件（逐条回答：接受、重复、拒绝）',
    'Report events; per event accepted, duplicate or refused',
  ],
  body: z.union([
    z.array(anyEvent).max(MAX_ROWS),
    strict({ events: z.array(anyEvent).max(MAX_ROWS) }),
  ]),
  rows: true,
  limitBytes: BATCH_BYTES,
  answer: answers.batch,
  async handle({ deps, caller, ...exchange }) {
    const now = deps.clock.now();
    const read = await currentEventReader(deps.stores);
    const { good, refused } = readRows(exchange, 'events', pastReader(read, now));

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
const pastReader =
  (read: EventReader, now: number) =>
  (value: unknown): ReportedEvent => {
    const event = read(value);
    pastEvent(event, now);
    return event;
  };
