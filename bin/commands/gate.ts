// `sopflow gate`: asks the gate about each case of a JSONL stream.

import type { Readable, Writable } from 'node:stream';
import { decide, preparePolicy } from '../../rules/gate/gate';
import { parseGateCase } from '../../rules/gate/gate.schema';
import { answerLines } from '../jsonl';

/** One decision a line; a malformed line gives `{"error":{"path","message"}}` and, at the end, the exit status 1. */
export function runGate(input: Readable, output: Writable): Promise<number> {
  return answerLines(input, output, (value) => {
    const { policy, contact, touch, holidays } = parseGateCase(value);
    return decide(preparePolicy(policy, holidays), contact, touch);
  });
}
