// Whether what a sequence refers to is there and fits: texts, scenes, products and the sequences that follow.

import { parseVersionRef } from '../base/ids';
import { nearestName } from '../base/nearestName';
import { findReference, type PlanReferences } from '../calendar/references';
import { isOfClass, type Template, textOn, textsOf } from '../catalogue/texts';
import type { TouchClass } from '../contact/contact';
import { templatesOf } from './plan';
import type { SendAction, Sequence, SequenceStep } from './sequence';

/** `path` is dotted, lists by index: `steps[0].do.template`; `value` is what stands there. */
export interface SequenceFault {
  readonly path: string;
  readonly value: string;
  readonly fault: SequenceFaultFound;
}

type Noun = 'template' | 'scene' | 'product' | 'sequence';

/** What was found; the sentences are made in rules/words/sequenceFault.ts. */
export type SequenceFaultFound =
  | { readonly kind: 'unknown'; readonly noun: Noun; readonly nearest: string | null }
  /** No such version of the catalogue, or of the template, is published. */
  | { readonly kind: 'unknown-version'; readonly noun: Noun; readonly version: number }
  | { readonly kind: 'off-shelf'; readonly name: string }
  | { readonly kind: 'no-text'; readonly channel: string; readonly channels: readonly string[] }
  | {
      readonly kind: 'wrong-class';
      readonly touchClass: TouchClass;
      readonly templateClass: TouchClass;
    }
  /** It begins itself again, beside itself, for ever. */
  | { readonly kind: 'follows-itself' };

export interface SequenceReferences extends PlanReferences {
  /** Ids of published sequences. */
  readonly sequenceIds: readonly string[];
}

/** What has to be read before the references of a sequence can be judged. */
export function wantedOf(sequence: Sequence): {
  readonly catalogueVersions: readonly number[];
  readonly templates: readonly string[];
} {
  const versions = sequence.steps
    .flatMap((step) => [sceneOf(step), productOf(step)])
    .flatMap((ref) => parseVersionRef(ref ?? '')?.version ?? []);

  return { catalogueVersions: [...new Set(versions)], templates: templatesOf(sequence) };
}

const sceneOf = ({ do: action }: SequenceStep): string | undefined =>
  'scene' in action ? action.scene : undefined;
const productOf = ({ do: action }: SequenceStep): string | undefined =>
  'product' in action ? action.product : undefined;

/** With any of these no version is published. @param id of the sequence */
export function sequenceFaults(
  id: string,
  { steps, reentry, atEnd = [] }: Sequence,
  references: SequenceReferences,
): readonly SequenceFault[] {
  const ofSteps = steps.flatMap((step, i) => [
    ...textFaults(step, `steps[${i}].do.template`, references),
    ...catalogueFaults('scene', sceneOf(step), `steps[${i}].do.scene`, references),
    ...catalogueFaults('product', productOf(step), `steps[${i}].do.product`, references),
  ]);

  const ofEnds = atEnd.flatMap(({ do: action }, i) => {
    if (action.kind !== 'next') return [];
    const at = { path: `atEnd[${i}].do.sequence`, value: action.sequence };
    if (action.sequence === id)
      return reentry === 'always' ? [{ ...at, fault: { kind: 'follows-itself' as const } }] : [];
    return unknownIn('sequence', references.sequenceIds, at);
  });

  return [...ofSteps, ...ofEnds];
}

type Place = Pick<SequenceFault, 'path' | 'value'>;

function unknownIn(noun: Noun, ids: readonly string[], at: Place): readonly SequenceFault[] {
  if (ids.includes(at.value)) return [];
  return [{ ...at, fault: { kind: 'unknown', noun, nearest: nearestName(at.value, ids) } }];
}

function textFaults(
  { do: action }: SequenceStep,
  path: string,
  { templates, templateIds }: SequenceReferences,
): readonly SequenceFault[] {
  if (!('template' in action) || action.template === undefined) return [];

  const at = { path, value: action.template };
  const template = templates.get(action.template);
  if (template) return action.kind === 'send' ? fitFaults(action, template, at) : [];

  const pinned = parseVersionRef(action.template);
  if (pinned && templateIds.includes(pinned.id)) {
    const { version } = pinned;
    return [{ ...at, fault: { kind: 'unknown-version', noun: 'template', version } }];
  }
  const nearest = nearestName(pinned?.id ?? action.template, templateIds);
  return [{ ...at, fault: { kind: 'unknown', noun: 'template', nearest } }];
}

function fitFaults(action: SendAction, template: Template, at: Place): readonly SequenceFault[] {
  const { channel, class: touchClass } = action;
  const faults: SequenceFault[] = [];

  if (textOn(template, channel) === null) {
    const channels = textsOf(template).map((text) => text.channel);
    faults.push({ ...at, fault: { kind: 'no-text', channel, channels } });
  }
  if (!isOfClass(template, touchClass)) {
    const { class: templateClass } = template;
    faults.push({ ...at, fault: { kind: 'wrong-class', touchClass, templateClass } });
  }

  return faults;
}

function catalogueFaults(
  noun: 'scene' | 'product',
  ref: string | undefined,
  path: string,
  references: SequenceReferences,
): readonly SequenceFault[] {
  if (ref === undefined) return [];

  const at = { path, value: ref };
  const found = findReference(noun, ref, references);
  switch (found.kind) {
    case 'unknown':
      return [
        { ...at, fault: { kind: 'unknown', noun, nearest: nearestName(found.id, found.ids) } },
      ];
    case 'unknown-version':
      return [{ ...at, fault: { kind: 'unknown-version', noun, version: found.version } }];
    case 'found': {
      const { item } = found;
      return 'onShelf' in item && !item.onShelf
        ? [{ ...at, fault: { kind: 'off-shelf', name: item.name } }]
        : [];
    }
  }
}
