// Rows of a ledger as somebody else hands them over: each line is checked before the proof believes its shape.

import { z } from 'zod';
import { instant, text, touchClass, wallTime, zone } from '../../rules/input/shape.schema';
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

/** Reads one line of an exported ledger. */
export function readLine(line: string, number: number): LedgerRow | Malformed {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { kind: 'malformed', line: number, detail: `not JSON: ${(error as Error).message}` };
  }

  const read = row.safeParse(value);
  // The value as it was given, not as it was read: the chain is over every field.
  if (read.success) return value as LedgerRow;

  const [issue] = read.error.issues;
  return {
    kind: 'malformed',
    line: number,
    detail: `${issue?.path.join('.') || 'the row'}: ${issue?.message}`,
  };
}
