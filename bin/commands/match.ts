// `sopflow match`: whether a condition holds for a value, asked case by case of a JSONL stream.

import type { Readable, Writable } from 'node:stream';
import { parseMatchCase } from '../../rules/trigger/condition.schema';
import { createMatcher } from '../../rules/trigger/matcher';
import { answerLines } from '../jsonl';

/** `true` or `false` a line; a malformed line gives `{"error":{"path","message"}}` and, at the end, the exit status 1. */
export function runMatch(input: Readable, output: Writable): Promise<number> {
  return answerLines(input, output, (given) => {
    const { condition, value } = parseMatchCase(given);
    return createMatcher(condition)(value);
  });
}
