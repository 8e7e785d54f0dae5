import fc from 'fast-check';
import { type Arm, holdoutReport } from './holdoutReport';

const arm = (conversions: number, contacts: number): Arm => ({ conversions, contacts });
const rounded = ([low, high]: readonly [number, number]) => [
  Number(low.toFixed(4)),
  Number(high.toFixed(4)),
];

// R. G. Newcombe, Statistics in Medicine 17 (1998): the single proportion, pages 857-872 (Wilson's score), and the difference
// between independent proportions, pages 873-890 (method 10).
describe('the published examples', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of one share: %d of %d', (conversions, contacts, low, high) => {
    expect(rounded(holdoutReport(arm(conversions, contacts), arm(0, 1)).treated.interval)).toEqual([
      low,
      high,
    ]);
  });

  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of a difference: %d of %d against %d of %d', (a, m, b, n, low, high) => {
    const report = holdoutReport(arm(a, m), arm(b, n));
    expect(rounded(report.interval)).toEqual([low, high]);
    expect(report.difference).toBeCloseTo(a / m - b / n, 12);
    expect(report.significant).toBe(low > 0);
  });
});

describe('the report', () => {
  it('gives the lift as a share of what happens anyway', () => {
    expect(holdoutReport(arm(60, 1000), arm(4, 100)).lift).toBeCloseTo(0.5, 12);
    expect(holdoutReport(arm(60, 1000), arm(0, 100)).lift).toBeNull();
  });

  it('says nothing where an arm is empty', () => {
    const nothing = { difference: null, interval: [-1, 1], lift: null, significant: false };
    expect(holdoutReport(arm(3, 10), arm(0, 0))).toMatchObject({
      ...nothing,
      heldOut: { rate: null, interval: [0, 1] },
    });
    expect(holdoutReport(arm(0, 0), arm(3, 10))).toMatchObject(nothing);
  });

  it.each([
    [arm(11, 10), 'treated.conversions: 11 is not allowed; allowed: a whole number from 0 to 10'],
    [arm(-1, 10), 'treated.conversions: -1 is not allowed'],
    [arm(0, 1.5), 'treated.contacts: 1.5 is not allowed; allowed: a whole number >= 0'],
  ])('refuses counts that cannot be: %j', (treated, message) => {
    expect(() => holdoutReport(treated, arm(0, 1))).toThrow(message);
  });

  it('holds the difference, turns around with the arms, and narrows with more contacts', () => {
    const arms = fc
      .integer({ min: 1, max: 5000 })
      .chain((contacts) =>
        fc.integer({ min: 0, max: contacts }).map((hits) => arm(hits, contacts)),
      );
    fc.assert(
      fc.property(arms, arms, (treated, heldOut) => {
        const { difference, interval } = holdoutReport(treated, heldOut);
        const [low, high] = interval;
        expect(low).toBeLessThanOrEqual(difference ?? Number.NaN);
        expect(high).toBeGreaterThanOrEqual(difference ?? Number.NaN);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        const turned = holdoutReport(heldOut, treated).interval;
        expect(turned[0]).toBeCloseTo(-high, 12);
        const more = ({ contacts, conversions }: Arm) => arm(conversions * 4, contacts * 4);
        const wider = holdoutReport(more(treated), more(heldOut)).interval;
        expect(wider[1] - wider[0]).toBeLessThan(high - low);
      }),
    );
  });
});
