// The numbers of a preview: by day and hour, by slot, by reason, by member of staff.

import { zoneOf } from '../time/zone';
import type { Calendar } from './calendar';
import type {
  Collision,
  PreviewDay,
  PreviewedTouch,
  PreviewNumbers,
  PreviewOutcome,
  PreviewReason,
  PreviewReport,
  PreviewSlot,
  StaffDay,
} from './preview';

const MOST_STAFF_DAYS = 200;

/**
 * Of one calendar, whose clock tells its days and hours; other calendars show where they meet it.
 * @param all of every calendar
 */
export function previewReport(
  all: readonly PreviewedTouch[],
  { id, timezone }: Pick<Calendar, 'id' | 'timezone'>,
): PreviewReport {
  const touches = all.filter(({ calendarId }) => calendarId === id);

  return {
    contacts: new Set(touches.map(({ contactId }) => contactId)).size,
    ...numbersOf(touches),
    days: daysOf(touches, timezone),
    slots: slotsOf(touches),
    reasons: reasonsOf(touches),
    staff: staffDaysOf(touches, timezone),
    collisions: collisionsOf(all).filter(({ slots }) => slots.some(isOf(id))),
  };
}

function numbersOf(touches: readonly PreviewedTouch[]): PreviewNumbers {
  const ended = (outcome: PreviewOutcome): number =>
    touches.filter((touch) => touch.outcome === outcome).length;

  return {
    occurrences: touches.length,
    passed: ended('passed'),
    held: touches.filter(({ heldBy }) => heldBy).length,
    suppressed: ended('suppressed'),
    missed: ended('missed'),
    handedOn: ended('handed-on'),
  };
}

function daysOf(touches: readonly PreviewedTouch[], timezone: string): PreviewDay[] {
  const local = localIn(timezone);
  const due = groupsOf(touches, ({ date }) => date);
  const asked = groupsOf(touches.filter(isConfirmed), ({ at }) => local(at).date);
  const dates = [...new Set([...due.keys(), ...asked.keys()])].sort();

  return dates.map((date) => {
    const own = due.get(date) ?? [];
    return {
      date,
      ...numbersOf(own),
      hours: sizesOf(groupsOf(own, ({ plannedAt }) => local(plannedAt).hour)),
      confirmations: asked.get(date)?.length ?? 0,
    };
  });
}

/** Date and hour (0 to 23) of the local clock. */
function localIn(timezone: string) {
  const { offsetAt } = zoneOf(timezone);

  return (instant: string): { readonly date: string; readonly hour: string } => {
    const at = Date.parse(instant);
    const local = new Date(at + offsetAt(at));
    return { date: local.toISOString().slice(0, 10), hour: String(local.getUTCHours()) };
  };
}

function slotsOf(touches: readonly PreviewedTouch[]): PreviewSlot[] {
  return [...groupsOf(touches, slotName)].sort(byKey).flatMap(([, due]) => {
    const [first] = due;
    return first ? [{ calendarId: first.calendarId, slotId: first.slotId, ...numbersOf(due) }] : [];
  });
}

function reasonsOf(touches: readonly PreviewedTouch[]): PreviewReason[] {
  const counts = new Map<string, Counted>();
  for (const { outcome, reason, rule, heldBy } of touches) {
    if (heldBy) count(counts, { outcome: 'held', ...heldBy });
    if (reason !== undefined)
      count(counts, { outcome, reason, ...(rule !== undefined && { rule }) });
  }

  return [...counts.values()]
    .map(({ why, count }) => ({ ...why, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

interface Counted {
  readonly why: Omit<PreviewReason, 'count'>;
  count: number;
}

function count(counts: Map<string, Counted>, why: Counted['why']): void {
  const key = [why.outcome, why.reason, why.rule].join('\n');
  const known = counts.get(key);
  if (known) known.count++;
  else counts.set(key, { why, count: 1 });
}

const isConfirmed = ({ outcome, staffId }: PreviewedTouch): boolean =>
  outcome === 'passed' && staffId !== undefined;

function staffDaysOf(touches: readonly PreviewedTouch[], timezone: string): StaffDay[] {
  const local = localIn(timezone);
  const days = groupsOf(touches.filter(isConfirmed), ({ staffId, at }) => {
    return `${local(at).date}/${staffId}`;
  });

  return [...days]
    .flatMap(([day, asked]) => {
      const { staffId } = asked[0] ?? {};
      if (staffId === undefined) return [];
      return [{ staffId, date: day.slice(0, 10), confirmations: asked.length }];
    })
    .sort(byLoad)
    .slice(0, MOST_STAFF_DAYS);
}

function byLoad(a: StaffDay, b: StaffDay): number {
  if (a.confirmations !== b.confirmations) return b.confirmations - a.confirmations;
  return `${a.date}/${a.staffId}` < `${b.date}/${b.staffId}` ? -1 : 1;
}

const slotName = ({ calendarId, slotId }: PreviewedTouch): string => `${calendarId}/${slotId}`;

const isOf = (calendarId: string) => (slot: string) => slot.startsWith(`${calendarId}/`);

function collisionsOf(touches: readonly PreviewedTouch[]): Collision[] {
  const found = new Map<string, { slots: [string, string]; contacts: Set<string>; date: string }>();

  for (const due of groupsOf(touches, ({ contactId, date }) => `${date}/${contactId}`).values())
    for (const slots of pairsOf([...new Set(due.map(slotName))].sort())) {
      const { contactId = '', date = '' } = due[0] ?? {};
      const known = found.get(slots.join('\n')) ?? { slots, contacts: new Set<string>(), date };
      known.contacts.add(contactId);
      if (date < known.date) known.date = date;
      found.set(slots.join('\n'), known);
    }

  return [...found.values()]
    .map(({ slots, contacts, date }) => ({ slots, contacts: contacts.size, firstDate: date }))
    .sort((a, b) => b.contacts - a.contacts || (a.slots < b.slots ? -1 : 1));
}

const pairsOf = (names: readonly string[]): [string, string][] =>
  names.flatMap((first, i) =>
    names.slice(i + 1).map((second): [string, string] => [first, second]),
  );

function groupsOf<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }

  return groups;
}

const sizesOf = (groups: ReadonlyMap<string, readonly unknown[]>): Record<string, number> =>
  Object.fromEntries([...groups].map(([key, group]) => [key, group.length]));

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
