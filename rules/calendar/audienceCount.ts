// Whom the slots of a calendar reach, and who of them lacks a word of the text: counted contact by contact before anybody approves it.

import type { Catalogue } from '../catalogue/catalogue';
import { type VariableUse, variableUses } from '../catalogue/textCheck';
import { type Template, textOn } from '../catalogue/texts';
import { type VariableName, variablesOf } from '../catalogue/variables';
import type { Profile } from '../contact/contact';
import { createMatcher, type Matcher } from '../trigger/matcher';
import type { CalendarPlan, PlannedSlot } from './plan';

/** `path` is dotted, lists by index. Told, and no reason to refuse a version. */
export type AudienceHint = { readonly path: string; readonly slot: string } & (
  | {
      /** `nobody`: no contact of the calendar's cities; `everybody`: a condition that every one of them meets. */
      readonly kind: 'reaches-nobody' | 'reaches-everybody';
      /** Of the calendar's cities. */
      readonly contacts: number;
    }
  | {
      /** The text cannot be made for these: they get none. */
      readonly kind: 'lacks-variable';
      readonly template: string;
      readonly variable: VariableName;
      readonly contacts: number;
      /** Of so many whom the slot reaches. */
      readonly reached: number;
      /** Ids of the first of them. */
      readonly first: readonly string[];
    }
);

export interface AudienceSources {
  /** Texts by what slots call them; those that are not published are absent. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly catalogue: Catalogue;
}

export interface AudienceCount {
  /** Each contact is added once. */
  add(contact: Profile): void;
  hints(): readonly AudienceHint[];
}

const MOST_IDS = 10;

/** Of one slot. Counts go up while contacts are added. */
interface SlotCount {
  readonly slot: PlannedSlot;
  readonly path: string;
  readonly matches: Matcher;
  /** Variables that its text cannot do without. */
  readonly lacks: readonly { readonly variable: VariableName; contacts: number; first: string[] }[];
  reached: number;
}

export function createAudienceCount(plan: CalendarPlan, sources: AudienceSources): AudienceCount {
  const cities = plan.cities && new Set(plan.cities);
  const slots = plan.slots.map((slot, i) => slotCount(slot, `slots[${i}]`, sources));
  let contacts = 0;

  return {
    add(contact) {
      if (cities?.has(contact.city) === false) return;
      contacts += 1;

      for (const count of slots) if (count.matches(contact)) reach(count, contact, sources);
    },
    hints: () => slots.flatMap((count) => [...reachHints(count, contacts), ...lackHints(count)]),
  };
}

function slotCount(slot: PlannedSlot, path: string, { templates }: AudienceSources): SlotCount {
  const { audience, touch } = slot;
  const template = touch.template === undefined ? undefined : templates.get(touch.template);
  const text = template && textOn(template, touch.channel);

  return {
    slot,
    path,
    matches: audience === undefined ? () => true : createMatcher(audience),
    lacks: requiredOf(text).map(({ variable }) => ({ variable, contacts: 0, first: [] })),
    reached: 0,
  };
}

const requiredOf = (text: string | null | undefined): readonly VariableUse[] =>
  text ? variableUses(text).filter(({ required }) => required) : [];

function reach(count: SlotCount, contact: Profile, { catalogue }: AudienceSources): void {
  count.reached += 1;
  if (count.lacks.length === 0) return;

  const known = variablesOf({ contact, catalogue, product: count.slot.touch.product });
  for (const lack of count.lacks) {
    if (known[lack.variable] !== undefined) continue;
    lack.contacts += 1;
    if (lack.first.length < MOST_IDS) lack.first.push(contact.contactId);
  }
}

function reachHints({ slot, path, reached }: SlotCount, contacts: number): AudienceHint[] {
  const hint = { path: `${path}.audience`, slot: slot.id, contacts };
  if (reached === 0) return [{ ...hint, kind: 'reaches-nobody' }];

  const isCondition = slot.audience !== undefined;
  return isCondition && reached === contacts ? [{ ...hint, kind: 'reaches-everybody' }] : [];
}

const lackHints = ({ slot, path, lacks, reached }: SlotCount): AudienceHint[] =>
  lacks
    .filter(({ contacts }) => contacts > 0)
    .map(({ variable, contacts, first }) => ({
      path: `${path}.touch.template`,
      slot: slot.id,
      kind: 'lacks-variable',
      template: slot.touch.template ?? '',
      ...{ variable, contacts, reached, first },
    }));
