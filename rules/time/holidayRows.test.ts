import { isCodedError } from '../base/errors';
import { holidayRows } from '../catalogue/holidayRows.schema';
import { parseWith } from '../input/parse';
import { withHolidayRows } from './holidayRows';

const read = (rows: readonly object[]) => parseWith(holidayRows, rows, 'rows');
const table = {
  days: { '2026-10-01': 'rest' },
  predicted: { '2027-02-08': 'rest', '2028-01-03': 'rest' },
  names: { 'spring-festival': ['2026-02-17', '2027-02-06'], 'national-day': ['2026-10-01'] },
} as const;

describe('the rows of a notice', () => {
  it('add their days to a table, and end what it predicted of their year', () => {
    const rows = read([
      { date: '2027-02-08', kind: '放假', name: '春节' },
      { date: '2027-02-14', kind: '补班' },
    ]);
    expect(withHolidayRows(table, rows)).toMatchObject({
      days: { '2026-10-01': 'rest', '2027-02-08': 'rest', '2027-02-14': 'work' },
      predicted: { '2028-01-03': 'rest' },
    });
  });

  it('date a holiday by its first rest day, also over the end of a year, in rows of any order', () => {
    const rows = read(
      ['2027-10-03', '2027-10-02', '2027-10-01'].map((date) => ({
        ...{ date, kind: 'rest', name: '国庆节、中秋节' },
      })),
    );
    const { names } = withHolidayRows(table, rows);
    expect(names['national-day']).toEqual(['2026-10-01', '2027-10-01']);
    expect(names['mid-autumn']).toEqual(['2027-10-01']);

    const newYear = read(
      ['2026-12-31', '2027-01-01', '2027-12-31'].map((date) => ({
        ...{ date, kind: 'rest', name: '元旦' },
      })),
    );
    expect(withHolidayRows(table, newYear).names['new-year']).toEqual(['2026-12-31', '2027-12-31']);
  });

  it('leave the day of a holiday that the table knows already', () => {
    const rows = read(
      ['2027-02-05', '2027-02-06'].map((date) => ({ date, kind: 'rest', name: '春节' })),
    );
    expect(withHolidayRows(table, rows).names).toEqual(table.names);
  });

  it('keep a name that nobody knows as it is', () => {
    const rows = read([{ date: '2027-03-07', kind: 'rest', name: '公司日' }]);
    expect(withHolidayRows(table, rows).names.公司日).toEqual(['2027-03-07']);
  });

  it('read twice change nothing the second time', () => {
    const rows = read([{ date: '2027-10-01', kind: 'rest', name: '国庆节' }]);
    const once = withHolidayRows(table, rows);
    expect(withHolidayRows(once, rows)).toEqual(once);
  });

  it.each([
    [{ date: '2027-02-30', kind: 'rest' }, 'rows[1].date'],
    [{ date: '2027-02-03', kind: 'holiday' }, 'rows[1].kind'],
    [{ date: '2027-02-08', kind: 'work' }, 'rows[1].kind'],
    [{ date: '2027-02-09', kind: 'rest', title: '春节' }, 'rows[1].title'],
  ])('are refused by the place of the first mistake: %j', (wrong, path) => {
    try {
      read([{ date: '2027-02-08', kind: 'rest' }, wrong]);
      throw new Error('was read');
    } catch (error) {
      expect(isCodedError(error) && error.issues[0]?.path).toBe(path);
    }
  });
});
