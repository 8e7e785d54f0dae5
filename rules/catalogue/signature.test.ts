import fc from 'fast-check';
import { render } from './message';
import { signatureOf, smsLength } from './signature';

const SIGNATURE = '【广东移动】';
const sms = (text: string, refusalNote?: string) =>
  render(text, {}, { maxBytes: 1500, signature: SIGNATURE, refusalNote });

describe('the signature of a short message', () => {
  it.each([
    ['广东移动', '【广东移动】'],
    ['【广东移动】', '【广东移动】'],
    ['China Mobile', null],
    ['移', null],
    ['移'.repeat(20), `【${'移'.repeat(20)}】`],
    ['移'.repeat(21), null],
    ['10086', null],
    ['移动10086', '【移动10086】'],
    ['广东【移动】', null],
    ['广东移动！', null],
    ['', null],
  ])('%j is %j', (given, expected) => {
    expect(signatureOf(given)).toBe(expected);
  });

  it('stands first, once, wherever a text has it already', () => {
    for (const text of [
      '您好',
      '【广东移动】您好',
      '您好【广东移动】',
      ' 【广东移动】 您好【广东移动】',
      '【广东移动】【广东移动】您好',
    ])
      expect(sms(text)).toBe('【广东移动】您好');
    expect(sms('您好【广东移动】', '拒收请回复R')).toBe('【广东移动】您好 拒收请回复R');
    expect(sms('您好，拒收请回复R【广东移动】', '拒收请回复R')).toBe(
      '【广东移动】您好，拒收请回复R',
    );
  });

  it('is the only one at the beginning: a text under another name is not sent', () => {
    for (const text of ['【中国移动】您好', '【广东移动】【中国移动】您好', ' 【x】您好'])
      expect(() => sms(text)).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ path: 'signature' })] }),
      );
    expect(sms('您订购的【5G畅享】已生效')).toBe('【广东移动】您订购的【5G畅享】已生效');
  });

  it('counts towards the length, and so does the note', () => {
    const text = '字'.repeat(58);
    expect(smsLength(sms(text))).toEqual({ units: 64, parts: 1 });
    expect(smsLength(sms(text, '拒收请回复R'))).toEqual({ units: 71, parts: 2 });
    expect(smsLength('𠮷'.repeat(35))).toEqual({ units: 70, parts: 1 });
    expect(smsLength('字'.repeat(134))).toEqual({ units: 134, parts: 2 });
    expect(smsLength('字'.repeat(135))).toEqual({ units: 135, parts: 3 });
    expect(() => render('字'.repeat(495), {}, { maxBytes: 1500, signature: SIGNATURE })).toThrow(
      /1503 bytes, 1500 are allowed/,
    );
  });

  it('is there exactly once whatever pieces a text is made of', () => {
    const pieces = fc.array(
      fc.constantFrom('您好', SIGNATURE, ' ', '，', '拒收请回复R', '【', '】'),
    );
    fc.assert(
      fc.property(pieces, (given) => {
        const text = given.join('');
        const said = (() => {
          try {
            return sms(text, '拒收请回复R');
          } catch {
            return null;
          }
        })();
        if (said === null) return;
        expect(said.split(SIGNATURE)).toHaveLength(2);
        expect(said.startsWith(SIGNATURE)).toBe(true);
        expect(said).toContain('拒收请回复R');
      }),
    );
  });
});
