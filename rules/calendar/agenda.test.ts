import fc from 'fast-check';
import { calendarCases } from '../../test/calendar/cases';
import { formatInstant } from '../time/instant';
import { agendaOf } from './agenda';
import type { CalendarContact } from './calendar';
import type { CalendarLife } from './life';
import { occurrences } from './occurrences';
import { type CalendarPlan, planDatesOf } from './plan';

const touch = { channel: 'wecom', class: 'marketing', template: 't-1' } as const;
const blackouts = { blackouts: [] };
const tables = { holidays: { days: {}, names: {} }, blackouts };
const at = (text: string): number => Date.parse(text);

const aPlan = (...slots: Partial<CalendarPlan['slots'][number]>[]): CalendarPlan => ({
  id: 'cal',
  version: 1,
  timezone: 'Asia/Shanghai',
  slots: slots.map((slot, i) => ({
    id: `s${i}`,
    anchor: { kind: 'weekly', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
    at: '10:00',
    touch,
    ...slot,
  })),
});

const aLife = (...takeovers: readonly (readonly [number, string])[]): CalendarLife => ({
  calendarId: 'cal',
  state: 'active',
  takeovers: takeovers.map(([version, from]) => ({
    ...{ version, from, author: 'ann', approvedBy: 'bob', at: from },
  })),
  revision: takeovers.length,
});

const FOR_EVER = aLife([1, '2020-01-01T00:00:00Z']);

const agenda = (plans: readonly CalendarPlan[], life: CalendarLife, after: string, until: string) =>
  agendaOf({
    life,
    plans: new Map(plans.map((plan, i) => [i + 1, plan])),
    tables,
    after: at(after),
    until: at(until),
  }).map(({ slotId, date, startsAt, calendarVersion }) => [
    `${slotId}@${calendarVersion}`,
    date,
    startsAt,
  ]);

describe('the agenda of a calendar', () => {
  it('lists what starts after an instant and up to another, by instant', () => {
    const plan = aPlan({}, { at: '08:00' });
    expect(agenda([plan], FOR_EVER, '2026-11-30T02:00:00Z', '2026-12-01T02:00:00Z')).toEqual([
      ['s1@1', '2026-12-01', '2026-12-01T00:00:00.000Z'],
      ['s0@1', '2026-12-01', '2026-12-01T02:00:00.000Z'],
    ]);
  });

  it('puts the higher priority first among those that start together', () => {
    const plan = aPlan({ priority: 10 }, { priority: 90 }, {});
    const ids = agenda([plan], FOR_EVER, '2026-12-01T00:00:00Z', '2026-12-01T03:00:00Z').map(
      ([slot]) => slot,
    );
    expect(ids).toEqual(['s1@1', 's0@1', 's2@1']);
  });

  it('starts each slot by the version in force at its instant', () => {
    const later = aPlan({ at: '14:00' }, { at: '09:00', id: 'new' });
    const life = aLife([1, '2020-01-01T00:00:00Z'], [2, '2026-12-02T04:00:00Z']);
    expect(
      agenda([aPlan({}), later], life, '2026-12-01T16:00:00Z', '2026-12-03T15:00:00Z'),
    ).toEqual([
      ['s0@1', '2026-12-02', '2026-12-02T02:00:00.000Z'],
      ['s0@2', '2026-12-02', '2026-12-02T06:00:00.000Z'],
      ['new@2', '2026-12-03', '2026-12-03T01:00:00.000Z'],
      ['s0@2', '2026-12-03', '2026-12-03T06:00:00.000Z'],
    ]);
  });

  it('has nothing before the first version takes over', () => {
    const life = aLife([1, '2026-12-05T00:00:00Z']);
    expect(agenda([aPlan({})], life, '2026-12-01T00:00:00Z', '2026-12-04T00:00:00Z')).toEqual([]);
  });

  it('says when a wave is worth nothing any more: its minutes of spread and the hours of its offer after its start', () => {
    const plan = aPlan({ spreadMinutes: 30, expiresAfterHours: 2 });
    const [entry] = agendaOf({
      life: FOR_EVER,
      plans: new Map([[1, plan]]),
      tables,
      after: at('2026-12-01T00:00:00Z'),
      until: at('2026-12-01T12:00:00Z'),
    });
    expect(entry).toMatchObject({
      startsAt: '2026-12-01T02:00:00.000Z',
      expiresAt: '2026-12-01T04:30:00.000Z',
    });
  });
});

const contacts: readonly CalendarContact[] = Array.from({ length: 31 * 12 }, (_, i) => ({
  contactId: `c-${i}`,
  city: 'guangzhou',
  billDay: (i % 31) + 1,
  activatedAt: formatInstant(Date.parse('2026-01-01T00:00:00Z') + i * 86_400_000),
  brand: 'globe',
}));

describe('the dates of a slot, property', () => {
  it('are those on which anybody is due, none before the first of them', () => {
    fc.assert(
      fc.property(calendarCases, ({ calendar, holidays, from, to }) => {
        const due = occurrences(calendar, contacts, holidays, from, to);
        const dates = new Map(
          planDatesOf(calendar, { holidays, blackouts }, from, to).map(({ slot, dates: found }) => [
            slot.id,
            new Map(found.map(({ date, at: instant }) => [date, instant])),
          ]),
        );
        for (const { slotId, date, at: instant } of due)
          expect(dates.get(slotId)?.get(date)).toBeLessThanOrEqual(at(instant));

        // Whoever is anchored on nothing of its own is due on every one of them, given enough contacts for the span.
        for (const slot of calendar.slots.filter(({ anchor, audience }) => !audience && anchor))
          if (!['activation'].includes(slot.anchor.kind))
            expect(new Set(dates.get(slot.id)?.keys())).toEqual(
              new Set(due.filter(({ slotId }) => slotId === slot.id).map(({ date }) => date)),
            );
      }),
      { numRuns: 60 },
    );
  });
});
