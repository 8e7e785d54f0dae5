// `sopflow calendar`: the occurrences of a sales calendar, case by case of a JSONL stream.

import type { Readable, Writable } from 'node:stream';
import { parseCalendarCase } from '../../rules/calendar/calendarCase.schema';
import { occurrences } from '../../rules/calendar/occurrences';
import { answerLines } from '../jsonl';

/** A list of occurrences a line; a malformed line gives `{"error":{"path","message"}}` and, at the end, the exit status 1. */
export function runCalendar(input: Readable, output: Writable): Promise<number> {
  return answerLines(input, output, (value) => {
    const { calendar, contacts, holidays, from, to } = parseCalendarCase(value);
    return occurrences(calendar, contacts, holidays, from, to);
  });
}
