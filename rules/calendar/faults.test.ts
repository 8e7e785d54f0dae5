import fc from 'fast-check';
import type { Phase } from './calendar';
import { planFaults, planHints } from './faults';
import type { CalendarPlan, PlannedSlot } from './plan';

const aSlot = (more: Partial<PlannedSlot> = {}): PlannedSlot => ({
  id: 'balance',
  anchor: { kind: 'billDay', offsetDays: 1 },
  at: '10:00',
  touch: { channel: 'wecom', class: 'marketing' },
  ...more,
});
const aPlan = (more: Partial<CalendarPlan> = {}): CalendarPlan => ({
  id: 'month-cycle',
  version: 1,
  timezone: 'Asia/Shanghai',
  slots: [aSlot()],
  ...more,
});
const phase = (id: string, fromDay: number, toDay: number): Phase => ({ id, fromDay, toDay });

describe('what is wrong with a calendar', () => {
  it('are days that two phases have', () => {
    const phases = [phase('start', 1, 5), phase('middle', 5, 20), phase('all', 1, 31)];
    expect(planFaults(aPlan({ phases }))).toEqual([
      {
        ...{ path: 'phases[1].fromDay', kind: 'phases-overlap', phase: 'middle', other: 'start' },
        ...{ fromDay: 5, toDay: 5 },
      },
      {
        ...{ path: 'phases[2].fromDay', kind: 'phases-overlap', phase: 'all', other: 'start' },
        ...{ fromDay: 1, toDay: 5 },
      },
      {
        ...{ path: 'phases[2].toDay', kind: 'phases-overlap', phase: 'all', other: 'middle' },
        ...{ fromDay: 5, toDay: 20 },
      },
    ]);
  });

  it.each([
    [{ expiresAfterHours: 2, spreadMinutes: 180 }, 3],
    [{ expiresAfterHours: 24, spreadMinutes: 1500 }, 25],
  ])(
    'is an offer that expires before its last contact of a date is due: %j',
    (more, endsAfterHours) => {
      const { expiresAfterHours } = more;
      expect(planFaults(aPlan({ slots: [aSlot(), aSlot({ id: 'late', ...more })] }))).toEqual([
        {
          ...{ path: 'slots[1].expiresAfterHours', kind: 'expires-before-end', slot: 'late' },
          ...{ expiresAfterHours, endsAfterHours },
        },
      ]);
    },
  );

  it('is no offer that expires with its last contact, or at no time of its own', () => {
    const slots = [
      aSlot({ expiresAfterHours: 3, spreadMinutes: 180 }),
      aSlot({ spreadMinutes: 6000 }),
    ];
    expect(planFaults(aPlan({ slots }))).toEqual([]);
  });

  it('is no offer of one day that a slot spreads its contacts over three', () => {
    expect(planFaults(aPlan({ slots: [aSlot({ expiresAfterHours: 24, spanDays: 3 })] }))).toEqual(
      [],
    );
  });

  it('is a channel to fall back on that was tried before', () => {
    const delivery = { fallback: ['sms', 'wecom', 'sms'] as const };
    const found = { kind: 'fallback-repeats', slot: 'balance' };
    expect(planFaults(aPlan({ slots: [aSlot({ delivery })] }))).toEqual([
      { path: 'slots[0].delivery.fallback[1]', ...found, channel: 'wecom' },
      { path: 'slots[0].delivery.fallback[2]', ...found, channel: 'sms' },
    ]);
  });
});

describe('what its author is told besides', () => {
  it('are days of the month that no phase has', () => {
    const phases = [phase('middle', 10, 20), phase('start', 2, 5)];
    expect(planHints(aPlan({ phases }))).toEqual([
      {
        path: 'phases',
        kind: 'days-free',
        days: [
          { fromDay: 1, toDay: 1 },
          { fromDay: 6, toDay: 9 },
          { fromDay: 21, toDay: 31 },
        ],
      },
    ]);
    expect(planHints(aPlan({ phases: [phase('all', 1, 31)] }))).toEqual([]);
    expect(planHints(aPlan())).toEqual([]);
  });

  it('names each day that no phase has once, and no other', () => {
    const phases = fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 31 }))
        .map(([a, b]) => phase('p', Math.min(a, b), Math.max(a, b))),
      { minLength: 1, maxLength: 5 },
    );
    const daysOf = ({ fromDay, toDay }: { readonly fromDay: number; readonly toDay: number }) =>
      Array.from({ length: toDay - fromDay + 1 }, (_, i) => fromDay + i);
    fc.assert(
      fc.property(phases, (given) => {
        const taken = new Set(given.flatMap(daysOf));
        const free = daysOf({ fromDay: 1, toDay: 31 }).filter((day) => !taken.has(day));
        expect(
          planHints(aPlan({ phases: given })).flatMap(({ days }) => days.flatMap(daysOf)),
        ).toEqual(free);
      }),
    );
  });
});
