import { unannouncedYears } from '../rules/time/announced';
import { chineseHolidays } from './chineseHolidays';

describe('the holidays of mainland China', () => {
  const { days, predicted = {}, names } = chineseHolidays();

  it('rests on the arranged days and works on the make-up days, weekends left to themselves', () => {
    expect(days['2025-01-26']).toBe('work');
    expect(days['2025-01-28']).toBe('rest');
    expect(days['2026-02-14']).toBe('work');
    expect(days['2026-02-16']).toBe('rest');
    expect(days['2026-10-10']).toBe('work');
    expect(days['2026-10-03']).toBeUndefined();
    expect(days['2026-09-01']).toBeUndefined();
  });

  it('names each festival on its own day, once a year', () => {
    expect(names['spring-festival']).toEqual([
      '2024-02-10',
      '2025-01-29',
      '2026-02-17',
      '2027-02-06',
    ]);
    expect(names['tomb-sweeping']).toEqual([
      '2024-04-04',
      '2025-04-04',
      '2026-04-05',
      '2027-04-05',
    ]);
    expect(names['dragon-boat']).toEqual(['2024-06-10', '2025-05-31', '2026-06-19', '2027-06-09']);
    expect(names['mid-autumn']).toEqual(['2024-09-17', '2025-10-06', '2026-09-25', '2027-09-15']);
    expect(names['national-day']).toContain('2027-10-01');
  });

  it('predicts of a year nobody arranged yet the days of the law, and takes none for a fact', () => {
    expect(predicted['2027-10-01']).toBe('rest');
    expect(predicted['2027-02-05']).toBe('rest');
    expect(Object.keys(predicted).every((date) => date.startsWith('2027'))).toBe(true);
    expect(Object.keys(days).filter((date) => date.startsWith('2027'))).toEqual([]);
    expect(unannouncedYears({ days, predicted }, 2026, 2028)).toEqual([
      { year: 2027, predicted: 7 },
      { year: 2028, predicted: 0 },
    ]);
  });
});
