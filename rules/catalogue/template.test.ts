import fc from 'fast-check';
import type { Variables } from './fill';
import { render } from './message';
import { variablesIn } from './template';
import { VARIABLE_NAMES } from './variables';

const shown = (text: string, variables: Variables = {}) =>
  render(text, variables, { maxBytes: 4000 });

/** What kept a text from being shown: its code and the place. */
function heldBy(text: string, variables: Variables = {}): string {
  try {
    return `shown: ${shown(text, variables)}`;
  } catch (error) {
    const { code, issues } = error as { code: string; issues: readonly { path: string }[] };
    return `${code} ${issues[0]?.path}`;
  }
}

const missing = (name: string) => `TEMPLATE_VARIABLE_MISSING ${name}`;

describe('a text', () => {
  it.each([
    ['{{name}}，您好 <{{planName}}>', '王 & 李，您好 <5G & 家>'],
    ['{{yuan balanceFen}}元，{{yuan billDueFen}}元', '12.50元，30元'],
    ['{{#if name}}{{name}}{{else}}您{{/if}}好', '王 & 李好'],
    ['{{#unless planFee}}没有{{else}}{{planFee}}元{{/unless}}', '58元'],
    ["{{or nickname '您'}}好", '您好'],
    ['{{or nickname (or name "您")}}好', '王 & 李好'],
    ['{{#if zero}}有{{else}}无{{/if}}{{#if zero includeZero=true}}0{{/if}}', '无0'],
    [
      '{{#each list}}{{#unless @first}}、{{/unless}}{{this}}{{/each}}，{{@root.name}}',
      'A、B，王 & 李',
    ],
    ['{{#with plan}}{{id}}{{../name}}{{/with}}', 'p-1王 & 李'],
    ['用了{{third}}%', '用了33.33%'],
    ['𠮷{{emoji}}&<', '𠮷🎂&<'],
  ])('%s reads %s', (text, expected) => {
    const variables = {
      name: '王 & 李',
      planName: '5G & 家',
      planFee: 58,
      balanceFen: 1250,
      billDueFen: 3000,
      zero: 0,
      list: ['A', 'B'],
      plan: { id: 'p-1' },
      third: 100 / 3,
      emoji: '🎂',
    };
    expect(shown(text, variables)).toBe(expected);
  });

  it.each([
    ['{{yuan balanceFen}}元', 'balanceFen'],
    ['{{#if name}}{{name}}，您的余额为{{yuan balanceFen}}元。{{/if}}', 'balanceFen'],
    ['{{#unless planName}}余额{{yuan balanceFen}}{{/unless}}', 'balanceFen'],
    ['{{#if planName}}套餐{{else}}余额{{yuan balanceFen}}{{/if}}', 'balanceFen'],
    ['{{#each list}}{{yuan ../balanceFen}}{{/each}}', '../balanceFen'],
    ['{{#with name}}{{yuan balanceFen}}{{/with}}', 'balanceFen'],
    ["{{or (yuan balanceFen) '若干'}}元", 'balanceFen'],
    ['{{or planName balanceFen}}', 'balanceFen'],
    ['{{yuan (or balanceFen billDueFen)}}元', 'billDueFen'],
    ['{{#if name}}{{planName}}{{/if}}', 'planName'],
    ['{{#if name}}{{#if list}}{{or planName city}}{{/if}}{{/if}}', 'city'],
    ['尊敬的{{name.first}}', 'name.first'],
    ['尊敬的{{constructor}}', 'constructor'],
    ['尊敬的{{name.constructor}}', 'name.constructor'],
    ['{{#each list}}{{this.length}}{{/each}}', 'this.length'],
  ])('that would show what is not known is held back: %s', (text, name) => {
    expect(heldBy(text, { name: '客户', list: ['一'] })).toBe(missing(name));
  });

  it.each([
    ['a text for an amount', '1250'],
    ['a part of a fen', 12.5],
    ['no number', Number.NaN],
    ['no end', Number.POSITIVE_INFINITY],
    ['nothing', null],
    ['an object', {}],
  ])('shows no amount that is %s', (_, balanceFen) => {
    expect(heldBy('余额{{yuan balanceFen}}元', { balanceFen })).toBe(missing('balanceFen'));
  });

  it.each(['', '  ', '\u3000\u00a0', '\u200b', '\u3164', '-', '***', 'NaN', 'undefined', 'null'])(
    'takes %j for no value: nowhere is a gap left',
    (name) => {
      expect(heldBy('尊敬的{{name}}：您好', { name })).toBe(missing('name'));
      expect(heldBy("{{or name '您'}}好", { name })).toBe('shown: 您好');
      expect(heldBy('{{#if name}}{{name}}{{else}}您{{/if}}好', { name })).toBe('shown: 您好');
    },
  );

  it.each([[true], [['a', 'b']], [{ a: 1 }], [Number.NaN], [1e21], [() => '王']])(
    'shows nothing of %p',
    (name) => {
      expect(heldBy('尊敬的{{name}}', { name })).toBe(missing('name'));
    },
  );

  it('does not ask for what it does not show', () => {
    expect(shown('您好{{#if planName}}，余额{{yuan balanceFen}}元{{/if}}')).toBe('您好');
    expect(shown('{{or name planName}}您好', { name: '王' })).toBe('王您好');
    expect(shown('{{#each list}}{{name}}{{else}}您好{{/each}}')).toBe('您好');
  });

  it.each(['', ' \n', '{{#if x}}y{{/if}}', '！……', '{{#if x}}y{{/if}}：，', '\u200b\u3164'])(
    'without words is refused, whatever stands round it: %j',
    (text) => {
      expect(heldBy(text)).toBe('TEMPLATE_INVALID text');
      const frame = { maxBytes: 400, signature: '【广东移动】', refusalNote: '拒收请回复R' };
      for (const framed of [text, `【广东移动】${text}`, `${text}拒收请回复R`])
        expect(() => render(framed, {}, frame)).toThrow(
          expect.objectContaining({ code: 'TEMPLATE_INVALID' }),
        );
    },
  );

  it('keeps control characters, halves of characters and turned directions to itself', () => {
    const name = '王\u0000\u202e\ud842\n明\u2028';
    expect(shown('{{name}}\u0007您好\r\n再见\udfb7', { name })).toBe('王 明您好\n再见');
    expect(shown("{{or name '𠮷\u0008'}}好")).toBe('𠮷好');
  });

  it('counts bytes of UTF-8, not characters', () => {
    expect(render('好好', {}, { maxBytes: 6 })).toBe('好好');
    expect(() => render('好好', {}, { maxBytes: 5 })).toThrow(/6 bytes, 5 are allowed/);
  });

  it.each([
    '{{lookup a b}}',
    '{{log a}}',
    '{{helperMissing a}}',
    '{{#foo a}}{{/foo}}',
    '{{#if a}}',
    '{{> part}}',
    '{{#each list as |item|}}{{item}}{{/each}}',
    '{{yuan}}',
    '{{yuan a b}}',
    '{{yuan (yuan a)}}',
    "{{yuan 'a'}}",
    '{{or name}}',
    '{{#if a b}}x{{/if}}',
    '{{"name"}}',
    '{{if}}',
    '{{@partial-block}}',
  ])('is refused when it is no template: %s', (text) => {
    expect(() => variablesIn(text)).toThrow(expect.objectContaining({ code: 'TEMPLATE_INVALID' }));
  });
});

describe('whatever the text and whatever is known of the contact', () => {
  const value = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      'NaN',
      'undefined',
      '[object Object]',
      '王',
      '𠮷🎂&<',
      '\ud800',
      '\u0000',
    ),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, -0, -5, 12.345, 1250, 1e30),
    fc.constantFrom(null, undefined, true, [], ['王'], {}, { name: '李' }),
  );
  const variables = fc.dictionary(fc.constantFrom(...VARIABLE_NAMES), value);
  const name = fc.constantFrom(...VARIABLE_NAMES);
  const { text } = fc.letrec<{ text: string; piece: string; inner: string }>((tie) => ({
    inner: fc.oneof(
      name,
      name.map((each) => `(yuan ${each})`),
      fc.tuple(name, name).map(([a, b]) => `(or ${a} ${b})`),
    ),
    piece: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('您好', '，', '\u0007', '𠮷&<'),
      name.map((each) => `{{${each}}}`),
      tie('inner').map((each) => `{{yuan ${each}}}`),
      fc.tuple(tie('inner'), tie('inner')).map(([a, b]) => `{{or ${a} ${b}}}`),
      fc
        .tuple(
          fc.constantFrom('if', 'unless', 'each', 'with'),
          tie('inner'),
          tie('text'),
          tie('text'),
        )
        .map(([block, on, a, b]) => `{{#${block} ${on}}}${a}{{this}}{{else}}${b}{{/${block}}}`),
    ),
    text: fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
  }));

  it('nothing that is no word of ours leaves, and no half of a character', () => {
    let sent = 0;
    fc.assert(
      fc.property(text, variables, (given, known) => {
        const result = heldBy(given, known);
        if (!result.startsWith('shown: ')) return;
        sent += 1;
        const said = result.slice('shown: '.length);
        expect(said).not.toMatch(/NaN|undefined|null|object|Infinity|true|false|e\+/);
        expect(said).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(said).toMatch(/[\p{L}\p{N}]/u);
      }),
      { numRuns: 5000 },
    );
    expect(sent).toBeGreaterThan(100);
  });
});
