// Texts with Handlebars variables: rendered strictly, with an allow-list of helpers, and measured in bytes before anything is sent.

import Handlebars from 'handlebars';
import { CodedError } from '../base/errors';
import type { ChannelName, TouchClass } from '../contact/contact';

export interface Template {
  readonly channel: ChannelName;
  readonly class: TouchClass;
  readonly text: string;
}

export type Variables = Readonly<Record<string, unknown>>;

/** Fen to yuan, as people write it: 1250 → 12.50, 3000 → 30. */
const yuan = (fen: number): string =>
  fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2);

/** The value, or a fallback when it is absent or empty. */
const or = (value: unknown, fallback: unknown): unknown =>
  value === undefined || value === null || value === '' ? fallback : value;

const HELPERS = { yuan, or };
const BLOCKS = ['if', 'unless', 'each', 'with'];
const ALLOWED: readonly string[] = [...BLOCKS, ...Object.keys(HELPERS)];
const UNDEFINED = /"([^"]+)" not defined in/;

/** Prototype of the variables: a text can name nothing else. Handlebars needs it to print itself when a name is missing. */
const BARE: object = Object.freeze(
  Object.assign(Object.create(null), { toString: () => 'the variables' }),
);

const handlebars = Handlebars.create();
for (const [name, helper] of Object.entries(HELPERS)) handlebars.registerHelper(name, helper);

interface Compiled {
  readonly render: Handlebars.TemplateDelegate;
  /** Variables that are amounts: Handlebars' strictness does not reach a helper's arguments, so they are checked before. */
  readonly amounts: readonly string[];
  readonly variables: string[];
}

const cache = new Map<string, Compiled>();

/**
 * Renders a text. Plain text, so nothing is escaped.
 * @param maxBytes longest result in bytes of UTF-8.
 * @param ending follows what was rendered, and is no content: a text that says nothing before it is refused.
 * @throws CodedError TEMPLATE_VARIABLE_MISSING naming the variable, TEMPLATE_TOO_LONG naming both lengths, TEMPLATE_INVALID.
 */
export function render(text: string, variables: Variables, maxBytes: number, ending = ''): string {
  const content = fill(compile(text), variables);
  if (content.trim() === '') throw blank();

  const rendered = content + ending;
  const bytes = new TextEncoder().encode(rendered).length;
  if (bytes > maxBytes)
    throw new CodedError(
      'TEMPLATE_TOO_LONG',
      `the text has ${bytes} bytes, ${maxBytes} are allowed`,
      [
        {
          path: 'text',
          message: 'too long',
          value: bytes,
          allowed: `at most ${maxBytes} bytes of UTF-8`,
        },
      ],
    );

  return rendered;
}

/** Refuses a text that cannot be compiled or calls a helper that is not allowed. */
export function checkTemplate(text: string): void {
  compile(text);
}

/** Names of the variables that a text reads, each once, in order; those of an entry of a list or object under their own name. */
export function variablesIn(text: string): string[] {
  return compile(text).variables;
}

function compile(text: string): Compiled {
  const known = cache.get(text);
  if (known) return known;

  const compiled = {
    render: compiledBy(handlebars, text),
    amounts: amountsIn(text),
    variables: namesIn(text),
  };
  cache.set(text, compiled);

  return compiled;
}

function compiledBy(engine: typeof Handlebars, text: string): Handlebars.TemplateDelegate {
  try {
    new AllowList().accept(engine.parse(text));
    return engine.compile(text, { strict: true, noEscape: true });
  } catch (error) {
    throw invalid((error as Error).message, error);
  }
}

/** Refuses everything that could call code: helpers off the list, partials, decorators. */
class AllowList extends Handlebars.Visitor {
  override MustacheStatement(node: hbs.AST.MustacheStatement): void {
    if (node.params.length > 0 || node.hash) this.check(node.path);
    super.MustacheStatement(node);
  }
  override SubExpression(node: hbs.AST.SubExpression): void {
    this.check(node.path);
    super.SubExpression(node);
  }
  override BlockStatement(node: hbs.AST.BlockStatement): void {
    this.check(node.path);
    super.BlockStatement(node);
  }
  override PartialStatement(node: hbs.AST.PartialStatement): void {
    throw new Error(`a partial is not allowed: ${(node.name as hbs.AST.PathExpression).original}`);
  }
  override DecoratorBlock(): void {
    throw new Error('a decorator is not allowed');
  }
  private check(path: hbs.AST.Expression): void {
    const name = (path as hbs.AST.PathExpression).original;
    if (!ALLOWED.includes(name))
      throw new Error(`the helper "${name}" is not allowed; allowed: ${ALLOWED.join(', ')}`);
  }
}

function amountsIn(text: string): string[] {
  const names: string[] = [];
  class Amounts extends Handlebars.Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement): void {
      const [amount] = node.params;
      if (
        (node.path as hbs.AST.PathExpression).original === 'yuan' &&
        amount?.type === 'PathExpression'
      )
        names.push((amount as hbs.AST.PathExpression).original);
    }
    override BlockStatement(node: hbs.AST.BlockStatement): void {
      // Inside `each` and `with` names mean other things, and under `if` an amount may be absent: the helper itself speaks there.
      void node;
    }
  }
  new Amounts().accept(handlebars.parse(text));
  return names;
}

function namesIn(text: string): string[] {
  const names = new Set<string>();
  class Names extends Handlebars.Visitor {
    override PathExpression({ data, parts: [name] }: hbs.AST.PathExpression): void {
      if (!data && name !== undefined && !ALLOWED.includes(name)) names.add(name);
    }
  }
  new Names().accept(handlebars.parse(text));
  return [...names];
}

const invalid = (message: string, cause?: unknown): CodedError =>
  new CodedError(
    'TEMPLATE_INVALID',
    `the text is not a template: ${message}`,
    [{ path: 'text', message, allowed: `variables and ${ALLOWED.join(', ')}` }],
    { cause },
  );

const missing = (name: string): CodedError =>
  new CodedError(
    'TEMPLATE_VARIABLE_MISSING',
    `variable "${name}" is missing: no value is known for this contact`,
    [{ path: name, message: 'missing' }],
  );

const blank = (): CodedError =>
  new CodedError('TEMPLATE_INVALID', 'the text says nothing to this contact', [
    { path: 'text', message: 'blank', allowed: 'a text' },
  ]);

function fill({ render: print, amounts }: Compiled, variables: Variables): string {
  const absent = amounts.find((name) => typeof variables[name] !== 'number');
  if (absent !== undefined) throw missing(absent);

  try {
    return print(Object.assign(Object.create(BARE), variables));
  } catch (error) {
    const name = UNDEFINED.exec((error as Error).message)?.[1];
    throw name ? missing(name) : invalid((error as Error).message, error);
  }
}
