// `sopflow triggers`: what becomes of events under triggers, case by case of a JSONL stream.

import type { Readable, Writable } from 'node:stream';
import { takeEvents } from '../../rules/trigger/takeEvents';
import { parseTriggerCase } from '../../rules/trigger/triggerCase.schema';
import { answerLines } from '../jsonl';

/** Outcomes a line; a malformed line gives `{"error":{"path","message"}}` and, at the end, the exit status 1. */
export function runTriggers(input: Readable, output: Writable): Promise<number> {
  return answerLines(input, output, (value) => takeEvents(parseTriggerCase(value)));
}
