import { checkTemplate, render } from './template';

describe('a template', () => {
  it('renders plain text, nothing escaped', () => {
    expect(render('{{name}}，您好 <{{plan}}>', { name: '王 & 李', plan: '58' }, 100)).toBe(
      '王 & 李，您好 <58>',
    );
  });

  it('refuses a missing variable by its name', () => {
    expect(() => render('余额 {{yuan balanceFen}} 元，{{name}}', { balanceFen: 100 }, 100)).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE_VARIABLE_MISSING',
        issues: [expect.objectContaining({ path: 'name' })],
      }),
    );
  });

  it('prints fen as yuan', () => {
    expect(render('{{yuan a}} {{yuan b}}', { a: 1250, b: 3000 }, 100)).toBe('12.50 30');
  });

  it('refuses a missing amount by its name', () => {
    expect(() => render('{{yuan balanceFen}}', {}, 100)).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE_VARIABLE_MISSING',
        issues: [expect.objectContaining({ path: 'balanceFen' })],
      }),
    );
  });

  it('counts bytes of UTF-8, not characters', () => {
    expect(render('好好', {}, 6)).toBe('好好');
    expect(() => render('好好', {}, 5)).toThrow(/6 bytes, 5 are allowed/);
  });

  it('refuses a text that says nothing, whatever follows it', () => {
    for (const text of ['', ' \n', '{{#if x}}y{{/if}}'])
      expect(() => render(text, {}, 100, ' 拒收请回复R')).toThrow(
        expect.objectContaining({
          code: 'TEMPLATE_INVALID',
          issues: [expect.objectContaining({ path: 'text' })],
        }),
      );
    expect(render('y', {}, 100, ' R')).toBe('y R');
    expect(() => render('yy', {}, 3, ' R')).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_TOO_LONG' }),
    );
  });

  it('knows only the helpers on the list', () => {
    for (const text of ['{{lookup a b}}', '{{log a}}', '{{helperMissing a}}', '{{#foo a}}{{/foo}}'])
      expect(() => checkTemplate(text)).toThrow(
        expect.objectContaining({ code: 'TEMPLATE_INVALID' }),
      );
    expect(() => checkTemplate('{{#if a}}{{a}}{{else}}-{{/if}}{{or b "x"}}')).not.toThrow();
  });

  it('never reaches a prototype or a constructor', () => {
    expect(() => render('{{constructor}}', {}, 100)).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_VARIABLE_MISSING' }),
    );
    expect(() => render('{{name.constructor}}', { name: 'a' }, 100)).toThrow(
      expect.objectContaining({ name: 'CodedError' }),
    );
  });

  it('refuses a text that is not a template', () => {
    expect(() => checkTemplate('{{#if a}}')).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_INVALID' }),
    );
  });

  it('may leave a choice to an optional variable through `or`', () => {
    expect(render('{{or name "您好"}}', { name: '' }, 100)).toBe('您好');
  });
});
