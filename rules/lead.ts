// The outcomes of trying to reach a lead, and the ladder of what is tried next.

/** What a contact attempt came to. */
export type LeadOutcome =
  | 'not-reached'
  | 'busy'
  | 'hesitating'
  | 'refused'
  | 'wrong-number'
  | 'accepted'
  | 'no-relation';

export const LEAD_OUTCOMES: readonly LeadOutcome[] = [
  'not-reached',
  'busy',
  'hesitating',
  'refused',
  'wrong-number',
  'accepted',
  'no-relation',
];

const FINAL: ReadonlySet<LeadOutcome> = new Set(['refused', 'wrong-number', 'accepted', 'no-relation']);

/** A final outcome is never tried again. */
export const isFinal = (outcome: LeadOutcome): boolean => FINAL.has(outcome);
