// Rows of a ledger as somebody else hands them over: each line is checked before the proof believes its shape.

import { z } from 'zod';
import { instant, text, touchClass, wallTime, zone } from '../../rules/input/shape.schema';
import type { KeptArchive } from '../../rules/ledger/archive/archive';
import type { Beginning } from '../../rules/ledger/archive/beginning';
import type { LedgerRow } from '../../rules/ledger/rows';

/** A line that is no row of a ledger. */
export interface Malformed {
  readonly kind: 'malformed';
  /** Counts from 1. */
  readonly line: number;
  readonly detail: string;
}

const revision = z.int().min(0);
const basis = z.looseObject({
  timezone: zone,
  billDay: z.int().min(1).max(31),
  reachable: z.boolean(),
  blocked: z.boolean(),
  consent: z.enum(['granted', 'refused', 'unknown']),
  dnd: z.array(z.looseObject({ from: instant.exactOptional(), until: instant.exactOptional() })),
  quietHours: z.looseObject({ from: wallTime, to: wallTime }).exactOptional(),
  holidays: text.exactOptional(),
  personalisation: z.enum(['allowed', 'refused']).exactOptional(),
  personalFeature: text.exactOptional(),
});
const answers = z.looseObject({
  act: z.enum(['added', 'opted-out', 'accepted']),
  at: instant,
  ref: text,
});
const place = {
  subject: text.exactOptional(),
  life: z.int().min(2).exactOptional(),
  sealedAs: text.exactOptional(),
  sequence: z.int().min(1).exactOptional(),
  chain: text.exactOptional(),
  chainKey: text.exactOptional(),
};
const row = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('decision'),
    touchId: text,
    attempt: z.int().min(1),
    contactId: text,
    city: text,
    channel: text,
    class: touchClass,
    at: instant,
    verdict: z.enum(['pass', 'deferred', 'suppressed']),
    policy: text,
    workflowId: text,
    revision,
    basis: basis.exactOptional(),
    until: instant.exactOptional(),
    expiresAt: instant.exactOptional(),
    settleBy: instant.exactOptional(),
    answers: answers.exactOptional(),
    ...place,
  }),
  z.looseObject({
    kind: z.literal('settlement'),
    touchId: text,
    contactId: text,
    channel: text,
    at: instant,
    settled: z.enum(['sent', 'released', 'withdrawn']),
    revision,
    acceptedAt: instant.exactOptional(),
    parts: z.int().min(1).exactOptional(),
    deliveredAt: instant.exactOptional(),
    ...place,
  }),
]);

const count = z.int().min(0);
const beginning = z.strictObject({
  kind: z.literal('beginning'),
  contactId: text,
  until: instant,
  revision: count,
  sequence: count.exactOptional(),
  chain: z.string(),
  chainKey: text.exactOptional(),
  at: z.string(),
  key: text.exactOptional(),
  code: text,
});
const archive = z.strictObject({
  kind: z.literal('archive'),
  ...{ number: count, until: instant, hours: count, rows: count, contacts: count },
  ...{ file: text, seal: text, beginnings: text, previous: z.string() },
  ...{ by: text, reason: text, at: instant, key: text.exactOptional(), code: text },
  ...{ state: z.enum(['removing', 'removed']), removedAt: instant.exactOptional() },
});
const ledgerLine = z.discriminatedUnion('kind', [...row.options, beginning, archive]);

/** A line of an exported ledger: a row, or what is left of those that were archived. */
export type LedgerLine = LedgerRow | Beginning | KeptArchive;

/** Reads one line of an exported ledger. */
export function readLine(line: string, number: number): LedgerLine | Malformed {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { kind: 'malformed', line: number, detail: `not JSON: ${(error as Error).message}` };
  }

  const read = ledgerLine.safeParse(value);
  // The value as it was given, not as it was read: the chain is over every field.
  if (read.success) return value as LedgerLine;

  const [issue] = read.error.issues;
  return {
    kind: 'malformed',
    line: number,
    detail: `${issue?.path.join('.') || 'the row'}: ${issue?.message}`,
  };
}
