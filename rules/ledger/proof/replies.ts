// The proof of replies: each answers an act of its customer of the same minutes, and no act is answered twice.

import { actKey, isAnswerInTime } from '../../contact/answeredAct';
import type { LedgerRow } from '../rows';
import { isFact, type PassRow } from './proofTouches';
import { type Violation, violation } from './violation';

/** Of the rows of one contact, in the order in which they were written. */
export function brokenReplies(chain: readonly LedgerRow[]): Violation[] {
  const answeredBy = new Map<string, string>();

  return chain.filter(isReply).flatMap((row) => {
    const { answers, touchId, at } = row;
    if (answers === undefined) return [violation('reply-without-act', row, 'it names none')];
    if (!isAnswerInTime(answers, Date.parse(at)))
      return [violation('reply-without-act', row, `${answers.act} was at ${answers.at}`)];

    const key = actKey(answers);
    const before = answeredBy.get(key) ?? touchId;
    answeredBy.set(key, before);
    return before === touchId ? [] : [violation('answered-twice', row, `${key} by ${before}`)];
  });
}

const isReply = (row: LedgerRow): row is PassRow =>
  isFact(row) && row.kind === 'decision' && row.class === 'reply';
