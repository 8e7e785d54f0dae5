// What one rule of the gate says at an instant, as a number, so that the strictest of several answers is the greatest.

import type { RuleFinding, RuleKind } from './finding';

/** `PASS`, `SUPPRESS`, or the instant (milliseconds) until which the rule defers. */
export type RuleAnswer = number;

export const PASS: RuleAnswer = Number.NEGATIVE_INFINITY;
export const SUPPRESS: RuleAnswer = Number.POSITIVE_INFINITY;

/** A rule that applies to the asked touch, ready to be asked at any instant. */
export interface AskedRule {
  readonly kind: RuleKind;
  /** The rule's id; kinds without ids give their kind. */
  readonly rule: string;
  answer(instant: number): RuleAnswer;
  /** What the rule looked at, and what it saw there. */
  finding(instant: number): RuleFinding;
}

/** A rule that does not look at the clock. */
export function timeless(answer: RuleAnswer, finding: RuleFinding): AskedRule {
  const { kind } = finding;
  return { kind, rule: kind, answer: () => answer, finding: () => finding };
}
