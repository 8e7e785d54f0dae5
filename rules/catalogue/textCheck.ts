// What a text must be before it is drafted or published: readable, made of variables that exist, and of words.

import { CodedError, type Issue, isCodedError } from '../base/errors';
import { nearestName } from '../base/nearestName';
import { fill, type Variables } from './fill';
import { hasWords, unfitCharacter } from './fitText';
import { foreignSignature, withoutSignature } from './signature';
import { readTemplate } from './template';
import { type PathNode, pathsOf, type TextNode } from './textNodes';
import { exampleVariables, VARIABLE_NAMES, type VariableName } from './variables';

export interface TextCheck {
  /** Where the text stands, for messages. */
  readonly path: string;
  /** Of the channel that it is for, when that has one. */
  readonly signature?: string | undefined;
}

/** @throws CodedError TEMPLATE_INVALID naming every place that is wrong, and what is allowed */
export function checkText(text: string, { path, signature }: TextCheck): void {
  const nodes = readAt(text, path);
  const issues = [
    ...unfitIssues(text),
    ...unknownVariables(nodes),
    ...wordlessIssues(nodes),
    ...(signature === undefined ? [] : signatureIssues(nodes, signature)),
  ].map((issue) => ({ ...issue, path }));
  if (issues.length === 0) return;

  const said = issues.map(({ message }) => message).join('; ');
  throw new CodedError('TEMPLATE_INVALID', `${path}: ${said}`, issues);
}

type Fault = Omit<Issue, 'path'>;

function readAt(text: string, path: string): readonly TextNode[] {
  try {
    return readTemplate(text);
  } catch (error) {
    if (!isCodedError(error)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, path }));
    throw new CodedError(error.code, error.message, issues, { cause: error });
  }
}

function unfitIssues(text: string): readonly Fault[] {
  const found = unfitCharacter(text);
  if (found === null) return [];
  const allowed = 'no control characters but line breaks, no halves of characters';
  return [{ message: `the character ${found} must not be sent`, value: found, allowed }];
}

function unknownVariables(nodes: readonly TextNode[]): readonly Fault[] {
  const names = [...pathsOf(nodes)].filter(({ parts }) => parts.length > 0).map(fullName);
  const unknown = [...new Set(names)].filter((name) => !isVariable(name));

  return unknown.map((name) => {
    const near = nearestName(name, VARIABLE_NAMES);
    const hint = near === null ? '' : `; did you mean "${near}"?`;
    const allowed = VARIABLE_NAMES.join(', ');
    return { message: `unknown variable "${name}"${hint}`, value: name, allowed };
  });
}

const fullName = ({ parts }: PathNode): string => parts.join('.');

const isVariable = (name: string): name is VariableName =>
  VARIABLE_NAMES.some((known) => known === name);

function wordlessIssues(nodes: readonly TextNode[]): readonly Fault[] {
  return isEverSaying(nodes) ? [] : [{ message: 'the text has no words', allowed: 'a text' }];
}

/** True when some contact could get words. */
const isEverSaying = (nodes: readonly TextNode[]): boolean =>
  nodes.some((node) => {
    if (node.kind === 'words') return hasWords(node.text);
    return node.kind === 'value' || isEverSaying(node.inside) || isEverSaying(node.otherwise);
  });

/** The text begins with whatever stands first under any condition: carriers take that for the signature. */
function signatureIssues(nodes: readonly TextNode[], signature: string): readonly Fault[] {
  const beginning = beginningsOf(nodes).find(
    (text) => foreignSignature(withoutSignature(text, signature)) !== null,
  );
  if (beginning === undefined) return [];

  const other = foreignSignature(withoutSignature(beginning, signature));
  const message = `the text begins with ${other}; the signature ${signature} is added by itself`;
  return [{ message, ...(other !== null && { value: other }), allowed: `${signature} or none` }];
}

/** The words that can stand first. */
function beginningsOf(nodes: readonly TextNode[]): readonly string[] {
  const [first, ...rest] = nodes;
  if (!first) return [];
  if (first.kind === 'words')
    return first.text.trim() === '' ? beginningsOf(rest) : [wordsFrom(nodes)];
  if (first.kind === 'value') return [];
  return [...beginningsOf(first.inside), ...beginningsOf(first.otherwise), ...beginningsOf(rest)];
}

function wordsFrom([first, ...rest]: readonly TextNode[]): string {
  if (first?.kind !== 'words') return '';
  return first.text + wordsFrom(rest);
}

export interface VariableUse {
  readonly variable: VariableName;
  /** True: without a value nothing is sent; false: the text then says something else. */
  readonly required: boolean;
}

/** The variables that a text reads, and which of them it cannot do without when all others are known. */
export function variableUses(text: string): readonly VariableUse[] {
  const nodes = readTemplate(text);
  const read = new Set([...pathsOf(nodes)].map(fullName));
  const known = exampleVariables();

  return VARIABLE_NAMES.filter((name) => read.has(name)).map((variable) => {
    const { [variable]: _, ...others } = known;
    return { variable, required: !canFill(nodes, others) };
  });
}

function canFill(nodes: readonly TextNode[], variables: Variables): boolean {
  try {
    fill(nodes, variables);
    return true;
  } catch {
    return false;
  }
}
