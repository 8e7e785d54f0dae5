// The shapes around the gate: the contact as it sees it, the touch it is asked about, and its decision.

import { z } from 'zod';
import { gateContact, touchMarks } from '../contact/gateContact.schema';
import { parseWith } from '../input/parse';
import {
  holidayDays,
  instant,
  type ReadonlyDeep,
  strict,
  text,
  touchClass,
} from '../input/shape.schema';
import { policySchema } from '../policy/policy.schema';
import type { RuleKind } from './finding';

/** The touch that is asked about. */
export const gateTouch = strict({
  touchId: text,
  at: instant,
  channel: text,
  class: touchClass,
  ...touchMarks,
  expiresAt: instant.optional(),
});

/** One whole case, as the vectors and the API give it. */
export const gateCase = strict({
  policy: policySchema,
  contact: gateContact,
  touch: gateTouch,
  holidays: holidayDays.default({}),
  name: z.unknown().optional(),
  expect: z.unknown().optional(),
});

/** The touch that is asked about; `at` is the instant of the decision. */
export type Touch = ReadonlyDeep<z.infer<typeof gateTouch>>;
/** All that one decision depends on. */
export type GateCase = ReadonlyDeep<z.infer<typeof gateCase>>;

/** What one rule answered at the instant of the decision. */
export interface Explained {
  readonly kind: RuleKind;
  readonly rule: string;
  readonly answer: 'pass' | 'defer' | 'suppress';
  /** With `defer` only. */
  readonly until?: string;
  /** What it found, in short English (rules/gate/finding.ts). */
  readonly detail: string;
  /** On the rule that holds an expired touch past its end. Rows from before it was kept lack it. */
  readonly heldPast?: HeldPast;
}

/** Instants in UTC with milliseconds: the first at which all rules would pass, and the end of the touch before it. */
export interface HeldPast {
  readonly wouldPassAt: string;
  readonly expiresAt: string;
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
