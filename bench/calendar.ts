// How fast a calendar compiles: a month of ten slots, one of each anchor, over 100,000 contacts.

import type { Anchor, Calendar, CalendarContact, Slot } from '../rules/calendar/calendar';
import { compileCalendar, occurrences } from '../rules/calendar/occurrences';
import { type Figure, type Part, seeded, stopwatch } from './part';

const CONTACTS = 100_000;
const RANGE = ['2026-10-01', '2026-10-31'] as const;
const HOLIDAYS = {
  days: { '2026-10-01': 'rest', '2026-10-02': 'rest', '2026-10-10': 'work' },
  names: { 'national-day': ['2026-10-01'] },
} as const;

const ANCHORS: readonly Anchor[] = [
  { kind: 'billDay', offsetDays: 1 },
  { kind: 'cycleEnd', offsetDays: -2 },
  { kind: 'activation', offsetDays: 3 },
  { kind: 'monthDay', day: -1 },
  { kind: 'workday', n: 3 },
  { kind: 'weekday', weekday: 'fri', n: 2 },
  { kind: 'weekly', weekdays: ['tue', 'thu'] },
  { kind: 'holiday', name: 'national-day', offsetDays: 2 },
  { kind: 'date', date: '2026-10-20' },
  { kind: 'monthDay', day: 31 },
];

const EVERY_DAY: Anchor = {
  kind: 'weekly',
  weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
};

const slot = (anchor: Anchor, i: number): Slot => ({
  id: `s-${i}`,
  anchor,
  shift: 'next',
  at: '09:30',
  spanDays: (i % 3) + 1,
  spreadMinutes: 120,
  audience: { brand: 'globe', 'plan.fee': { $lt: 128 }, tags: { $nin: ['silent'] } },
  touch: { channel: 'wecom', class: 'marketing', template: 't-1' },
});

const calendarOf = (anchors: readonly Anchor[]): Calendar => ({
  id: 'month-cycle',
  version: 1,
  timezone: 'Asia/Shanghai',
  cities: ['guangzhou', 'qingyuan'],
  slots: anchors.map(slot),
});

function contactsOf(seed: number): CalendarContact[] {
  const random = seeded(seed);
  const october = Date.parse('2026-10-01T00:00:00+08:00');

  return Array.from({ length: CONTACTS }, (_, i) => ({
    contactId: `c-${i}`,
    city: i % 2 === 0 ? 'guangzhou' : 'qingyuan',
    billDay: 1 + Math.floor(random() * 31),
    activatedAt: new Date(october + Math.floor(random() * 30 * 86_400_000)).toISOString(),
    brand: 'globe',
    plan: { fee: [18, 58, 88][i % 3] },
    tags: i % 10 === 0 ? ['silent'] : ['4g'],
  }));
}

export const calendarPart: Part = async ({ seed }) => {
  const contacts = contactsOf(seed);
  const [from, to] = RANGE;

  const watch = stopwatch();
  const found = occurrences(calendarOf(ANCHORS), contacts, HOLIDAYS, from, to).length;
  const figures = secondsOf('a month of 10 slots', watch.stop(), found);

  // Every slot on every day: counted contact by contact, for nobody keeps thirty million at once.
  const dense = stopwatch();
  const slots = compileCalendar(calendarOf(ANCHORS.map(() => EVERY_DAY)), HOLIDAYS, from, to);
  let counted = 0;
  for (const contact of contacts)
    for (const { datesOf } of slots) counted += datesOf(contact).length;

  return [...figures, ...secondsOf('10 slots on every day', dense.stop(), counted)];
};

const secondsOf = (
  name: string,
  { wall, cpu }: { readonly wall: number; readonly cpu: number },
  found: number,
): Figure[] => [
  { name, value: Math.round(wall * 100) / 100, unit: 's' },
  { name: `${name}, CPU`, value: Math.round(cpu * 100) / 100, unit: 's' },
  { name: `${name}, occurrences`, value: found, unit: '' },
];
