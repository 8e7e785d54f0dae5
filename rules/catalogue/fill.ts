// Puts the values of a contact into a text. Whatever would be shown and is not known stops it, wherever it stands.

import { CodedError } from '../base/errors';
import { shownNumber, shownText, shownYuan } from './fitText';
import {
  type ListPlace,
  type PathNode,
  pathsOfValue,
  type TextNode,
  type ValueNode,
} from './textNodes';

export type Variables = Readonly<Record<string, unknown>>;

/** What names mean inside a block. */
interface Scope {
  readonly value: unknown;
  readonly outer?: Scope;
  readonly root: Variables;
  readonly place?: Readonly<Record<ListPlace, unknown>>;
}

/** @throws CodedError TEMPLATE_VARIABLE_MISSING naming the variable */
export const fill = (nodes: readonly TextNode[], variables: Variables): string =>
  filled(nodes, { value: variables, root: variables });

const filled = (nodes: readonly TextNode[], scope: Scope): string =>
  nodes.map((node) => filledNode(node, scope)).join('');

function filledNode(node: TextNode, scope: Scope): string {
  switch (node.kind) {
    case 'words':
      return node.text;
    case 'value':
      return shown(node.value, scope);
    case 'if': {
      const isMet = isTrue(evaluate(node.value, scope), node.isZeroTrue);
      return filled(isMet ? node.inside : node.otherwise, scope);
    }
    case 'with': {
      const value = evaluate(node.value, scope);
      return isTrue(value, true)
        ? filled(node.inside, inner(scope, value))
        : filled(node.otherwise, scope);
    }
    case 'each': {
      const entries = entriesOf(evaluate(node.value, scope));
      if (entries.length === 0) return filled(node.otherwise, scope);
      return entries
        .map((entry) => filled(node.inside, { ...inner(scope, entry.value), ...entry }))
        .join('');
    }
  }
}

const inner = (outer: Scope, value: unknown): Scope => ({ value, outer, root: outer.root });

function entriesOf(list: unknown): readonly Required<Pick<Scope, 'value' | 'place'>>[] {
  if (typeof list !== 'object' || list === null) return [];
  const entries = Object.entries(list);

  return entries.map(([key, value], index) => {
    const isLast = index === entries.length - 1;
    return { value, place: { index, key, first: index === 0, last: isLast } };
  });
}

/** A value that is blank, no number or not known is not there; neither is an empty list. */
function isTrue(value: unknown, isZeroTrue: boolean): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return shownNumber(value) !== null && (value !== 0 || isZeroTrue);
  if (typeof value === 'string') return shownText(value) !== null;
  return Array.isArray(value) ? value.length > 0 : typeof value === 'object' && value !== null;
}

function shown(node: ValueNode, scope: Scope): string {
  const text = shownOf(evaluate(node, scope));
  if (text === null) throw missing(node);
  return text;
}

function shownOf(value: unknown): string | null {
  if (typeof value === 'string') return shownText(value);
  return typeof value === 'number' ? shownNumber(value) : null;
}

function evaluate(node: ValueNode, scope: Scope): unknown {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'path':
      return found(node, scope);
    case 'yuan': {
      const yuan = shownYuan(evaluate(node.of, scope));
      if (yuan === null) throw missing(node);
      return yuan;
    }
    case 'or':
      for (const choice of node.choices) {
        const value = evaluate(choice, scope);
        if (shownOf(value) !== null) return value;
      }
      return undefined;
  }
}

function found({ from, parts }: PathNode, scope: Scope): unknown {
  if (from === 'root') return partOf(scope.root, parts);
  if (typeof from !== 'number') return placeIn(scope, from);

  let at: Scope | undefined = scope;
  for (let depth = 0; depth < from; depth++) at = at?.outer;
  return partOf(at?.value, parts);
}

/** Own properties of objects only: a text can name nothing that was not given to it. */
function partOf(value: unknown, parts: readonly string[]): unknown {
  return parts.reduce<unknown>(
    (of, name) =>
      typeof of === 'object' && of !== null && Object.hasOwn(of, name)
        ? (of as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  );
}

/** In the innermost list. */
function placeIn(scope: Scope | undefined, name: ListPlace): unknown {
  if (!scope) return undefined;
  return scope.place ? scope.place[name] : placeIn(scope.outer, name);
}

/** Of several that may stand there, the last one is what would have been shown. */
function missing(node: ValueNode): CodedError {
  const name = [...pathsOfValue(node)].at(-1)?.name ?? 'text';
  return new CodedError(
    'TEMPLATE_VARIABLE_MISSING',
    `variable "${name}" is missing: no value is known for this contact`,
    [{ path: name, message: 'missing' }],
  );
}
