// The worked cases of answers, their cousins, and what holds of any.

import fc from 'fast-check';
import { workedCases } from '../../test/support/workedCases';
import { refusalReader, tokensOfNote } from './refusal';
import { answerReply } from './refusal.schema';
import { FILLER_WORDS, REFUSAL_TOKENS, REFUSAL_WORDS } from './refusalWords';

const read = refusalReader();

test.each(workedCases('reply'))(
  'answers the worked case %s',
  (_name, { expect: expected, ...given }) => {
    expect(answerReply(given)).toEqual(expected);
  },
);

describe('an answer', () => {
  it.each([
    ...['R', 'r', 'Ｒ', 'rR', 'TD', 'TDTD', 'ＴＤ退订', 'T退订', '退订T', '退 订', '退\u200b订'],
    ...[
      '回复TD',
      '回复TD退订',
      '拒收短信',
      '退訂',
      '請不要再發',
      '別再給我發短信了',
      '00000',
      '0000',
    ],
    ...['【退订】！', 'STOP.', 'unsubscribe!!', 'R\ufe0f', '我要取消订阅，谢谢'],
  ])('refuses at once: %j', (answer) => {
    expect(read(answer)).toBe('yes');
  });

  it.each([
    ...['QX', '退订吗', '退订？', '要不要退订', '烦死了', '不需要', '别打电话', '我要投诉你们'],
    ...['回复1退订', '退订 10086', '怎么取消', 'please stop', '骚扰', '000 退订', '退-订 T'],
  ])('is for a person to read: %j', (answer) => {
    expect(read(answer)).toBe('unclear');
  });

  it.each([
    ...['', ' ', '。', 'RT', 'Thanks', '10000', '000', '000000000', 'q x y', '好的', '办理'],
    ...['麻烦您了', '请问麻烦吗', '多少钱？', '再给我发一次', '要', '回复', '👍', '1️⃣'],
  ])('refuses nothing: %j', (answer) => {
    expect(read(answer)).toBe('no');
  });

  it('is read by its length in signs, not in the units that hold them', () => {
    const story = (length: number) => `烦${'𠮷'.repeat(length - 1)}`;
    expect(read(story(30))).toBe('unclear');
    expect(read(story(31))).toBe('no');
    expect(read(`${story(31)}投诉`)).toBe('unclear');
  });

  it('is counted without the politeness that sounds like anger', () => {
    expect(read(`麻烦${'您'.repeat(28)}不需要`)).toBe('no');
    expect(read(`麻烦${'您'.repeat(27)}不需要`)).toBe('unclear');
  });
});

describe('a note', () => {
  it.each([
    ['拒收请回复R', ['r']],
    ['退订回QX', ['qx']],
    ['退订回复 N1，咨询回复2', ['n1']],
    ['取消订阅请覆ＡＢ１２', ['ab12']],
    ['拒收回abcdefg', []],
    ['详询10086', []],
    ['回复1了解，退订', []],
    ['退订回A或回B', ['a', 'b']],
  ])('%j names the words to answer: %j', (note, tokens) => {
    expect(tokensOfNote(note)).toEqual(tokens);
  });

  it('makes its word a refusal, and that of no other', () => {
    expect(refusalReader({ note: '退订回QX' })('ｑｘ')).toBe('yes');
    expect(refusalReader({ note: '退订回QX' })('QX退订')).toBe('yes');
    expect(refusalReader({ note: '拒收请回复R' })('QX')).toBe('unclear');
  });
});

describe('words of a deployment', () => {
  it('refuse as the words of every one do', () => {
    const own = refusalReader({ words: ['唔要', 'BB'] });
    expect(own('唔要')).toBe('yes');
    expect(own('唔要短信 bb')).toBe('yes');
    expect(own('bbb')).toBe('no');
    expect(read('唔要')).toBe('no');
  });
});

const words = fc.array(fc.constantFrom<string>(...REFUSAL_WORDS, ...FILLER_WORDS), {
  minLength: 1,
  maxLength: 6,
});

test('words of refusal among words that stand around them refuse, however they are spaced', () => {
  const spaced = fc.tuple(words, fc.constantFrom('', ' ', '，', '\u3000', '…', '\u200b'));
  fc.assert(
    fc.property(spaced, ([drawn, space]) => {
      fc.pre(drawn.some((word) => (REFUSAL_WORDS as readonly string[]).includes(word)));
      fc.pre(!drawn.join('').includes('要不要'));
      expect(read(drawn.join(space))).toBe('yes');
    }),
  );
});

test('a word of refusal is one in any case and width', () => {
  const wide = (text: string) =>
    text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
  fc.assert(
    fc.property(fc.constantFrom(...REFUSAL_TOKENS), fc.integer({ min: 1, max: 3 }), (token, n) => {
      for (const written of [token, token.toUpperCase(), wide(token)])
        expect(read(written.repeat(n))).toBe('yes');
    }),
  );
});
