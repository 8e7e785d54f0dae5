import { beyondQuota, type QuotaLimits, quotaTakes } from './quota';

const ZONE = 'Asia/Shanghai';
/** 00:30 on 3 March in Shanghai. */
const AT = '2026-03-02T16:30:00.000Z';
const LIMITS: QuotaLimits = {
  cities: { guangzhou: 100 },
  default: 20,
  staffPerDay: 5,
  campaigns: { 'k-1': { total: 1000, perDay: 50 }, 'k-2': { total: 7 } },
};
const subject = { class: 'marketing', city: 'guangzhou' } as const;
const takes = (more: object, limits = LIMITS) =>
  quotaTakes(limits, { ...subject, ...more }, AT, ZONE);

describe('the quotas of a touch', () => {
  it('are those of its campaign, its city and its staff, on the local day, the lasting ones first', () => {
    expect(takes({ campaign: 'k-1', staffId: 's-1' })).toEqual([
      { scope: 'campaign/k-1/total', limit: 1000 },
      { scope: 'campaign/k-1/2026-03-03', limit: 50 },
      { scope: 'city/guangzhou/2026-03-03', limit: 100 },
      { scope: 'staff/s-1/2026-03-03', limit: 5 },
    ]);
  });

  it('leave out what has no limit, and take the default for a city that is not named', () => {
    expect(takes({ campaign: 'k-2', city: 'yunfu' })).toEqual([
      { scope: 'campaign/k-2/total', limit: 7 },
      { scope: 'city/yunfu/2026-03-03', limit: 20 },
    ]);
    expect(takes({ campaign: 'k-9', staffId: 's-1' }, {})).toEqual([]);
    expect(takes({}, { cities: { guangzhou: 0 }, default: 5 })).toEqual([
      { scope: 'city/guangzhou/2026-03-03', limit: 0 },
    ]);
  });

  it('are none for a transactional touch', () => {
    expect(takes({ class: 'transactional', campaign: 'k-1', staffId: 's-1' })).toEqual([]);
  });
});

describe('a full quota', () => {
  const answer = (scope: string, expiresAt?: string) =>
    beyondQuota(scope, { at: AT, expiresAt }, ZONE, []);

  it('of a day defers to the next local midnight', () => {
    expect(answer('city/guangzhou/2026-03-03')).toEqual({
      verdict: 'deferred',
      reason: 'quota',
      rule: 'city/guangzhou/2026-03-03',
      until: '2026-03-03T16:00:00.000Z',
      explain: [],
    });
  });

  it('of a day suppresses a touch that will have expired by then', () => {
    expect(answer('staff/s-1/2026-03-03', '2026-03-03T16:00:00.000Z')).toMatchObject({
      verdict: 'suppressed',
    });
    expect(answer('staff/s-1/2026-03-03', '2026-03-03T16:00:00.001Z')).toMatchObject({
      verdict: 'deferred',
    });
  });

  it('of a whole campaign suppresses', () => {
    expect(answer('campaign/k-1/total')).toEqual({
      verdict: 'suppressed',
      reason: 'quota',
      rule: 'campaign/k-1/total',
      explain: [],
    });
  });
});
