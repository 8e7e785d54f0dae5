import fc from 'fast-check';
import { type Case, gateCases } from '../../test/gate/cases';
import { decide, preparePolicy } from '../gate/gate';
import { policyFor } from './cities';
import type { CityOverride } from './cityOverride.schema';
import { parsePolicyDocument } from './document.schema';
import { looserThan } from './looserThan';
import type { Policy } from './policy.schema';

const PROVINCE: Policy = {
  id: 'default',
  version: 3,
  timezone: 'Asia/Shanghai',
  maxDeferHours: 72,
  consent: [{ classes: ['marketing'], channels: ['wecom'], need: 'not-refused' }],
  quietHours: [
    { id: 'night', classes: ['marketing'], from: '21:00', to: '09:00', onHit: 'suppress' },
  ],
  gaps: [
    {
      id: 'gap',
      classes: ['marketing'],
      counts: ['marketing', 'service'],
      hours: 4,
      openCounts: 'deadline',
    },
  ],
  caps: [
    { id: 'day', classes: ['marketing'], limit: 1, window: { kind: 'calendar', unit: 'day' } },
    {
      id: 'week',
      classes: ['marketing'],
      limit: 3,
      window: { kind: 'rolling', hours: 168 },
      onHit: 'suppress',
    },
  ],
};

const day = {
  id: 'day',
  classes: ['marketing' as const],
  limit: 1,
  window: { kind: 'calendar' as const, unit: 'day' as const },
};
const week = {
  id: 'week',
  classes: ['marketing' as const],
  limit: 3,
  window: { kind: 'rolling' as const, hours: 168 },
  onHit: 'suppress' as const,
};
const gap = {
  id: 'gap',
  classes: ['marketing' as const],
  counts: ['marketing' as const, 'service' as const],
  hours: 4,
  openCounts: 'deadline' as const,
};
const night = {
  id: 'night',
  classes: ['marketing' as const],
  from: '21:00',
  to: '09:00',
  onHit: 'suppress' as const,
};

const published = (override: object) =>
  parsePolicyDocument({ ...PROVINCE, cities: { yunfu: override } });

describe('the rules of a city', () => {
  it.each<readonly [string, CityOverride]>([
    ['a lower limit', { caps: [{ ...week, limit: 2 }] }],
    ['a longer rolling window', { caps: [{ ...week, window: { kind: 'rolling', hours: 200 } }] }],
    ['a longer gap', { gaps: [{ ...gap, hours: 6 }] }],
    [
      'the counted classes in another order',
      { gaps: [{ ...gap, counts: ['service', 'marketing'] }] },
    ],
    ['longer quiet hours', { quietHours: [{ ...night, from: '20:30', to: '09:30' }] }],
    [
      'quiet hours of more classes',
      { quietHours: [{ ...night, classes: ['marketing', 'service'] }] },
    ],
    ['quiet hours of all classes', { quietHours: [{ ...night, classes: undefined }] }],
    ['suppressing what the province defers', { caps: [{ ...day, onHit: 'suppress' }] }],
    ['waiting less', { maxDeferHours: 24 }],
    [
      'a cap of its own',
      { caps: [{ id: 'own', limit: 9, window: { kind: 'calendar', unit: 'month' } }] },
    ],
    ['quiet hours of its own', { quietHours: [{ id: 'noon', from: '12:00', to: '14:00' }] }],
    [
      'a need of consent of its own',
      { consent: [{ classes: ['marketing'], channels: ['wecom'], need: 'granted' }] },
    ],
  ])('may be %s', (_, override) => {
    expect(published(override).cities).toEqual({ yunfu: override });
  });

  it.each<readonly [string, object, string, string, string]>([
    [
      'a higher limit',
      { caps: [{ ...week, limit: 5 }] },
      'caps[0].limit',
      '5',
      'at most 3, as in the province',
    ],
    [
      'a shorter window',
      { caps: [{ ...week, window: { kind: 'rolling', hours: 24 } }] },
      'caps[0].window',
      '{"kind":"rolling","hours":24}',
      'rolling, at least 168 hours, as in the province',
    ],
    [
      'another calendar window',
      { caps: [{ ...day, window: { kind: 'calendar', unit: 'week' } }] },
      'caps[0].window',
      '{"kind":"calendar","unit":"week"}',
      'calendar day, as in the province',
    ],
    [
      'a shorter gap',
      { gaps: [{ ...gap, hours: 3 }] },
      'gaps[0].hours',
      '3',
      'at least 4, as in the province',
    ],
    [
      'a gap that counts less',
      { gaps: [{ ...gap, counts: ['marketing'] }] },
      'gaps[0].counts',
      '["marketing"]',
      'marketing, service, as in the province; a rule of another scope takes an id of its own',
    ],
    [
      'shorter quiet hours',
      { quietHours: [{ ...night, from: '22:00' }] },
      'quietHours[0].from',
      '"22:00"',
      'hours that hold 21:00-09:00, as in the province',
    ],
    [
      'quiet hours on fewer days',
      { quietHours: [{ ...night, days: ['mon'] }] },
      'quietHours[0].days',
      '["mon"]',
      'absent (all)',
    ],
    [
      'deferring what the province suppresses',
      { quietHours: [{ ...night, onHit: 'defer' }] },
      'quietHours[0].onHit',
      '"defer"',
      'suppress, as in the province',
    ],
    [
      'waiting longer',
      { maxDeferHours: 100 },
      'maxDeferHours',
      '100',
      'at most 72, as in the province',
    ],
  ])('may not be %s', (_, override, path, value, allowed) => {
    expect(() => published(override)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        issues: [expect.objectContaining({ path: `policy.cities.yunfu.${path}`, value, allowed })],
      }),
    );
  });

  it('may not touch what belongs to the province, nor carry what no policy knows', () => {
    expect(() => published({ timezone: 'Asia/Shanghai' })).toThrow(
      'policy.cities.yunfu.timezone: unknown key',
    );
    expect(() => published({ holdout: {} })).toThrow('policy.cities.yunfu.holdout: unknown key');
    expect(() => published({ caps: [{ ...week, limit: -1 }] })).toThrow(
      'policy.cities.yunfu.caps[0].limit',
    );
  });
});

describe('the policy of a city', () => {
  const document = published({
    maxDeferHours: 24,
    caps: [
      { ...week, limit: 2 },
      { ...day, id: 'own' },
    ],
    consent: [{ need: 'granted' }],
  });

  it("has its rules in the place of the province's, its own ones behind them", () => {
    expect(policyFor(document, 'yunfu')).toEqual({
      ...PROVINCE,
      maxDeferHours: 24,
      consent: [...(PROVINCE.consent ?? []), { need: 'granted' }],
      caps: [day, { ...week, limit: 2 }, { ...day, id: 'own' }],
    });
  });

  it.each(['guangzhou', undefined, 'constructor'])("is the province's for %s, and flat", (city) => {
    expect(policyFor({ ...document, effectiveFrom: '2026-03-01T00:00:00Z' }, city)).toEqual(
      PROVINCE,
    );
  });
});

/** Overrides near what a policy has: some stricter, some looser, some of their own. */
function overrides({ quietHours = [], gaps = [], caps = [] }: Policy): fc.Arbitrary<CityOverride> {
  const wall = (text: string, minutes: number) => {
    const shifted = (Number(text.slice(0, 2)) * 60 + Number(text.slice(3)) + minutes + 1440) % 1440;
    return `${String(Math.floor(shifted / 60)).padStart(2, '0')}:${String(shifted % 60).padStart(2, '0')}`;
  };
  const onHit = fc.constantFrom('defer' as const, 'suppress' as const);
  const drop = <T extends object>(rule: T, keys: readonly string[], dropped: boolean): T =>
    dropped
      ? (Object.fromEntries(Object.entries(rule).filter(([key]) => !keys.includes(key))) as T)
      : rule;
  const near = <T, U>(rules: readonly T[], change: (rule: T) => fc.Arbitrary<U>) =>
    fc.tuple(...rules.map(change));
  return fc.record({
    maxDeferHours: fc.constantFrom(0, 1, 24, 100),
    quietHours: near(quietHours, (rule) =>
      fc
        .record({
          from: fc.integer({ min: -720, max: 60 }),
          to: fc.integer({ min: -60, max: 400 }),
          onHit,
          all: fc.boolean(),
        })
        .map(({ from, to, all, ...more }) =>
          drop(
            { ...rule, ...more, from: wall(rule.from, from), to: wall(rule.to, to) },
            ['days', 'dayKinds', 'classes', 'channels'],
            all,
          ),
        ),
    ),
    gaps: near(gaps, (rule) =>
      fc.record({ hours: fc.integer({ min: -1, max: 9 }), onHit }).map(({ hours, ...more }) => ({
        ...rule,
        ...more,
        hours: Math.max(0.25, rule.hours + hours),
      })),
    ),
    caps: near(caps, (rule) =>
      fc
        .record({
          limit: fc.integer({ min: -2, max: 1 }),
          hours: fc.integer({ min: -1, max: 100 }),
          onHit,
        })
        .map(({ limit, hours, ...more }) => ({
          ...rule,
          ...more,
          limit: Math.max(0, rule.limit + limit),
          ...(rule.window.kind === 'rolling' && {
            window: { kind: 'rolling' as const, hours: Math.max(0.25, rule.window.hours + hours) },
          }),
        })),
    ),
  });
}

test('whatever passes the rules of a city passes those of the province', () => {
  let passed = 0;
  let tightened = 0;
  const cases: fc.Arbitrary<{ asked: Case; override: CityOverride }> = gateCases.chain((asked) =>
    overrides(asked.policy).map((override) => ({ asked, override })),
  );
  fc.assert(
    fc.property(cases, ({ asked: { policy, contact, touch, holidays }, override }) => {
      if (looserThan(policy, override).length > 0) return;
      const city = policyFor({ ...policy, cities: { yunfu: override } }, 'yunfu');
      const ask = (rules: Policy) => decide(preparePolicy(rules, holidays), contact, touch).verdict;
      if (ask(city) !== 'pass') {
        tightened += ask(policy) === 'pass' ? 1 : 0;
        return;
      }
      passed += 1;
      expect(ask(policy)).toBe('pass');
    }),
    { seed: 21, numRuns: 6000 },
  );
  expect(passed).toBeGreaterThan(200);
  expect(tightened).toBeGreaterThan(20);
});
