// What an event says of a try to reach a lead, and what is reported to the pool in the end.

import type { LeadOutcome } from './lead';
import type { ContactEvent } from './messages';

/** @throws Error on an event that no try waits for: a fault of the journey, never to be taken for the customer's word */
export function outcomeOfEvent({ kind, outcome }: ContactEvent): LeadOutcome {
  switch (kind) {
    case 'call-result':
      return outcome ?? 'not-reached';
    case 'accepted':
    case 'refused':
      return kind;
    case 'spoke':
      return 'hesitating';
    default:
      throw new Error(`a ${kind} event says nothing of a try`);
  }
}

/** The pool knows outcomes of leads, not of runs: whatever ended the run otherwise is `stopped`. */
export function resultForPool(outcome: string): LeadOutcome | 'exhausted' | 'stopped' {
  switch (outcome) {
    case 'ordered':
    case 'order-rejected':
    case 'converted':
    case 'overtaken':
      return 'accepted';
    case 'exhausted':
    case 'refused':
    case 'wrong-number':
    case 'no-relation':
      return outcome;
    default:
      return 'stopped';
  }
}
