// The shapes around the gate: the contact as it sees it, the touch it is asked about, and its decision.

import { z } from 'zod';
import type { RuleKind } from './answer';
import { parseWith } from './parse';
import { policySchema, wallWindow } from './policy.schema';
import { date, instant, type ReadonlyDeep, strict, text, touchClass, zone } from './shape.schema';

/** Exceptions by date (`YYYY-MM-DD`); otherwise Monday to Friday are work days. */
const holidays = z.record(date, z.enum(['rest', 'work']));

const marks = {
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
  ...marks,
});

/** The touch that is asked about. */
export const touch = strict({
  touchId: text,
  at: instant,
  channel: text,
  class: touchClass,
  ...marks,
  expiresAt: instant.optional(),
});

const state = z.enum(['granted', 'refused', 'unknown']).optional();
/** Of one channel, by class. */
const consents = strict({ transactional: state, service: state, marketing: state });

const contact = strict({
  contactId: text,
  city: z.string().optional(),
  timezone: zone.optional(),
  billDay: z.int().min(1).max(31).optional(),
  channels: z
    .record(z.string(), strict({ reachable: z.boolean().optional() }).optional())
    .optional(),
  consents: z.record(z.string(), consents.optional()).optional(),
  blocks: z.array(strict({ channel: text, reason: z.string().optional() })).optional(),
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

/** One whole case, as the vectors and the API give it. */
export const gateCase = strict({
  policy: policySchema,
  contact,
  touch,
  holidays: holidays.default({}),
  name: z.unknown().optional(),
  expect: z.unknown().optional(),
});

export type Holidays = ReadonlyDeep<z.infer<typeof holidays>>;
/** The part of a contact that the gate reads. */
export type GateContact = ReadonlyDeep<z.infer<typeof contact>>;
/** The touch that is asked about; `at` is the instant of the decision. */
export type Touch = ReadonlyDeep<z.infer<typeof touch>>;
/** A past or reserved touch, as the contact keeps it. */
export type TouchRecord = ReadonlyDeep<z.infer<typeof touchRecord>>;
/** All that one decision depends on. */
export type GateCase = ReadonlyDeep<z.infer<typeof gateCase>>;

/** What one rule said at the instant of the decision. */
export interface Explained {
  readonly kind: RuleKind;
  readonly rule: string;
  readonly answer: 'pass' | 'defer' | 'suppress';
  /** With `defer` only. */
  readonly until?: string;
  readonly detail: string;
}

export interface Decision {
  readonly verdict: 'pass' | 'deferred' | 'suppressed';
  /** The kind of the deciding rule, `expired` or `too-late`; absent on a pass. */
  readonly reason?: string;
  readonly rule?: string;
  /** UTC with milliseconds; with `deferred` only. */
  readonly until?: string;
  readonly explain: readonly Explained[];
}

/** Reads one case of the gate; anything malformed is an error naming the place, the value and what is allowed. */
export function parseGateCase(value: unknown): GateCase {
  return parseWith(gateCase, value, '');
}
