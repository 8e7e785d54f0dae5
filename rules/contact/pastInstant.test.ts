import { pastClaims, pastInstant } from './pastInstant';

const NOW = Date.parse('2026-11-20T08:00:00.000Z');
const ahead = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();

describe('a claim about the past', () => {
  it('is taken as it is, and as now when the clock that made it is ahead', () => {
    expect(pastInstant('2026-11-20T15:00:00+08:00', NOW, 'at')).toBe('2026-11-20T07:00:00.000Z');
    expect(pastInstant(ahead(5), NOW, 'at')).toBe(ahead(0));
  });

  it('is refused with its place when it is more than five minutes ahead', () => {
    const far = new Date(NOW + 300_001).toISOString();
    expect(() => pastInstant(far, NOW, 'occurredAt')).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        issues: [expect.objectContaining({ path: 'occurredAt', value: far })],
      }),
    );
  });

  it.each([
    ['activatedAt', { activatedAt: ahead(6) }],
    ['asOf', { asOf: ahead(6) }],
    ['facts.lastSpokeAt', { facts: { lastSpokeAt: ahead(6) } }],
    ['facts.openedAt', { facts: { openedAt: ahead(6) } }],
    ['facts.billedAt', { facts: { billedAt: ahead(6) } }],
    ['relations[0].addedAt', { relations: [aRelation({ addedAt: ahead(6) })] }],
    ['relations[0].removedAt', { relations: [aRelation({ removedAt: ahead(6) })] }],
  ])('stands in %s of a row', (path, row) => {
    expect(() => pastClaims(row, NOW)).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ path })] }),
    );
  });

  it('of a row within the difference of clocks is now, and the rest of the row stays', () => {
    const row = { asOf: ahead(1), facts: { lastSpokeAt: ahead(1), segment: 'A' } };
    expect(pastClaims(row, NOW)).toEqual({
      asOf: ahead(0),
      facts: { lastSpokeAt: ahead(0), segment: 'A' },
    });
  });
});

function aRelation(fields: { readonly addedAt?: string; readonly removedAt?: string }) {
  return {
    staffId: 's',
    externalUserId: 'w',
    state: 'friend' as const,
    addedAt: ahead(-1),
    ...fields,
  };
}
