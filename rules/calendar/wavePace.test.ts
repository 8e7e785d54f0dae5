import { restUntil } from './wavePace';

const NOW = Date.parse('2026-03-02T02:00:00.000Z');
const minutes = (after: number) => new Date(NOW + after * 60_000).toISOString();
const rests = (next: number, many: number | undefined, count: number) =>
  restUntil(
    { next: minutes(next), ...(many !== undefined && { many: minutes(many) }), count },
    NOW,
  ) - NOW;
const MINUTE = 60_000;

describe('a wave rests', () => {
  it('until the very minute of the first, when few wait', () => {
    expect(rests(1, undefined, 100)).toBe(MINUTE);
    expect(rests(1, 2, 200)).toBe(MINUTE);
  });

  it('until many of them are due, when many wait', () => {
    expect(rests(0.5, 2, 201)).toBe(2 * MINUTE);
  });

  it('no longer than five minutes for others, and never before the first is due', () => {
    expect(rests(1, 30, 1000)).toBe(5 * MINUTE);
    expect(rests(1, undefined, 1000)).toBe(5 * MINUTE);
    expect(rests(60, 60, 1000)).toBe(60 * MINUTE);
  });

  it('not at all when the first is due already', () => {
    expect(rests(0, 30, 1000)).toBe(0);
    expect(rests(-3, 30, 1000)).toBe(-3 * MINUTE);
  });
});
