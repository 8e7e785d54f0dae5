// Texts with Handlebars variables. Handlebars only reads them: what is shown is decided in fill.ts, which never prints a gap.

import Handlebars from 'handlebars';
import { CodedError } from '../base/errors';
import { withoutUnfit } from './fitText';
import { LIST_PLACES, type PathStart, pathsOf, type TextNode, type ValueNode } from './textNodes';

const BLOCKS = ['if', 'unless', 'each', 'with'];
const HELPERS = ['yuan', 'or'];
const ALLOWED: readonly string[] = [...BLOCKS, ...HELPERS];

/** Texts that are kept read: those in use are far fewer. */
const MAX_KEPT = 1000;
const kept = new Map<string, readonly TextNode[]>();

/**
 * The tree of a text, without characters that must not leave.
 * @throws CodedError TEMPLATE_INVALID: no template, or one that could call code
 */
export function readTemplate(text: string): readonly TextNode[] {
  const known = kept.get(text);
  if (known) return known;

  const read = parse(text);
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(text, read);

  return read;
}

/** Names of the variables that a text reads, each once, in order; those of an entry of a list or object under their own name. */
export function variablesIn(text: string): string[] {
  const names = [...pathsOf(readTemplate(text))].flatMap(({ parts: [name] }) => name ?? []);
  return [...new Set(names)];
}

const templateInvalid = (message: string, cause?: unknown): CodedError =>
  new CodedError(
    'TEMPLATE_INVALID',
    `the text is not a template: ${message}`,
    [{ path: 'text', message, allowed: `variables and ${ALLOWED.join(', ')}` }],
    { cause },
  );

function parse(text: string): readonly TextNode[] {
  try {
    return nodesOf(Handlebars.parse(withoutUnfit(text)));
  } catch (error) {
    throw templateInvalid((error as Error).message, error);
  }
}

const nodesOf = (program: hbs.AST.Program | undefined): readonly TextNode[] =>
  (program?.body ?? []).flatMap((statement) => nodeOf(statement) ?? []);

/** Null: it shows nothing. */
function nodeOf(statement: hbs.AST.Statement): TextNode | null {
  switch (statement.type) {
    case 'ContentStatement':
      return { kind: 'words', text: (statement as hbs.AST.ContentStatement).value };
    case 'CommentStatement':
      return null;
    case 'MustacheStatement':
      return { kind: 'value', value: calledValue(statement as hbs.AST.MustacheStatement) };
    case 'BlockStatement':
      return blockOf(statement as hbs.AST.BlockStatement);
    case 'PartialStatement':
    case 'PartialBlockStatement':
      throw new Error('a partial is not allowed');
    default:
      throw new Error('a decorator is not allowed');
  }
}

type Call = Pick<hbs.AST.MustacheStatement, 'path' | 'params' | 'hash'>;

const nameOf = ({ path }: Call): string => (path as hbs.AST.PathExpression).original;

function notAllowed(name: string): Error {
  return new Error(`the helper "${name}" is not allowed; allowed: ${ALLOWED.join(', ')}`);
}

function blockOf(block: hbs.AST.BlockStatement): TextNode {
  const name = nameOf(block);
  if (!BLOCKS.includes(name)) throw notAllowed(name);
  const [condition, ...more] = block.params;
  if (!condition || more.length > 0) throw new Error(`"${name}" takes one value`);
  if (block.program?.blockParams?.length) throw new Error('names after "as" are not allowed');

  const value = readValue(condition);
  const inside = nodesOf(block.program);
  const otherwise = nodesOf(block.inverse);
  const isZeroTrue = includesZero(block, name);

  if (name === 'if') return { kind: 'if', value, isZeroTrue, inside, otherwise };
  if (name === 'unless')
    return { kind: 'if', value, isZeroTrue, inside: otherwise, otherwise: inside };
  return { kind: name === 'each' ? 'each' : 'with', value, inside, otherwise };
}

/** The one named argument there is: `{{#if balanceFen includeZero=true}}`. */
function includesZero({ hash }: hbs.AST.BlockStatement, name: string): boolean {
  const pairs = hash?.pairs ?? [];
  const other = pairs.find(({ key }) => key !== 'includeZero' || !/^(if|unless)$/.test(name));
  if (other) throw new Error(`"${name}" takes no "${other.key}"`);

  return pairs.some(({ value }) => (value as hbs.AST.BooleanLiteral).value === true);
}

/** A variable, or a helper with what it is called with. */
function calledValue(call: Call): ValueNode {
  const name = nameOf(call);
  const isHelper = HELPERS.includes(name);
  if (call.params.length === 0 && !isHelper) {
    if (call.path.type === 'PathExpression' && !BLOCKS.includes(name)) return readValue(call.path);
    throw new Error(`${JSON.stringify(name)} is no variable`);
  }

  if (!isHelper) throw notAllowed(name);
  const [named] = call.hash?.pairs ?? [];
  if (named) throw new Error(`"${name}" takes no "${named.key}"`);

  return name === 'yuan' ? yuanOf(call) : orOf(call);
}

function yuanOf({ params }: Call): ValueNode {
  const [amount, ...more] = params;
  if (!amount || more.length > 0) throw new Error('"yuan" takes one amount in fen');
  const of = readValue(amount);
  const isNoAmount = of.kind === 'literal' && !Number.isSafeInteger(of.value);
  if (isNoAmount || of.kind === 'yuan') throw new Error('"yuan" takes an amount in fen');
  return { kind: 'yuan', of };
}

function orOf({ params }: Call): ValueNode {
  if (params.length < 2) throw new Error('"or" takes a value and what stands in for it');
  return { kind: 'or', choices: params.map(readValue) };
}

function readValue(expression: hbs.AST.Expression): ValueNode {
  switch (expression.type) {
    case 'PathExpression':
      return pathOf(expression as hbs.AST.PathExpression);
    case 'SubExpression':
      return calledValue(expression as hbs.AST.SubExpression);
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return { kind: 'literal', value: (expression as hbs.AST.StringLiteral).value };
    default:
      throw new Error('a value is a variable, a text, a number, true or false');
  }
}

function pathOf({ original, data, depth, parts }: hbs.AST.PathExpression): ValueNode {
  const path = (from: PathStart, rest: readonly string[]): ValueNode => ({
    kind: 'path',
    name: original,
    from,
    parts: rest,
  });
  if (!data) return path(depth, parts);

  const [first, ...rest] = parts;
  if (first === 'root') return path('root', rest);

  const place = LIST_PLACES.find((known) => known === first);
  if (place === undefined || rest.length > 0) throw new Error(`"${original}" is no variable`);
  return path(place, []);
}
