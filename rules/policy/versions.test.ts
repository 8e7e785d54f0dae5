import fc from 'fast-check';
import { inForceAt, type Publication } from './versions';

const published = (version: number, day: string, effectiveFrom?: string): Publication => ({
  version,
  at: `2026-${day}T00:00:00.000Z`,
  ...(effectiveFrom !== undefined && { effectiveFrom: `2026-${effectiveFrom}T00:00:00.000Z` }),
});
const versionOn = (day: string, ...publications: Publication[]) =>
  inForceAt(publications, Date.parse(`2026-${day}T00:00:00.000Z`))?.version;

describe('the version in force', () => {
  it.each<readonly [string, string, Publication[], number | undefined]>([
    ['none before the first takes effect', '02-28', [published(1, '02-01', '03-01')], undefined],
    ['one from its very instant', '03-01', [published(1, '02-01', '03-01')], 1],
    ['one without an instant from its publication', '02-01', [published(1, '02-01')], 1],
    [
      'the latest to take effect, not the latest published',
      '03-02',
      [published(2, '02-01', '03-01'), published(3, '02-10')],
      2,
    ],
    [
      'an earlier one until the later takes effect',
      '02-20',
      [published(2, '02-01', '03-01'), published(3, '02-10')],
      3,
    ],
    [
      'the higher of two that take effect together',
      '03-02',
      [published(3, '02-10', '03-01'), published(2, '02-01', '03-01')],
      3,
    ],
    [
      'the earlier one again after going back to it',
      '02-20',
      [published(1, '02-01'), published(2, '02-10'), published(1, '02-15')],
      1,
    ],
    [
      'none of before its publication',
      '02-05',
      [published(1, '02-01'), published(2, '02-10', '02-03')],
      1,
    ],
  ])('is %s', (_, day, publications, expected) => {
    expect(versionOn(day, ...publications)).toBe(expected);
  });

  it('does not depend on the order in which publications are read', () => {
    const days = fc.integer({ min: 1, max: 28 }).map((day) => `03-${String(day).padStart(2, '0')}`);
    const all = fc.array(fc.tuple(days, fc.option(days, { nil: undefined })), { maxLength: 6 });
    fc.assert(
      fc.property(all, days, (drawn, day) => {
        const publications = drawn.map(([at, from], i) => published(i + 1, at, from));
        expect(versionOn(day, ...publications)).toBe(
          versionOn(day, ...[...publications].reverse()),
        );
      }),
    );
  });
});
