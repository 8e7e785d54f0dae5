// The events that operators' systems report of a customer, by type, each with exactly the data it needs.

import { z } from 'zod';
import { channelName, plan } from '../contact/contact.schema';
import { fen, foreignId, id, joinedId, percent, utc } from '../input/input.schema';
import { type ReadonlyDeep, strict } from '../input/shape.schema';

const none = strict({}).default({});

function event<Type extends string, Facts extends z.ZodType>(type: Type, data: Facts) {
  return strict({
    eventId: foreignId,
    type: z.literal(type),
    contactId: id,
    occurredAt: utc,
    data,
  });
}

export const customerEvent = z.discriminatedUnion('type', [
  event('usage', strict({ dataUsedPct: percent })),
  event('bill', strict({ billDueFen: fen, balanceFen: fen.exactOptional() })),
  event('bill-paid', none),
  event('offer-accepted', strict({ product: id, touchId: joinedId.exactOptional() })),
  event('offer-refused', strict({ product: id.exactOptional() }).default({})),
  event(
    'customer-message',
    strict({
      staffId: id.exactOptional(),
      /** Personal: read for words of refusal, and kept nowhere but in the inbox. */
      text: z.string().max(2000).exactOptional(),
    }).default({}),
  ),
  event('plan-changed', strict({ plan })),
  event('purchase', strict({ product: id })),
  event('complaint', strict({ channel: channelName.exactOptional() }).default({})),
]);

export type CustomerEvent = ReadonlyDeep<z.infer<typeof customerEvent>>;
