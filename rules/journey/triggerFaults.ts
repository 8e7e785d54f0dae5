// What keeps a version of a trigger from being enabled: what it refers to is not there, does not fit, or lies outside the guard-rails.

import { nearestName } from '../base/nearestName';
import { findReference, type PlanReferences } from '../calendar/references';
import { isOfClass, textOn } from '../catalogue/texts';
import type { ChannelName } from '../contact/contact';
import { type GuardrailFault, type Guardrails, guardrailFaults } from '../trigger/guardrails';
import type { TriggerBody } from '../trigger/trigger.schema';
import { JOURNEY_KINDS, type JourneyKind, journeyKind } from './kinds';

export type TriggerFault =
  | ({ readonly kind: 'guardrail' } & GuardrailFault)
  | {
      readonly kind: 'unknown';
      readonly noun: 'journey' | 'template' | 'product' | 'event';
      readonly path: string;
      readonly value: string;
      readonly nearest: string | null;
      readonly allowed: string;
    }
  | { readonly kind: 'off-shelf'; readonly path: string; readonly value: string }
  | {
      readonly kind: 'no-text';
      readonly path: string;
      readonly value: string;
      readonly channel: ChannelName;
    }
  | { readonly kind: 'not-marketing'; readonly path: string; readonly value: string };

export interface TriggerReferences extends PlanReferences {
  readonly guardrails: Guardrails;
  readonly eventTypes: readonly string[];
}

/** The journeys that triggers may start. */
const TRIGGERED: readonly JourneyKind[] = JOURNEY_KINDS.filter(
  (kind) => journeyKind(kind).byTriggers,
);

/** With any of these no version is enabled. Paths are of the body, dotted. */
export function triggerFaults(
  trigger: TriggerBody,
  references: TriggerReferences,
): readonly TriggerFault[] {
  const { guardrails, eventTypes } = references;
  return [
    ...unknownIn('event', trigger.event, eventTypes, 'event'),
    ...unknownIn('journey', trigger.journey, TRIGGERED, 'journey'),
    ...productFaults(trigger, references),
    ...textFaults(trigger, references),
    ...guardrailFaults(trigger, guardrails).map((fault) => ({
      kind: 'guardrail' as const,
      ...fault,
    })),
  ];
}

function unknownIn(
  noun: 'event' | 'journey' | 'template' | 'product',
  value: string,
  known: readonly string[],
  path: string,
): readonly TriggerFault[] {
  if (known.includes(value)) return [];
  const nearest = nearestName(value, known);
  return [{ kind: 'unknown', noun, path, value, nearest, allowed: known.join(', ') }];
}

function productFaults(
  { offer: { product } }: TriggerBody,
  references: TriggerReferences,
): readonly TriggerFault[] {
  const path = 'offer.product';
  const found = findReference('product', product, references);
  if (found.kind === 'unknown') return unknownIn('product', product, found.ids, path);
  const isOffered = found.kind === 'found' && found.item.onShelf;
  return isOffered ? [] : [{ kind: 'off-shelf', path, value: product }];
}

function textFaults(
  { offer: { template: value, channel, fallback = [] } }: TriggerBody,
  { templates, templateIds }: TriggerReferences,
): readonly TriggerFault[] {
  const path = 'offer.template';
  const template = templates.get(value);
  if (!template)
    return unknownIn(
      'template',
      value,
      templateIds.filter((each) => each !== value),
      path,
    );

  const at = { path, value };
  const channels = [channel, ...fallback];
  const missing = channels.filter((each) => textOn(template, each) === null);

  return [
    ...missing.map((each) => ({ kind: 'no-text' as const, ...at, channel: each })),
    ...(isOfClass(template, 'marketing') ? [] : [{ kind: 'not-marketing' as const, ...at }]),
  ];
}
