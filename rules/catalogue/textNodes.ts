// A text as a tree: what stands there as it is, what is shown of a contact, and what is shown only under a condition.

/** Where a value comes from. */
export type ValueNode =
  | {
      readonly kind: 'path';
      /** As it is written, for people. */
      readonly name: string;
      readonly from: PathStart;
      readonly parts: readonly string[];
    }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  /** An amount in fen, shown in yuan. */
  | { readonly kind: 'yuan'; readonly of: ValueNode }
  /** The first that is known. */
  | { readonly kind: 'or'; readonly choices: readonly ValueNode[] };

/** The context so many blocks out, the variables themselves, or the place in a list. */
export type PathStart = number | 'root' | ListPlace;

export const LIST_PLACES = ['index', 'key', 'first', 'last'] as const;
export type ListPlace = (typeof LIST_PLACES)[number];

export type TextNode =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'value'; readonly value: ValueNode }
  | {
      readonly kind: 'if';
      readonly value: ValueNode;
      readonly isZeroTrue: boolean;
      readonly inside: readonly TextNode[];
      readonly otherwise: readonly TextNode[];
    }
  | {
      readonly kind: 'with' | 'each';
      readonly value: ValueNode;
      readonly inside: readonly TextNode[];
      readonly otherwise: readonly TextNode[];
    };

/** Every path of a text, in order. */
export function* pathsOf(nodes: readonly TextNode[]): Generator<PathNode> {
  for (const node of nodes) {
    if (node.kind === 'words') continue;
    yield* pathsOfValue(node.value);
    if (node.kind === 'value') continue;
    yield* pathsOf(node.inside);
    yield* pathsOf(node.otherwise);
  }
}

export type PathNode = Extract<ValueNode, { kind: 'path' }>;

export function* pathsOfValue(value: ValueNode): Generator<PathNode> {
  if (value.kind === 'path') yield value;
  if (value.kind === 'yuan') yield* pathsOfValue(value.of);
  if (value.kind === 'or') for (const choice of value.choices) yield* pathsOfValue(choice);
}
