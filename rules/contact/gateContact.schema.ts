// The part of a contact that the gate reads, and the touches that its rules count.

import { z } from 'zod';
import {
  instant,
  type ReadonlyDeep,
  strict,
  text,
  touchClass,
  wallWindow,
  zone,
} from '../input/shape.schema';

/** Fields of a touch, besides channel and class, per which a gap or cap can count. */
export const touchMarks = {
  category: z.string().optional(),
  campaign: z.string().optional(),
  product: z.string().optional(),
  staffId: z.string().optional(),
  city: z.string().optional(),
};

const touchRecord = strict({
  touchId: text,
  at: instant,
  state: z.enum(['reserved', 'tasked', 'sent', 'released']),
  channel: text,
  class: touchClass,
  ...touchMarks,
  /** Of an open touch: the instant from which it can no longer be confirmed. */
  settleBy: instant.optional(),
});

/** `number-reassigned`: the number is a newer customer's (二次放号). */
const UNREACHABLE_REASONS = ['number-reassigned'] as const;
export type UnreachableReason = (typeof UNREACHABLE_REASONS)[number];

const state = z.enum(['granted', 'refused', 'unknown']).optional();
/** Of one channel, by class. */
const consents = strict({ transactional: state, service: state, marketing: state, reply: state });

export const gateContact = strict({
  contactId: text,
  city: z.string().optional(),
  timezone: zone.optional(),
  billDay: z.int().min(1).max(31).optional(),
  channels: z
    .record(
      z.string(),
      strict({
        reachable: z.boolean().optional(),
        why: z.enum(UNREACHABLE_REASONS).optional(),
      }).optional(),
    )
    .optional(),
  consents: z.record(z.string(), consents.optional()).optional(),
  blocks: z.array(strict({ channel: text, reason: z.string().optional() })).optional(),
  /** Channels that are closed to offers, whatever a policy needs: after an answer of the customer. */
  holds: z.array(strict({ channel: text, reason: z.string().optional() })).optional(),
  dnd: z
    .array(
      strict({
        from: instant.optional(),
        until: instant.optional(),
        channels: z.array(text).optional(),
        classes: z.array(touchClass).optional(),
      }),
    )
    .optional(),
  quietHours: wallWindow.optional(),
  touches: z.array(touchRecord).optional(),
});

/** The part of a contact that the gate reads. */
export type GateContact = ReadonlyDeep<z.infer<typeof gateContact>>;
/** A past or reserved touch, as the contact keeps it. */
export type TouchRecord = ReadonlyDeep<z.infer<typeof touchRecord>>;
