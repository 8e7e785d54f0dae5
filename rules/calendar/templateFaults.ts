// Whether the text of a slot is there, and fits its channels, its class and its offer.

import { parseVersionRef } from '../base/ids';
import { nearestName } from '../base/nearestName';
import { variableUses } from '../catalogue/textCheck';
import { isOfClass, type Template, textOn, textsOf } from '../catalogue/texts';
import { CHANNEL_NAMES, isChannelName } from '../contact/contact';
import type { PlannedSlot } from './plan';
import type { PlanReferences } from './references';
import type { SlotFault } from './slotFault';

/** @param i place of the slot in its calendar */
export function templateFaults(
  slot: PlannedSlot,
  i: number,
  references: PlanReferences,
): readonly SlotFault[] {
  const { channel, template: ref } = slot.touch;
  const at = { path: `slots[${i}].touch.template`, slot: slot.id };
  const unknownChannel = isChannelName(channel) ? [] : [channelFault(slot, i)];
  if (ref === undefined) {
    // The texts of a journey are its own.
    const isMissing = slot.delivery?.journey === undefined;
    return [...unknownChannel, ...(isMissing ? [{ ...at, fault: NO_TEMPLATE }] : [])];
  }

  const template = references.templates.get(ref);
  if (template === undefined)
    return [...unknownChannel, { ...at, value: ref, fault: unknownTemplate(ref, references) }];

  return [
    ...unknownChannel,
    ...(isChannelName(channel) ? textFaults(template, channel, { ...at, value: ref }) : []),
    ...(slot.delivery?.fallback ?? []).flatMap((other, j) =>
      textFaults(template, other, {
        ...{ path: `slots[${i}].delivery.fallback[${j}]`, slot: slot.id, value: other },
      }),
    ),
    ...contentFaults(slot, template, { ...at, value: ref }),
  ];
}

const NO_TEMPLATE = { kind: 'no-template' } as const;

function channelFault({ id, touch: { channel } }: PlannedSlot, i: number): SlotFault {
  const nearest = nearestName(channel, CHANNEL_NAMES);
  return {
    ...{ path: `slots[${i}].touch.channel`, slot: id, value: channel },
    fault: { kind: 'unknown', noun: 'channel', nearest },
  };
}

function unknownTemplate(ref: string, { templateIds }: PlanReferences): SlotFault['fault'] {
  const pinned = parseVersionRef(ref);
  if (pinned && templateIds.includes(pinned.id))
    return { kind: 'unknown-version', noun: 'template', version: pinned.version };

  const nearest = nearestName(pinned?.id ?? ref, templateIds);
  return { kind: 'unknown', noun: 'template', nearest };
}

function textFaults(
  template: Template,
  channel: string,
  at: Omit<SlotFault, 'fault'>,
): readonly SlotFault[] {
  if (textOn(template, channel) !== null) return [];
  const channels = textsOf(template).map((text) => text.channel);

  return [{ ...at, fault: { kind: 'no-text', channel, channels } }];
}

/** Names of a product: they say nothing where there is none. */
const OF_PRODUCTS = ['productName', 'productFee'];

function contentFaults(
  { touch, delivery }: PlannedSlot,
  template: Template,
  at: Omit<SlotFault, 'fault'>,
): readonly SlotFault[] {
  const faults: SlotFault[] = [];
  if (!isOfClass(template, touch.class))
    faults.push({
      ...at,
      fault: { kind: 'wrong-class', touchClass: touch.class, templateClass: template.class },
    });

  if (touch.product !== undefined || delivery?.journey !== undefined) return faults;
  const needed = textsOf(template)
    .flatMap(({ text }) => variableUses(text))
    .filter(({ variable, required }) => required && OF_PRODUCTS.includes(variable))
    .map(({ variable }) => variable);
  if (needed.length > 0)
    faults.push({ ...at, fault: { kind: 'no-product', variables: [...new Set(needed)] } });

  return faults;
}
