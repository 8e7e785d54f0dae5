// The events that operators' systems report of a customer, by type, each with exactly the data it needs.

import { z } from 'zod';
import { channelName, plan } from '../contact/contact.schema';
import { fen, foreignId, id, joinedId, label, percent, utc } from '../input/input.schema';
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

/** Under our name or, as other systems call it, under another: exactly one of them. */
function either<Name extends string>(
  data: Readonly<Record<string, unknown>>,
  name: Name,
  other: string,
  context: z.RefinementCtx,
): void {
  const isMissing = data[name] === undefined && data[other] === undefined;
  const isTwice = data[name] !== undefined && data[other] !== undefined;
  if (isMissing || isTwice)
    context.addIssue({
      code: 'custom',
      path: [isTwice ? other : name],
      message: `either ${name} or ${other}`,
    });
}

const usage = strict({ dataUsedPct: percent.exactOptional(), percent: percent.exactOptional() })
  .superRefine((data, context) => either(data, 'dataUsedPct', 'percent', context))
  .transform(({ dataUsedPct, percent: used = 0 }) => ({ dataUsedPct: dataUsedPct ?? used }));

const bill = strict({
  billDueFen: fen.exactOptional(),
  dueFen: fen.exactOptional(),
  balanceFen: fen.exactOptional(),
})
  .superRefine((data, context) => either(data, 'billDueFen', 'dueFen', context))
  .transform(({ billDueFen, dueFen = 0, ...data }) => ({
    ...data,
    billDueFen: billDueFen ?? dueFen,
  }));

const balance = strict({ balanceFen: fen });
const message = strict({
  staffId: id.exactOptional(),
  /** Personal: read for words of refusal, and kept nowhere but in the inbox. */
  text: z.string().max(2000).exactOptional(),
}).default({});

/** A link, poster or mini-program that the customer opened: of a campaign, or of a touch. */
const opened = strict({
  campaign: label.exactOptional(),
  touchId: joinedId.exactOptional(),
}).superRefine((data, context) => either(data, 'campaign', 'touchId', context));

export const customerEvent = z.discriminatedUnion('type', [
  event('usage', usage),
  event('bill', bill),
  event('bill-paid', none),
  event('offer-accepted', strict({ product: id, touchId: joinedId.exactOptional() })),
  event('offer-refused', strict({ product: id.exactOptional() }).default({})),
  event('customer-message', message),
  event('message', message),
  event('opened', opened),
  event('stage', strict({ stage: label })),
  event('recharge', balance),
  event('balance', balance),
  event('plan-changed', strict({ plan })),
  event('purchase', strict({ product: id })),
  event('complaint', strict({ channel: channelName.exactOptional() }).default({})),
]);

export type CustomerEvent = ReadonlyDeep<z.infer<typeof customerEvent>>;
