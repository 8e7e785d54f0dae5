// The worked cases of phone numbers, their cousins, and what holds of any.

import fc from 'fast-check';
import { workedCases } from '../../test/support/workedCases';
import { normalisePhone, type PhoneRefusal } from './phone';
import { answerPhone } from './phone.schema';

test.each(workedCases('phone'))(
  'answers the worked case %s',
  (_name, { expect: expected, ...given }) => {
    expect(answerPhone(given)).toEqual(expected);
  },
);

test.each([
  ['bare', '13912345678'],
  ['with 86', '8613912345678'],
  ['with 0086', '0086 139 1234 5678'],
  ['with +86 and groups', '+86 139-1234-5678'],
  ['with a zero behind the country', '+86 (0)139 1234 5678'],
  ['with the zero of a long-distance call', '013912345678'],
  ['in full width', '＋８６　１３９１２３４５６７８'],
  ['with a full-width hyphen', '139－1234－5678'],
  ['with a minus sign', '139\u22121234\u22125678'],
  ['with an en dash and a non-breaking hyphen', '139\u20131234\u20115678'],
  ['with the apostrophe of a spreadsheet', "'13912345678"],
  ['in Chinese quotation marks', '“‘13912345678’”'],
  ['with quotation marks behind invisible marks', '\u200e"13912345678"\u202c'],
  ['as a spreadsheet shows a number', '13912345678.00'],
  ['with 0086 as a spreadsheet shows a number', '008613912345678.0'],
  ['with a soft hyphen, a tab and a zero-width space', '139\u00ad1234\t5\u200b678'],
  ['with a byte order mark and a line end', '\ufeff13912345678\r\n'],
])('reads a mobile number %s', (_, text) => {
  expect(normalisePhone(text)).toEqual({ phone: '+8613912345678' });
});

test.each([
  ['(020) 8123-4567', '+862081234567'],
  ['010 8123 4567', '+861081234567'],
  ['0755-81234567', '+8675581234567'],
  ['0668 1234567', '+866681234567'],
  ['862081234567', '+862081234567'],
  ['+86 020 81234567', '+862081234567'],
  ['+86-755-8123-4567', '+8675581234567'],
  ['+852 6123 4567', '+85261234567'],
  ['00852-61234567', '+85261234567'],
  ['+1 (212) 555-0100', '+12125550100'],
])('reads %s, a landline or a number of another country', (text, phone) => {
  expect(normalisePhone(text)).toEqual({ phone });
});

test.each<readonly [string, PhoneRefusal]>([
  ['1.38E+10', 'scientific'],
  ['1.38E−10', 'scientific'],
  ['１.３８ｅ１０', 'scientific'],
  ['138e8', 'scientific'],
  ['"1.39E+10"', 'scientific'],
  ['13912345678/13812345678', 'several'],
  ['13912345678、+8613812345678', 'several'],
  ['13912345678｜13812345678', 'several'],
  ['13912345678，13812345678', 'several'],
  ['13912345678 ; 13812345678', 'several'],
  ['+13912345678', 'ambiguous'],
  ['0013912345678', 'ambiguous'],
  ['', 'not-a-number'],
  [' \u200b', 'not-a-number'],
  ['81234567', 'not-a-number'],
  ['2081234567', 'not-a-number'],
  ['12345678901', 'not-a-number'],
  ['400-812-3456', 'not-a-number'],
  ['0800 812 3456', 'not-a-number'],
  ['8640081234567', 'not-a-number'],
  ['86013912345678', 'not-a-number'],
  ['+86861234', 'not-a-number'],
  ['+0852612345', 'not-a-number'],
  ['+1234567', 'not-a-number'],
  ['+1234567890123456', 'not-a-number'],
  ['++8613912345678', 'not-a-number'],
  ['000013912345678', 'not-a-number'],
  ['13912345678.5', 'not-a-number'],
  ['+8613912345678.0', 'not-a-number'],
  ['13912345678转123', 'not-a-number'],
  ['١٣٩١٢٣٤٥٦٧٨', 'not-a-number'],
  ['张三13912345678', 'not-a-number'],
  ['13912345678/', 'not-a-number'],
  ['139****5678', 'not-a-number'],
])('refuses %j as %s', (text, refused) => {
  expect(normalisePhone(text)).toEqual({ refused });
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const mobile = fc
  .tuple(fc.constantFrom(...'3456789'), digits(9))
  .map(([second, rest]) => `1${second}${rest}`);
const mark = fc.constantFrom(' ', '-', '(', ')', '\u200b', '\u2212', '—', '　', '\u202d', '\t', '');

test('every decoration of a mobile number gives the same number', () => {
  const drawn = fc.record({
    number: mobile,
    before: fc.constantFrom('', '86', '0', '0086', '+86', '+860', '00860'),
    wide: fc.boolean(),
    marks: fc.array(mark, { minLength: 20, maxLength: 20 }),
    quotes: fc.constantFrom('', "'", '"', '“', '`'),
  });
  fc.assert(
    fc.property(drawn, ({ number, before, wide, marks, quotes }) => {
      const spaced = [...`${before}${number}`]
        .map((sign, i) => `${sign}${marks[i] ?? ''}`)
        .join('');
      const text = wide ? spaced.replace(/[0-9]/g, fullWidth) : spaced;
      expect(normalisePhone(`${quotes}${text}${quotes}`)).toEqual({ phone: `+86${number}` });
    }),
  );
});

const fullWidth = (digit: string): string => String.fromCharCode(digit.charCodeAt(0) + 0xfee0);

test('what was read once is read again as itself, and any text gets an answer', () => {
  const written = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.stringMatching(/^(\+|00)?[0-9]{5,16}$/),
    fc.stringMatching(/^(\+86|86|0)[1-9][0-9]{8,10}$/),
  );
  fc.assert(
    fc.property(written, (text) => {
      const read = normalisePhone(text);
      if ('phone' in read) expect(normalisePhone(read.phone)).toEqual(read);
      else expect(read.refused).toBeDefined();
    }),
    { numRuns: 2000 },
  );
});
