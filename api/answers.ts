// Shapes of answers, for OpenAPI and for the tests that hold handlers to them; fields may be added, never taken away.

import { z } from 'zod';

export const anything = z.looseObject({});
export const listOf = (item: z.ZodType) => z.object({ items: z.array(item) });
/** `next`: pass it as `after` to go on; null at the end. */
export const pageOf = (item: z.ZodType) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export const issue = z.looseObject({ path: z.string(), message: z.string() });

export const bookReport = z.looseObject({
  reportId: z.string(),
  flow: z.enum(['reap', 'reconcile']),
  from: z.string().optional(),
  to: z.string().optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** By part: how many records were compared, and how many of each kind differed. */
  parts: z.record(
    z.string(),
    z.looseObject({
      pages: z.int(),
      looked: z.int(),
      found: z.record(z.string(), z.int()),
      state: z.enum(['running', 'done', 'failed']),
      failure: z.string().optional(),
    }),
  ),
});

export const batch = z.object({
  rows: z.array(
    z.looseObject({
      row: z.int(),
      id: z.string().optional(),
      status: z.enum(['accepted', 'duplicate', 'refused']),
      code: z.string().optional(),
      issues: z.array(issue).optional(),
    }),
  ),
  accepted: z.int(),
  duplicate: z.int(),
  refused: z.int(),
});

export const contactBatch = batch.extend({
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
});

export const contactAct = z.looseObject({
  actId: z.string(),
  contactId: z.string(),
  kind: z.enum(['complaint', 'block-lifted', 'merged', 'split']),
  by: z.string(),
  at: z.string(),
  reason: z.string().optional(),
});
export const double = z.object({
  name: z.looseObject({ kind: z.enum(['phone', 'unionId', 'externalUserId']) }),
  contacts: z.array(z.looseObject({ contactId: z.string(), city: z.string() })),
});
export const nameClaim = z.looseObject({
  claimId: z.string(),
  contactId: z.string(),
  city: z.string(),
  name: z.looseObject({ kind: z.enum(['phone', 'unionId']), value: z.string().optional() }),
  holders: z.array(z.looseObject({ contactId: z.string(), city: z.string() })),
  state: z.enum(['waiting', 'granted', 'refused']),
});
export const contact = z.looseObject({ contactId: z.string(), city: z.string() });
export const consents = z.looseObject({
  contactId: z.string(),
  consents: anything,
  blocks: z.array(anything),
  /** Where an answer of the customer keeps offers back. */
  holds: z.array(anything),
  evidence: z.array(
    z.looseObject({
      channel: z.string(),
      class: z.string(),
      state: z.string(),
      source: z.string(),
      textVersion: z.string().optional(),
      at: z.string().optional(),
    }),
  ),
});
export const run = z.looseObject({
  workflowId: z.string(),
  journey: z.string(),
  contactId: z.string(),
  city: z.string(),
  state: z.enum(['running', 'closed']),
  startedAt: z.string(),
  link: z.string().optional(),
});
export const inboxItem = z.looseObject({
  key: z.string(),
  kind: z.string(),
  state: z.enum(['pending', 'parked', 'done', 'discarded']),
  lane: z.string(),
  payload: anything,
  receivedAt: z.string(),
  attempts: z.int(),
  reason: z
    .looseObject({ code: z.string(), message: z.string(), issues: z.array(issue).optional() })
    .optional(),
  history: z.array(z.looseObject({ at: z.string(), by: z.string(), did: z.string() })),
});
const phrase = z.object({ zh: z.string(), en: z.string() });
export const kindOfJourney = z.looseObject({
  kind: z.string(),
  name: phrase,
  does: phrase,
  classes: z.array(z.string()),
  start: z.array(z.object({ field: z.string(), type: z.string(), required: z.boolean() })),
});
export const order = z.looseObject({
  orderKey: z.string(),
  orderId: z.string(),
  contactId: z.string(),
  state: z.string(),
});
export const reply = z.looseObject({
  id: z.string(),
  channel: z.string(),
  at: z.string(),
  receivedAt: z.string(),
  state: z.enum(['open', 'resolved']),
  contactIds: z.array(z.string()),
  /** Of an open one, as long as the inbox has it. */
  text: z.string().optional(),
  resolution: z
    .object({
      refusal: z.boolean(),
      note: z.string().optional(),
      by: z.string(),
      at: z.string(),
    })
    .optional(),
});
export const lead = z.looseObject({
  leadId: z.string(),
  contactId: z.string(),
  state: z.string(),
  attempts: z.number(),
});
export const ledgerRow = z.looseObject({
  kind: z.enum(['decision', 'settlement']),
  touchId: z.string(),
  at: z.string(),
});
const words = z.looseObject({ 'zh-CN': z.string().optional(), en: z.string().optional() });
const said = z.looseObject({
  kind: z.string(),
  rule: z.string(),
  answer: z.string(),
  detail: z.string(),
  words,
  counted: z.array(z.string()).optional(),
});
/** A row with its words; every line of a decision's explanation has its own, and the ids of the touches it counted. */
export const toldRow = ledgerRow.extend({ words, explain: z.array(said).optional() });
export const staleStart = z.looseObject({
  ...{ journey: z.string(), verdict: z.literal('stale'), reason: z.string() },
  ...{ eventId: z.string(), occurredAt: z.string(), at: z.string(), words },
});
export const key = z.looseObject({
  keyId: z.string(),
  name: z.string(),
  role: z.string(),
  createdAt: z.string(),
});
export const version = z.looseObject({
  id: z.string(),
  version: z.number(),
  state: z.enum(['draft', 'published']),
  body: z.unknown(),
  author: z.string(),
  at: z.string(),
});
export const publication = z.looseObject({
  version: z.number(),
  author: z.string(),
  at: z.string(),
  effectiveFrom: z.string().optional(),
});
export const decision = z.looseObject({
  verdict: z.enum(['pass', 'deferred', 'suppressed']),
  reason: z.string().optional(),
  rule: z.string().optional(),
  until: z.string().optional(),
  words,
  explain: z.array(said),
});
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  issues: z.array(issue).optional(),
});

export const shownCalendar = z.looseObject({
  id: z.string(),
  state: z.enum(['draft', 'approved', 'active', 'paused', 'ended']),
  newest: z.int(),
  inForce: z.int().nullable(),
  ahead: z.array(z.object({ version: z.int(), from: z.string() })),
});
export const calendarVersion = z.looseObject({
  id: z.string(),
  version: z.int(),
  state: z.enum(['draft', 'approved']),
  author: z.string(),
  at: z.string(),
  body: anything,
  approvals: z.array(z.looseObject({ from: z.string(), approvedBy: z.string(), at: z.string() })),
});

const wordsOfBoth = z.object({ 'zh-CN': z.string(), en: z.string() });
export const calendarFinding = z.looseObject({
  path: z.string(),
  kind: z.string(),
  words: wordsOfBoth,
});
export const calendarChange = z.looseObject({
  part: z.enum(['calendar', 'phase', 'slot']),
  change: z.enum(['added', 'removed', 'changed']),
  words: wordsOfBoth,
});
