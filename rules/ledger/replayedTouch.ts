// One recorded touch in a replay: what the gate answered then, and what the proposed policy answers.

import { marksOf } from '../contact/marks';
import type { Decision, Touch } from '../gate/gate.schema';
import type { Basis, DecisionRow } from './rows';

/** One touch, through all its attempts. */
export interface ReplayedTouch {
  readonly first: DecisionRow;
  /** The last answer of the gate. */
  last: DecisionRow;
  /** When the gate let it pass as recorded, the last time; absent: never. */
  passedAt?: number;
  /** False: its first row lacks what a replay needs. */
  readonly judged: boolean;
  proposed: ProposedAnswer;
  /** Its latest row with what a decision rests on. */
  based?: BasedRow;
}

/** What the proposal answers and when; explanations are not kept, there are too many. */
type ProposedAnswer = Omit<Decision, 'explain' | 'until'> & { readonly at: number };

/** A row that names all that a decision rests on besides the touches. */
export type BasedRow = DecisionRow & { readonly basis: Basis };

export const isBased = (row: DecisionRow): row is BasedRow => row.basis !== undefined;

/** Reasons that the engine gives instead of asking the gate: another policy would not change them. */
const NOT_THE_GATES: ReadonlySet<string> = new Set([
  'irrelevant',
  'personalisation',
  'quota',
  'template-withdrawn',
  'yields-to',
]);

export const isFromGate = ({ reason }: DecisionRow): boolean =>
  reason === undefined || !NOT_THE_GATES.has(reason);

export const proposedAnswer = (
  { verdict, reason, rule }: Omit<Decision, 'explain'>,
  at: number,
): ProposedAnswer => ({
  verdict,
  ...(reason !== undefined && { reason }),
  ...(rule !== undefined && { rule }),
  at,
});

/** The touch of a row at another instant; written out, for a row has many more fields than the gate reads. */
export function touchOf(row: DecisionRow, at: string): Touch & { readonly city: string } {
  return {
    touchId: row.touchId,
    at,
    channel: row.channel,
    class: row.class,
    ...marksOf(row),
    city: row.city,
    expiresAt: row.expiresAt,
  };
}
