// A sales calendar as YAML, in and out: the same text for the same calendar, so that it can live in git and be reviewed.

import { Document } from 'yaml';
import { isCodedError } from '../rules/base/errors';
import { type CalendarPlan, numberedPlan } from '../rules/calendar/plan';
import { readPlan } from '../rules/calendar/plan.schema';
import { id } from '../rules/input/input.schema';
import { parseWith } from '../rules/input/parse';
import { FileFaults, type PlacedYaml, placedFaults, readYaml } from './yamlPlaces';

export interface CalendarFile {
  readonly id: string;
  /** As it is drafted: without id and version. */
  readonly body: object;
  readonly yaml: PlacedYaml;
}

/** @throws FileFaults naming every place that is wrong */
export function readCalendarFile(text: string): CalendarFile {
  const yaml = readYaml(text);
  const { value } = yaml;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FileFaults([
      { line: 1, column: 1, message: 'no calendar; allowed: a mapping with id, timezone, slots' },
    ]);

  const { id: name, version: _, ...body } = value as Readonly<Record<string, unknown>>;
  const issues = [
    ...issuesOf(() => parseWith(id, name, 'id')),
    ...issuesOf(() => readPlan(body, 'any', '')),
  ];
  if (issues.length > 0) throw new FileFaults(placedFaults(yaml, issues));

  return { id: String(name), body, yaml };
}

function issuesOf(read: () => unknown) {
  try {
    read();
    return [];
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.issues;
  }
}

/** Its version stands in a comment: a file that is imported becomes a version of its own. */
export function writeCalendarFile(id: string, version: number, body: CalendarPlan): string {
  const { version: _, ...plan } = numberedPlan({ id, version, body });
  // Quoted where an older reader would take a time for a number.
  const document = new Document(inOrder(plan), { compat: 'yaml-1.1' });
  document.commentBefore = ` ${id}@${version}`;

  return document.toString({ lineWidth: 0 });
}

/** The order in which people read a calendar; keys of conditions stay as they were written. */
const ORDER = [
  ...['id', 'kind', 'name', 'timezone', 'cities', 'phases', 'slots'],
  ...['fromDay', 'toDay', 'behaviour', 'hotTopics', 'starProducts'],
  ...['phase', 'anchor', 'date', 'day', 'n', 'weekday', 'weekdays', 'ifMissing', 'offsetDays'],
  ...['shift', 'at', 'spanDays', 'spreadMinutes', 'priority', 'expiresAfterHours', 'audience'],
  ...['touch', 'channel', 'class', 'category', 'campaign', 'product', 'template', 'delivery'],
  ...['promotion', 'scene', 'materials', 'atBlackout', 'openedWithinDays', 'fallback'],
  ...['confirmWithinHours'],
  ...['whenStaffFull', 'journey'],
];

const rank = (key: string): number => {
  const found = ORDER.indexOf(key);
  return found === -1 ? ORDER.length : found;
};

const byOrder = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1);

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;

  const entries = Object.entries(value).sort(([a], [b]) => byOrder(a, b));
  return Object.fromEntries(
    entries.map(([key, each]) => [key, key === 'audience' ? (each as unknown) : inOrder(each)]),
  );
}
