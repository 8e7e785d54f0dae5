import { checkText, variableUses } from './textCheck';

/** The messages of what is wrong. */
function faults(text: string, signature?: string): readonly string[] {
  try {
    checkText(text, { path: 'text', signature });
    return [];
  } catch (error) {
    return (error as { issues: readonly { message: string }[] }).issues.map(
      ({ message }) => message,
    );
  }
}

describe('a text that is drafted', () => {
  it('may say what is known of a contact', () => {
    expect(
      faults("{{or name '您'}}好，应缴{{yuan billDueFen}}元，{{#if planName}}{{planName}}{{/if}}"),
    ).toEqual([]);
  });

  it.each([
    ['{{prodctName}}', 'unknown variable "prodctName"; did you mean "productName"?'],
    ['您好{{#if nmae}}！{{/if}}', 'unknown variable "nmae"; did you mean "name"?'],
    ["{{or Name '您'}}好", 'unknown variable "Name"; did you mean "name"?'],
    ['{{yuan balance}}', 'unknown variable "balance"; did you mean "balanceFen"?'],
    ['{{#each 手机号}}您好{{/each}}', 'unknown variable "手机号"'],
    ['{{name.first}}', 'unknown variable "name.first"'],
    ['{{#with name}}{{cty}}{{/with}}', 'unknown variable "cty"; did you mean "city"?'],
    ['{{__proto__}}', 'unknown variable "__proto__"'],
  ])('is refused with the nearest name: %s', (text, message) => {
    expect(faults(text)).toEqual([expect.stringContaining(message)]);
  });

  it('names every unknown variable, each once', () => {
    expect(faults('{{nmae}}{{nmae}}{{prodctName}}')).toHaveLength(2);
  });

  it.each([
    '您好\u0000',
    '您好\u202e',
    '您好\ud842',
    '您好\t',
    '您好\u2028',
    '您\ufeff好',
    '您好\r',
  ])('is refused when it holds a character that must not be sent: %j', (text) => {
    expect(faults(text)).toEqual([expect.stringMatching(/^the character U\+[0-9A-F]{4} /)]);
  });

  it('may hold line breaks of any kind, signs, emoji and rare characters', () => {
    expect(faults('您好\n再见\r\n👨‍👩‍👧 𠮷 & < 👍🏽')).toEqual([]);
  });

  it.each(['！！', ' ', '\u3000', '🎂', '{{#if name}}！{{/if}}'])(
    'is refused without words: %j',
    (text) => {
      expect(faults(text)).toEqual(['the text has no words']);
    },
  );

  it.each([
    ['【中国移动】您好', '【中国移动】'],
    ['{{#if name}}【促销】{{name}}{{/if}}您好', '【促销】'],
    ['{{#if name}} {{/if}} 【促销】您好', '【促销】'],
    ['【广东移动】【促销】您好', '【促销】'],
  ])('begins with no other signature: %s', (text, other) => {
    expect(faults(text, '【广东移动】')).toEqual([expect.stringContaining(other)]);
    expect(faults(text)).toEqual([]);
  });

  it('may carry the signature at either end, and other brackets in the middle', () => {
    for (const text of ['【广东移动】您好', '您好【广东移动】', '您的【5G畅享】已生效'])
      expect(faults(text, '【广东移动】')).toEqual([]);
  });
});

test('the variables of a text are told with those that it cannot do without', () => {
  expect(
    variableUses(
      "{{or name '您'}}好{{#if planName}}，余额{{yuan balanceFen}}元{{/if}}{{productName}}",
    ),
  ).toEqual([
    { variable: 'name', required: false },
    { variable: 'planName', required: false },
    { variable: 'balanceFen', required: true },
    { variable: 'productName', required: true },
  ]);
});
