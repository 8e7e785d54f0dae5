// Every type of event that sopflow knows of itself, with exactly the data that it needs.

import { z } from 'zod';
import { channelName, plan } from '../contact/contact.schema';
import { fen, foreignId, id, joinedId, label } from '../input/input.schema';
import { date, strict } from '../input/shape.schema';
import { usage } from './usage.schema';

const none = strict({}).default({});

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

/** What was paid in, what the balance is since, or both. */
const recharge = strict({
  amountFen: fen.min(0).exactOptional(),
  balanceFen: fen.exactOptional(),
}).refine(({ amountFen, balanceFen }) => amountFen !== undefined || balanceFen !== undefined, {
  path: ['amountFen'],
  message: 'amountFen, balanceFen or both',
});

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

const points = z.int().min(0).max(1_000_000_000);

/** By type, what `data` holds. */
export const EVENT_DATA = {
  usage,
  bill,
  'bill-paid': none,
  'offer-accepted': strict({ product: id, touchId: joinedId.exactOptional() }),
  'offer-refused': strict({ product: id.exactOptional() }).default({}),
  'customer-message': message,
  message,
  opened,
  stage: strict({ stage: label }),
  recharge,
  balance: strict({ balanceFen: fen }),
  'plan-changed': strict({ plan }),
  purchase: strict({ product: id }),
  complaint: strict({ channel: channelName.exactOptional() }).default({}),
  /** An order of another system; ours report themselves. */
  order: strict({
    orderId: foreignId,
    product: id,
    state: z.enum(['placed', 'accepted', 'done', 'failed', 'cancelled']),
  }),
  contract: strict({ endsOn: date, product: id.exactOptional() }),
  /** Where the customer signed in: the app, the web hall, a mini-program. */
  login: strict({ where: label.exactOptional() }).default({}),
  points: strict({
    balance: points,
    expiring: points.exactOptional(),
    expiresOn: date.exactOptional(),
  }),
  /** Where the customer is now, which need not be the city that the contact belongs to. */
  'location-city': strict({ city: id }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type EventType = keyof typeof EVENT_DATA;
