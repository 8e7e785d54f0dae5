import { isOptOut } from './optOut';

describe('isOptOut', () => {
  it.each(['R', 'T', 'TD', 'N', '0000', '退订', '拒收'])('takes %s as a refusal', (text) => {
    expect(isOptOut(text)).toBe(true);
  });

  it.each(['r', 'td', 'Td', 'n', 'Ｒ', 'ｔｄ', 'Ｔ', '００００', '0０0０'])(
    'takes %s in any case and width',
    (text) => {
      expect(isOptOut(text)).toBe(true);
    },
  );

  it.each([
    ' R ',
    'R.',
    'TD。',
    '"TD"',
    '【退订】',
    '「拒收」',
    '退订！！',
    '\u3000Ｔ\r\n',
    '\uFEFFTD\u200B',
    '- N -',
    '退订🙏',
  ])('ignores spaces and punctuation around %j', (text) => {
    expect(isOptOut(text)).toBe(true);
  });

  it.each([
    'RT',
    'Thanks',
    'TDD',
    'NO',
    'No thanks',
    '10000',
    '00000',
    '000',
    '00',
    'TD2',
    'R2D2',
    '3R',
  ])('leaves %s alone: it only contains the letters', (text) => {
    expect(isOptOut(text)).toBe(false);
  });

  it.each([
    '怎么退订流量包',
    '退订了还能再办吗',
    '不退订',
    '拒收短信怎么设置',
    '好的',
    '',
    '   ',
    '。',
  ])('leaves %j alone', (text) => {
    expect(isOptOut(text)).toBe(false);
  });
});
