// A published sequence as its run carries it: ids and times, no words and no conditions, with every text pinned to a version.

import type { Relevance } from '../journey/relevance';
import type { Condition } from '../trigger/condition';
import { pickedBy } from '../trigger/pickedBy';
import type {
  AtEnd,
  SendAction,
  Sequence,
  SequenceEnding,
  SequenceStart,
  SequenceStep,
  StepAction,
  StopRule,
} from './sequence';
import type { StepState } from './stepNote';

export interface PlanStep extends Omit<SequenceStep, 'when'> {
  /** The personal feature by which the contact was picked for the step. */
  readonly pickedBy?: string;
  /** It has a condition, which is asked when it is due. */
  readonly isConditional?: true;
}

export interface SequencePlan {
  readonly steps: readonly PlanStep[];
  readonly stopWhen: readonly StopRule[];
  readonly atEnd: readonly AtEnd[];
}

/** The templates that the steps of a sequence are said with, each once. */
export function templatesOf({ steps }: Pick<Sequence, 'steps'>): readonly string[] {
  const used = steps.flatMap(({ do: action }) => templateOf(action) ?? []);
  return [...new Set(used)];
}

const templateOf = (action: StepAction): string | undefined =>
  'template' in action ? action.template : undefined;

/** @param pinned `id` → `id@version`; a template that is not in it stays as it is */
export function planOf(
  { start, audience, steps, stopWhen = [], atEnd = [] }: Sequence,
  pinned: ReadonlyMap<string, string>,
): SequencePlan {
  const picked = featureOfStart(start) ?? pickedBy(audience);
  const featureOf = (when: Condition | undefined) => picked ?? pickedBy(when);

  return {
    steps: steps.map(({ when, do: action, ...step }) => ({
      ...step,
      do: withPinned(action, pinned),
      ...(when !== undefined && { isConditional: true as const }),
      ...withFeature(featureOf(when)),
    })),
    stopWhen,
    atEnd,
  };
}

const withFeature = (feature: string | undefined): Pick<PlanStep, 'pickedBy'> =>
  feature === undefined ? {} : { pickedBy: feature };

/** The fact by which it is found that a sequence begins; undefined: it answers what the customer did, or somebody asked for it. */
function featureOfStart({ kind }: SequenceStart): string | undefined {
  switch (kind) {
    case 'birthday':
      return 'birthday';
    case 'silent':
      return 'lastSpokeAt';
    case 'contract-end':
      return 'contractEndsOn';
    case 'stage':
      return 'stage';
    case 'order':
      return 'products';
    case 'added':
    case 'request':
      return undefined;
  }
}

function withPinned(action: StepAction, pinned: ReadonlyMap<string, string>): StepAction {
  if (!('template' in action) || action.template === undefined) return action;
  return { ...action, template: pinned.get(action.template) ?? action.template };
}

/** What is done when a run ends so. */
export const actionsAtEnd = (
  { atEnd }: Pick<SequencePlan, 'atEnd'>,
  ending: SequenceEnding,
): readonly AtEnd['do'][] =>
  atEnd.flatMap(({ on = ['completed'], do: action }) => (on.includes(ending) ? [action] : []));

/** What makes a message of the sequence pointless while it is held: what would end the run, as the contact's facts say it. */
export function relevanceOf(
  { channel, product }: SendAction,
  { stopWhen }: Pick<SequencePlan, 'stopWhen'>,
  { at, staffId }: { readonly at: string; readonly staffId?: string | undefined },
): readonly Relevance[] {
  const stopsWhen = (kind: StopRule['kind']) => stopWhen.some((rule) => rule.kind === kind);

  return [
    ...(product === undefined ? [] : [{ kind: 'not-bought' as const, product }]),
    ...(stopsWhen('replied') ? [{ kind: 'silent-since' as const, at }] : []),
    ...(channel === 'wecom' && staffId !== undefined && stopsWhen('deleted')
      ? [{ kind: 'friend-of' as const, staffId }]
      : []),
  ];
}

/** What a run knows of itself, as conditions of its steps may ask: `run.replied`, `run.steps.<id>`. */
export interface RunFacts {
  /** The customer spoke, or answered an offer, since the run began. */
  readonly replied: boolean;
  /** The customer bought something since. */
  readonly bought: boolean;
  /** By id, how the steps that have begun stand. */
  readonly steps: Readonly<Record<string, StepState>>;
}
