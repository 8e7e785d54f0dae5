// What one rule of the gate says at an instant, as a number, so that the strictest of several answers is the greatest.

/** `PASS`, `SUPPRESS`, or the instant (milliseconds) until which the rule defers. */
export type RuleAnswer = number;

export const PASS: RuleAnswer = Number.NEGATIVE_INFINITY;
export const SUPPRESS: RuleAnswer = Number.POSITIVE_INFINITY;

export type RuleKind =
  | 'unreachable'
  | 'blocked'
  | 'consent'
  | 'dnd'
  | 'quiet-hours'
  | 'gap'
  | 'cap'
  | 'holdout';

/** A rule that applies to the asked touch, ready to be asked at any instant. */
export interface AskedRule {
  readonly kind: RuleKind;
  /** The rule's id; kinds without ids give their kind. */
  readonly rule: string;
  answer(instant: number): RuleAnswer;
  /** Short English for people: what was found. */
  detail(instant: number): string;
}

/** A rule that does not look at the clock. */
export function timeless(kind: RuleKind, answer: RuleAnswer, detail: string): AskedRule {
  return { kind, rule: kind, answer: () => answer, detail: () => detail };
}
