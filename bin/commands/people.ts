// `sopflow people`: who a word belongs to and which word counts, asked case by case of a JSONL stream.

import type { Readable, Writable } from 'node:stream';
import { CodedError } from '../../rules/base/errors';
import { answerEvents } from '../../rules/contact/facts.schema';
import { answerPhone } from '../../rules/contact/phone.schema';
import { answerReceipts } from '../../rules/contact/receipts.schema';
import { answerReply } from '../../rules/contact/refusal.schema';
import { answerStatements } from '../../rules/contact/statements.schema';
import { answerLines } from '../jsonl';

/** By the field that tells a shape from the others. A further one is a file in rules/contact/ and a line here. */
const SHAPES: Readonly<Record<string, (value: unknown) => object>> = {
  phone: answerPhone,
  reply: answerReply,
  statements: answerStatements,
  events: answerEvents,
  receipts: answerReceipts,
};

/** One answer a line; a malformed line gives `{"error":{"path","message"}}` and, at the end, the exit status 1. */
export function runPeople(input: Readable, output: Writable): Promise<number> {
  return answerLines(input, output, (value) => shapeOf(value)(value));
}

/** The one shape of a case. @throws CodedError INVALID_INPUT when it has none, or several */
function shapeOf(value: unknown): (value: unknown) => object {
  const given = Object.entries(SHAPES).filter(([field]) => has(value, field));
  const [only] = given;
  if (given.length === 1 && only) return only[1];

  const allowed = `an object with exactly one of ${Object.keys(SHAPES).join(', ')}`;
  const message = `${given.length === 0 ? 'no case' : 'several cases in one'}; allowed: ${allowed}`;
  throw new CodedError('INVALID_INPUT', message, [{ path: '', message, allowed }]);
}

/** A field that is null is as if absent. */
const has = (value: unknown, field: string): boolean =>
  typeof value === 'object' && value !== null && (Reflect.get(value, field) ?? null) !== null;
