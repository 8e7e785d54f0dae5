import { staleBill } from './staleness';

const zone = 'Asia/Shanghai';
const local = (text: string): number => Date.parse(`${text}+08:00`);
const iso = (text: string): string => new Date(local(text)).toISOString();
const BILL = iso('2026-11-01T08:00:00');
const due = { billDueFen: 8900, billedAt: BILL };

describe('a bill', () => {
  it.each([
    ['the moment it comes out', {}, '2026-11-01T08:00:00', null],
    ['to the last minute in which it is spoken of', {}, '2026-11-21T23:58:59', null],
    ['and not after it', {}, '2026-11-21T23:59:00', 'too-late'],
    ['nor in the next cycle', { billDay: 10 }, '2026-11-10T00:00:00', 'cycle-over'],
    ['which begins at midnight', { billDay: 10 }, '2026-11-09T23:59:59', null],
    ['and is known from the bill itself', {}, '2026-12-01T00:00:00', 'cycle-over'],
    ['where no bill day is known', { billDay: 1 }, '2026-12-01T00:00:00', 'cycle-over'],
  ])('starts a journey %s (%j)', (_, known, now, stale) => {
    expect(staleBill({ facts: due, ...known }, BILL, local(now), zone)).toBe(stale);
  });

  it('starts none once a later bill is known, and one corrected on the same day is the same bill', () => {
    const now = local('2026-11-05T08:00:00');
    const known = (billedAt: string) => ({ facts: { ...due, billedAt: iso(billedAt) } });
    expect(staleBill(known('2026-11-02T08:00:00'), BILL, now, zone)).toBe('superseded');
    expect(staleBill(known('2026-11-01T20:00:00'), BILL, now, zone)).toBeNull();
  });

  it('starts none when nothing is due', () => {
    const paid = { facts: { ...due, billDueFen: 0 } };
    expect(staleBill(paid, BILL, local('2026-11-05T08:00:00'), zone)).toBe('not-due');
  });

  it('on the 31st is of a cycle that ends with a shorter month', () => {
    const facts = { billDueFen: 1, billedAt: iso('2026-01-31T09:00:00') };
    const judge = (now: string) =>
      staleBill({ facts, billDay: 31 }, iso('2026-01-31T09:00:00'), local(now), zone);
    expect(judge('2026-02-10T00:00:00')).toBeNull();
    expect(judge('2026-02-28T00:00:00')).toBe('cycle-over');
  });
});
