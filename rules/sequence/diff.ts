// What changed between two versions of a sequence, step by step and field by field; the words for it are in rules/words.

import { canonical } from '../calendar/diff';
import type { Sequence, SequenceStep } from './sequence';

const SETTINGS = ['name', 'start', 'audience', 'reentry', 'stopWhen', 'atEnd'] as const;
/** `order`: which of two steps that are due together comes first. */
export type SequenceSetting = (typeof SETTINGS)[number] | 'order';

/** Fields of what a step does have a dot: `do.template`. Values are as the sequence has them, absent ones left out. */
export type SequenceChange =
  | {
      readonly part: 'sequence';
      readonly change: 'changed';
      readonly field: SequenceSetting;
      readonly before?: unknown;
      readonly after?: unknown;
    }
  | {
      readonly part: 'step';
      readonly change: 'changed';
      readonly id: string;
      readonly field: string;
      readonly before?: unknown;
      readonly after?: unknown;
    }
  | { readonly part: 'step'; readonly change: 'added' | 'removed'; readonly step: SequenceStep };

/** Every change that makes another sequence of one. */
export function diffSequences(before: Sequence, after: Sequence): readonly SequenceChange[] {
  const settings = SETTINGS.filter((field) => !isSame(before[field], after[field])).map(
    (field): SequenceChange => ({
      ...{ part: 'sequence', change: 'changed', field },
      ...values(before[field], after[field]),
    }),
  );

  return [
    ...settings,
    ...orderChanges(before.steps, after.steps),
    ...stepChanges(before.steps, after.steps),
  ];
}

function orderChanges(
  before: readonly SequenceStep[],
  after: readonly SequenceStep[],
): readonly SequenceChange[] {
  const idsIn = (steps: readonly SequenceStep[], others: readonly SequenceStep[]) =>
    steps.map(({ id }) => id).filter((id) => others.some((other) => other.id === id));
  const was = idsIn(before, after);
  const is = idsIn(after, before);

  if (isSame(was, is)) return [];
  return [{ part: 'sequence', change: 'changed', field: 'order', before: was, after: is }];
}

function stepChanges(
  before: readonly SequenceStep[],
  after: readonly SequenceStep[],
): readonly SequenceChange[] {
  const isIn = (steps: readonly SequenceStep[], { id }: SequenceStep) =>
    steps.some((step) => step.id === id);
  const removed = before.filter((step) => !isIn(after, step));
  const added = after.filter((step) => !isIn(before, step));

  return [
    ...removed.map((step): SequenceChange => ({ part: 'step', change: 'removed', step })),
    ...added.map((step): SequenceChange => ({ part: 'step', change: 'added', step })),
    ...before.flatMap((was) => {
      const is = after.find(({ id }) => id === was.id);
      return is ? fieldChanges(was, is) : [];
    }),
  ];
}

function fieldChanges(was: SequenceStep, is: SequenceStep): readonly SequenceChange[] {
  const before = fieldsOf(was);
  const after = fieldsOf(is);

  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((field) => !isSame(before.get(field), after.get(field)))
    .map((field) => ({
      ...{ part: 'step', change: 'changed', id: was.id, field },
      ...values(before.get(field), after.get(field)),
    }));
}

function fieldsOf({ do: action, ...step }: SequenceStep): ReadonlyMap<string, unknown> {
  const does = Object.entries(action).map(([field, value]) => [`do.${field}`, value] as const);
  return new Map<string, unknown>([...Object.entries(step), ...does]);
}

const values = (before: unknown, after: unknown) => ({
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

/** The order of keys says nothing. */
const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
