// How a journey is begun from outside, by kind, and how a lead comes in. What only sopflow knows is filled in by it.

import { z } from 'zod';
import { id, label, utc } from '../input/input.schema';
import { strict } from '../input/shape.schema';
import { LEAD_OUTCOMES } from './lead';

export const leadOutcome = z.enum(LEAD_OUTCOMES);
const channelName = z.enum(['wecom', 'sms', 'call']);

export const leadInput = strict({
  leadId: id,
  contactId: id,
  product: id,
  outcome: leadOutcome,
  createdAt: utc,
  expiresAt: utc.exactOptional(),
});

export const runStart = {
  welcome: strict({
    contactId: id,
    staffId: id,
    externalUserId: id,
    welcomeCode: label.exactOptional(),
    scene: label.exactOptional(),
    addedAt: utc,
  }),
  followUp: strict({ contactId: id, staffId: id, addedAt: utc }),
  monthStart: strict({ contactId: id, billedAt: utc, staffId: id.exactOptional() }),
  overage: strict({
    contactId: id,
    /** Names the opportunity: the same one is never started twice. */
    entry: id,
    product: id,
    expiresAt: utc,
    template: id.default('overage-offer'),
    channel: channelName.default('wecom'),
    fallback: z.array(channelName).max(3).default(['sms']),
    staffId: id.exactOptional(),
  }),
  leadRetry: strict({
    contactId: id,
    leadId: id,
    product: id,
    outcome: leadOutcome,
    maxAttempts: z.int().min(1).max(10).default(6),
    expiresAt: utc.exactOptional(),
    staffId: id.exactOptional(),
  }),
};
