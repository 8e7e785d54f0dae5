import fc from 'fast-check';
import { formatInstant } from '../../time/instant';
import { readCell } from './cell';
import { type CellKind, FIELDS, fieldOfHeader } from './column';
import { instantOfCell, textOfSerial } from './date';
import { layoutOf } from './layout';
import { fenOfCell } from './money';
import { contactOfCells, UnreadableRow } from './row';

const SHANGHAI = 'Asia/Shanghai';
const cell = (text: string, kind: CellKind) =>
  readCell(text, { path: 'x', kind }, { timezone: SHANGHAI });

describe('a date', () => {
  it.each([
    ['2024/1/5', '2024-01-04T16:00:00.000Z'],
    ['2024-01-05', '2024-01-04T16:00:00.000Z'],
    ['2024.1.5', '2024-01-04T16:00:00.000Z'],
    ['2024年1月5日', '2024-01-04T16:00:00.000Z'],
    ['２０２４年１月５日', '2024-01-04T16:00:00.000Z'],
    ['20240105', '2024-01-04T16:00:00.000Z'],
    ['20240105080000', '2024-01-05T00:00:00.000Z'],
    ['2024-01-05 08:00:00', '2024-01-05T00:00:00.000Z'],
    ['2024-01-05 08:00:00.123', '2024-01-05T00:00:00.000Z'],
    ['2024/1/5 8:00', '2024-01-05T00:00:00.000Z'],
    ['2024-01-05T08:00:00', '2024-01-05T00:00:00.000Z'],
    ['2024年1月5日 8时5分', '2024-01-05T00:05:00.000Z'],
    ['2024-01-05T08:00:00+09:00', '2024-01-04T23:00:00.000Z'],
    ['45296', '2024-01-04T16:00:00.000Z'],
    ['45296.333333333336', '2024-01-05T00:00:00.000Z'],
  ])('is read: %s', (text, instant) => {
    expect(instantOfCell(text, SHANGHAI)).toBe(instant);
  });

  it.each([
    '1/5/2024',
    '5.1.24',
    '2024-13-01',
    '2023-02-29',
    '2024-1-5 25:00',
    'x',
    '',
    '60',
    '0.5',
  ])('is none: %s', (text) => {
    expect(instantOfCell(text, SHANGHAI)).toBeNull();
  });

  it('is on the clocks of the file, and the first of two in the hour that comes twice', () => {
    expect(instantOfCell('2024-07-01 12:00', 'America/New_York')).toBe('2024-07-01T16:00:00.000Z');
    expect(instantOfCell('2024-11-03 01:30', 'America/New_York')).toBe('2024-11-03T05:30:00.000Z');
  });

  it('of a spreadsheet is shown as the spreadsheet shows it, from 1900 or 1904', () => {
    expect([1, 59, 61, 45_296, 45_296.75].map((serial) => textOfSerial(serial, 1900))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-03-01',
      '2024-01-05',
      '2024-01-05 18:00:00',
    ]);
    expect(textOfSerial(60, 1900)).toBeNull();
    expect(textOfSerial(43_834, 1904)).toBe('2024-01-05');
    expect(textOfSerial(0.5, 1900)).toBe('12:00:00');
  });

  it('and its serial number mean the same instant, whatever the day and second', () => {
    const seconds = fc.integer({
      min: Date.parse('1901-01-01') / 1000,
      max: Date.parse('2099-12-31') / 1000,
    });
    fc.assert(
      fc.property(seconds, (second) => {
        const wall = formatInstant(second * 1000).slice(0, 19);
        const serial = second / 86_400 + 25_569;
        expect(instantOfCell(String(serial), 'UTC')).toBe(instantOfCell(wall, 'UTC'));
        expect(textOfSerial(serial, 1900)?.padEnd(19, ' 00:00:00')).toBe(wall.replace('T', ' '));
      }),
    );
  });
});

describe('money', () => {
  it.each([
    ['59.9', 'yuan', 5990],
    ['0.1', 'yuan', 10],
    ['1,234.56', 'yuan', 123_456],
    ['￥1，234', 'yuan', 123_400],
    ['-0.05', 'yuan', -5],
    ['12.300', 'yuan', 1230],
    ['1.005', 'yuan', null],
    ['1e3', 'yuan', null],
    ['', 'yuan', null],
    ['1200', 'fen', 1200],
    ['1200.0', 'fen', 1200],
    ['12.5', 'fen', null],
  ] as const)('%s in %s is %s fen', (text, unit, fen) => {
    expect(fenOfCell(text, unit)).toBe(fen);
  });

  it('is converted digit by digit, never through a fraction', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (fen) => {
        const digits = String(Math.abs(fen)).padStart(3, '0');
        const yuan = `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        expect(fenOfCell(yuan, 'yuan')).toBe(fen);
      }),
    );
  });
});

describe('a cell', () => {
  it.each(['', ' ', 'NULL', 'null', '#N/A', '-', '--', 'NaN', 'None', '\\N'])(
    'says nothing: %j',
    (text) => {
      expect(cell(text, 'text')).toEqual({ value: undefined });
    },
  );

  it.each([
    ['<null>', 'text', { value: null }],
    ['<清空>', 'instant', { value: null }],
    ['#REF!', 'text', { fault: 'error' }],
    ['1.39E+10', 'id', { fault: 'scientific' }],
    ['85%', 'percent', { value: 85 }],
    ['８５', 'number', { value: 85 }],
    ['0x10', 'number', { fault: 'number' }],
    ['是', 'boolean', { value: true }],
    ['后付费', 'payType', { value: 'postpaid' }],
    ['同意', 'consent', { value: 'granted' }],
    ['a； b,c', 'list', { value: ['a', 'b', 'c'] }],
    ['true', 'fact', { value: true }],
    ['true', 'text', { value: 'true' }],
    ['007', 'id', { value: '007' }],
  ] as const)('%s of kind %s is %j', (text, kind, read) => {
    expect(cell(text, kind)).toEqual(read);
  });
});

describe('the columns of a file', () => {
  it('have names that mean one field each', () => {
    for (const { path, names } of FIELDS)
      for (const name of path === '' ? names : [path, ...names]) {
        const found = fieldOfHeader(name);
        if (found !== 'money') expect([name, found?.path]).toEqual([name, path]);
      }
  });

  it.each([
    ['余额(元)', 'facts.balanceFen', 'yuan'],
    ['账户余额（元）', 'facts.balanceFen', 'yuan'],
    ['话费余额_分', 'facts.balanceFen', 'fen'],
    ['facts.balanceFen', 'facts.balanceFen', 'fen'],
    ['FACTS.BALANCEFEN', 'facts.balanceFen', 'fen'],
    ['流量使用率(%)', 'facts.dataUsedPct', 'percent'],
    ['套餐月费（元）', 'plan.fee', 'number'],
    ['Contact ID', 'contactId', 'id'],
    ['facts.tier', 'facts.tier', 'fact'],
    ['consents.call.transactional', 'consents.call.transactional', 'consent'],
    ['短信营销授权', 'consents.sms.marketing', 'consent'],
  ])('are known by %s', (header, path, kind) => {
    expect(fieldOfHeader(header)).toEqual({ path, kind });
  });

  it('are what a mapping says, before what their names say', () => {
    const header = ['编号', '余额', '等级', '备注', '地市'];
    const mapping = {
      编号: 'contactId',
      余额: { to: 'facts.balanceFen', unit: 'yuan' as const },
      等级: { to: 'facts.tier', type: 'number' as const },
      备注: 'ignore',
      地市: { to: 'city', values: { 广州: 'guangzhou' } },
    };
    const columns = layoutOf(header, mapping);
    const row = contactOfCells(['c-1', '5.5', '3', 'x', '广州'], columns, { timezone: SHANGHAI });
    expect(row).toEqual({
      contactId: 'c-1',
      facts: { balanceFen: 550, tier: 3 },
      city: 'guangzhou',
    });
  });

  it('are refused together, each by its name', () => {
    const refused = () =>
      layoutOf(['contactId', 'nmae', '', '乱七八糟', '欠费'], { 旧列: 'city', nmae: 'nothing' });
    expect(refused).toThrow('旧列');
    try {
      refused();
    } catch (error) {
      const { issues } = error as { issues: readonly { path: string }[] };
      expect(issues.map(({ path }) => path)).toEqual(['nmae', '乱七八糟', '欠费', '旧列']);
    }
  });

  it('hold every fault of a row at once', () => {
    const columns = layoutOf(['contactId', '余额(元)', '入网时间', '']);
    const read = () =>
      contactOfCells(['c-1', 'x', '1/5/2024', 'y'], columns, { timezone: SHANGHAI });
    expect(read).toThrow(UnreadableRow);
  });

  it('take away as a whole what only stands as a whole', () => {
    const columns = layoutOf(['contactId', '套餐', '套餐月费', 'facts.tier']);
    const row = contactOfCells(['c-1', '<null>', '5', '<null>'], columns, { timezone: SHANGHAI });
    expect(row).toEqual({ contactId: 'c-1', plan: null, facts: { tier: null } });
  });
});
