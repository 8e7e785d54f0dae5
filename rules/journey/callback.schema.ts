// Call-backs of the systems around us in our own words, as the inbox keeps them and as people mend them.

import { z } from 'zod';
import { phone } from '../contact/phone.schema';
import { foreignId, id, joinedId, label, reference, utc } from '../input/input.schema';
import { strict } from '../input/shape.schema';
import { leadOutcome } from './journey.schema';

const fact = { id: foreignId, at: utc };

export const systemCallback = z.discriminatedUnion('type', [
  strict({
    ...fact,
    system: z.literal('sms'),
    type: z.literal('receipt'),
    clientMessageId: joinedId,
    messageId: reference,
    part: z.int().min(1).max(255).exactOptional(),
    status: z.enum(['delivered', 'failed']),
    code: reference.exactOptional(),
  }),
  strict({
    ...fact,
    system: z.literal('sms'),
    type: z.literal('upstream'),
    phone,
    text: z.string().max(2000),
  }),
  strict({
    ...fact,
    system: z.literal('crm'),
    type: z.literal('order'),
    orderKey: joinedId,
    orderId: reference,
    contactId: id,
    product: id,
    state: z.enum(['completed', 'rejected']),
    reason: z.string().max(200).exactOptional(),
  }),
  strict({
    ...fact,
    system: z.literal('iop'),
    type: z.literal('call'),
    clientCallId: joinedId,
    callId: reference,
    contactId: id,
    outcome: leadOutcome,
    outcomeSaid: label.exactOptional(),
    dialled: z.boolean(),
  }),
]);

const wecomFact = { dedupeKey: reference, at: z.int().min(0) };
const relation = { ...wecomFact, staffId: id, externalUserId: id };

export const wecomCallback = z.discriminatedUnion('kind', [
  strict({
    ...relation,
    kind: z.literal('added'),
    half: z.boolean(),
    scene: label.exactOptional(),
    welcomeCode: reference.exactOptional(),
  }),
  strict({ ...relation, kind: z.literal('edited') }),
  strict({ ...relation, kind: z.literal('removed-by-staff'), transferred: z.boolean() }),
  strict({ ...relation, kind: z.literal('removed-by-customer') }),
  strict({ ...relation, kind: z.literal('transfer-failed'), reason: label }),
  strict({
    ...wecomFact,
    kind: z.literal('other'),
    event: label,
    changeType: label.exactOptional(),
    staffId: id.exactOptional(),
    externalUserId: id.exactOptional(),
  }),
]);
