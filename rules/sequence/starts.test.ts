import fc from 'fast-check';
import type { Facts } from '../contact/contact';
import { DAY_MS } from '../time/durations';
import { localDate } from '../time/localDate';
import { createMatcher } from '../trigger/matcher';
import type { SequenceStep } from './sequence';
import {
  type DatedStart,
  dueCondition,
  dueEntry,
  isDated,
  isStartedBy,
  isSuperseded,
  isTooLate,
  occasionOf,
} from './starts';

const ZONE = 'Asia/Shanghai';

const aStep = (fields: Partial<SequenceStep> = {}): SequenceStep => ({
  ...{ id: 'a', day: 0, window: { from: '09:00', to: '18:00' } },
  do: { kind: 'tag', tags: ['t'] },
  ...fields,
});

it('an event begins those that wait for it, by its own kind and filter', () => {
  const added = { kind: 'added', staffId: 's-1', scene: 'shop' } as const;
  expect(isStartedBy({ kind: 'added' }, added)).toBe(true);
  expect(isStartedBy({ kind: 'added', scenes: ['shop'] }, added)).toBe(true);
  expect(isStartedBy({ kind: 'added', scenes: ['street'] }, added)).toBe(false);
  expect(isStartedBy({ kind: 'added', scenes: ['shop'] }, { kind: 'added', staffId: 's' })).toBe(
    false,
  );
  expect(isStartedBy({ kind: 'stage', stage: 'a' }, { kind: 'stage', stage: 'b' })).toBe(false);
  expect(isStartedBy({ kind: 'order', products: ['p'] }, { kind: 'order', product: 'p' })).toBe(
    true,
  );
  expect(isStartedBy({ kind: 'request' }, added)).toBe(false);
});

it('only some starts are looked for by date', () => {
  expect(isDated({ kind: 'birthday' })).toBe(true);
  expect(isDated({ kind: 'added' })).toBe(false);
});

it('an occasion holds no sign that parts ids', () => {
  expect(occasionOf('added', 's-1', '2026-03-02T02:00:00.000Z')).toBe(
    'added-s-1-2026-03-02T02:00:00.000Z',
  );
  expect(occasionOf('order', 'o/1#2')).toMatch(/^order-o12~\w+$/);
  expect(occasionOf('stage', '意向')).not.toBe(occasionOf('stage', '成交'));
});

describe('what is told late', () => {
  const at = '2026-03-02T02:00:00.000Z';
  const late = (steps: readonly SequenceStep[], hours: number) =>
    isTooLate({ steps }, at, Date.parse(at) + hours * 3_600_000, ZONE);

  it('begins nothing once the time of every step is over', () => {
    expect(late([aStep()], 13)).toBe(false);
    expect(late([aStep()], 14)).toBe(true);
    expect(late([aStep(), aStep({ day: 1 })], 14)).toBe(false);
    expect(late([aStep({ lateWithinHours: 5 })], 18)).toBe(false);
    expect(late([aStep({ onlyOn: 'work' })], 5 * 24)).toBe(false);
  });

  it('begins nothing for a stage that was left', () => {
    const won = { kind: 'stage', stage: 'won' } as const;
    expect(isSuperseded(won, { facts: { stage: 'won' } })).toBe(false);
    expect(isSuperseded(won, { facts: { stage: 'lost' } })).toBe(true);
    expect(isSuperseded({ kind: 'order', product: 'p' }, {})).toBe(false);
  });
});

describe('a date that comes near', () => {
  const due = (start: DatedStart, facts: Facts, today: string) =>
    dueEntry(start, { facts }, today, ZONE)?.occasion;

  it('is the birthday, of any year, or some days before', () => {
    const day = { kind: 'birthday' } as const;
    expect(due(day, { birthday: '1990-03-02' }, '2026-03-02')).toBe('birthday-2026-03-02');
    expect(due(day, { birthday: '03-02' }, '2026-03-02')).toBe('birthday-2026-03-02');
    expect(due(day, { birthday: '03-03' }, '2026-03-02')).toBeUndefined();
    const before = { kind: 'birthday', daysBefore: 3 } as const;
    expect(due(before, { birthday: '01-01' }, '2026-12-29')).toBe('birthday-2026-12-29');
    expect(dueEntry(before, { facts: { birthday: '01-01' } }, '2026-12-29', ZONE)?.at).toBe(
      '2026-12-28T16:00:00.000Z',
    );
    for (const birthday of ['02-30', '2026', '13-01', 'x', ''])
      expect(due(day, { birthday }, '2026-03-02')).toBeUndefined();
  });

  it('keeps 29 February on the 28th in other years', () => {
    const day = { kind: 'birthday' } as const;
    expect(due(day, { birthday: '2000-02-29' }, '2026-02-28')).toBe('birthday-2026-02-28');
    expect(due(day, { birthday: '2000-02-29' }, '2028-02-28')).toBeUndefined();
    expect(due(day, { birthday: '2000-02-29' }, '2028-02-29')).toBe('birthday-2028-02-29');
  });

  it('is the end of the contract, some days before', () => {
    const start = { kind: 'contract-end', daysBefore: 60 } as const;
    const facts = { contractEndsOn: '2026-05-01' };
    expect(due(start, facts, '2026-03-02')).toBe('contract-end-2026-03-02');
    expect(due(start, facts, '2026-03-01')).toBeUndefined();
  });

  it('is a silence of so many days', () => {
    const start = { kind: 'silent', days: 30 } as const;
    const facts = { lastSpokeAt: '2026-01-30T20:00:00.000Z' };
    expect(due(start, facts, '2026-03-01')).toBeUndefined();
    expect(due(start, facts, '2026-03-02')).toBe('silent-2026-03-02');
    expect(due(start, {}, '2026-03-02')).toBeUndefined();
  });

  it('is made up for within a week, under the same name, and not later', () => {
    const start = { kind: 'birthday' } as const;
    const facts = { birthday: '03-02' };
    expect(due(start, facts, '2026-03-08')).toBe('birthday-2026-03-02');
    expect(due(start, facts, '2026-03-09')).toBeUndefined();
  });
});

it('whoever is due fits the condition that the store is asked, in whatever zone (property)', () => {
  const dates = fc.integer({ min: 20_000, max: 20_800 }).map((day) => day * DAY_MS);
  const starts = fc.oneof(
    fc.record({ kind: fc.constant('silent' as const), days: fc.integer({ min: 1, max: 90 }) }),
    fc.record({
      kind: fc.constant('contract-end' as const),
      daysBefore: fc.integer({ min: 0, max: 90 }),
    }),
  );
  const zones = fc.constantFrom('Asia/Shanghai', 'Pacific/Kiritimati', 'Pacific/Pago_Pago');

  fc.assert(
    fc.property(
      starts,
      dates,
      fc.integer({ min: -100, max: 100 }),
      zones,
      (start, now, days, zone) => {
        const today = localDate(new Date(now).toISOString(), zone);
        const when = new Date(now - days * DAY_MS + 5_000_000).toISOString();
        const facts = { lastSpokeAt: when, contractEndsOn: when.slice(0, 10) };
        const asked = dueCondition(start, localDate(new Date(now).toISOString(), ZONE));
        if (asked && dueEntry(start, { facts }, today, zone))
          expect(createMatcher(asked)({ facts })).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
