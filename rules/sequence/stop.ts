// What ends a run of a sequence before its steps are over.

import type { ContactEvent } from '../journey/messages';
import { isOneOf } from './isOneOf';
import type { SequenceEnding, StopRule } from './sequence';

/** How an event ends the run; null: it goes on. Tags are no event, whoever keeps them is asked. @param staffId the member it speaks through */
export function endingBy(
  rules: readonly StopRule[],
  event: ContactEvent,
  staffId?: string,
): SequenceEnding | null {
  return rules.find((rule) => stops(rule, event, staffId))?.kind ?? null;
}

function stops(rule: StopRule, event: ContactEvent, staffId: string | undefined): boolean {
  switch (rule.kind) {
    case 'replied':
      return event.kind === 'spoke' || event.kind === 'accepted' || event.kind === 'refused';
    case 'converted':
      return event.kind === 'converted' && isOneOf(event.product, rule.products);
    case 'opted-out':
      return event.kind === 'opted-out';
    case 'deleted':
      return (
        event.kind === 'friend-removed' &&
        (event.staffId === undefined || staffId === undefined || event.staffId === staffId)
      );
    case 'tagged':
      return false;
  }
}

/** The tags that end the run. */
export const stopTags = (rules: readonly StopRule[]): readonly string[] =>
  rules.flatMap((rule) => (rule.kind === 'tagged' ? rule.tags : []));
