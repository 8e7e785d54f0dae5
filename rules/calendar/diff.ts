// What changed between two versions of a calendar, slot by slot and field by field; the words for it are in rules/words.

import { CONFIRM_WITHIN_HOURS } from '../contact/confirmation';
import type { Anchor, Phase } from './calendar';
import type { CalendarPlan, PlannedSlot, SlotDelivery } from './plan';

const SETTINGS = ['name', 'timezone', 'cities'] as const;

/** A setting of the whole calendar. Absent: there was, or is, none. */
interface CalendarSettingChange {
  readonly part: 'calendar';
  readonly change: 'changed';
  readonly field: (typeof SETTINGS)[number];
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Fields of `touch` and `delivery` have dots: `touch.template`. Values are as the calendar has them, absent ones left out. */
interface PartChange<Part extends 'phase' | 'slot'> {
  readonly part: Part;
  readonly id: string;
  readonly change: 'changed';
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export type PlanChange =
  | CalendarSettingChange
  | PartChange<'phase'>
  | PartChange<'slot'>
  | { readonly part: 'phase'; readonly change: 'added' | 'removed'; readonly phase: Phase }
  | { readonly part: 'slot'; readonly change: 'added' | 'removed'; readonly slot: PlannedSlot };

/** Every change that makes another calendar of one; the order of phases and of slots is none. */
export function diffPlans(before: CalendarPlan, after: CalendarPlan): readonly PlanChange[] {
  const settings = SETTINGS.filter(
    (field) => settingMeaning(before[field]) !== settingMeaning(after[field]),
  );

  return [
    ...settings.map((field) => ({
      part: 'calendar' as const,
      change: 'changed' as const,
      field,
      ...values(before[field], after[field]),
    })),
    ...phaseChanges(before.phases ?? [], after.phases ?? []),
    ...slotChanges(before.slots, after.slots),
  ];
}

function phaseChanges(before: readonly Phase[], after: readonly Phase[]): PlanChange[] {
  const { removed, added, kept } = matched(before, after);

  return [
    ...removed.map((phase): PlanChange => ({ part: 'phase', change: 'removed', phase })),
    ...added.map((phase): PlanChange => ({ part: 'phase', change: 'added', phase })),
    ...kept.flatMap(([was, is]) => changesOf('phase', was.id, fieldsOf(was), fieldsOf(is))),
  ];
}

function slotChanges(before: readonly PlannedSlot[], after: readonly PlannedSlot[]): PlanChange[] {
  const { removed, added, kept } = matched(before, after);

  return [
    ...removed.map((slot): PlanChange => ({ part: 'slot', change: 'removed', slot })),
    ...added.map((slot): PlanChange => ({ part: 'slot', change: 'added', slot })),
    ...kept.flatMap(([was, is]) => changesOf('slot', was.id, slotFields(was), slotFields(is))),
  ];
}

function matched<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]) {
  const was = new Map(before.map((each) => [each.id, each]));
  const is = new Set(after.map(({ id }) => id));

  return {
    removed: before.filter(({ id }) => !is.has(id)),
    added: after.filter(({ id }) => !was.has(id)),
    kept: after.flatMap((each) => {
      const known = was.get(each.id);
      return known === undefined ? [] : [[known, each] as const];
    }),
  };
}

type Fields = ReadonlyMap<string, unknown>;

const fieldsOf = (part: object, under = ''): Fields =>
  new Map(Object.entries(part).map(([field, value]) => [`${under}${field}`, value as unknown]));

function slotFields({ touch, delivery, ...slot }: PlannedSlot): Fields {
  return new Map([
    ...fieldsOf(slot),
    ...fieldsOf(touch, 'touch.'),
    ...fieldsOf(delivery ?? {}, 'delivery.'),
  ]);
}

function changesOf<Part extends 'phase' | 'slot'>(
  part: Part,
  id: string,
  before: Fields,
  after: Fields,
): PartChange<Part>[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((field) => meaningOf(field, before.get(field)) !== meaningOf(field, after.get(field)))
    .map((field) => ({
      part,
      id,
      change: 'changed',
      field,
      ...values(before.get(field), after.get(field)),
    }));
}

const values = (before: unknown, after: unknown): { before?: unknown; after?: unknown } => ({
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

const DELIVERY_DEFAULTS: SlotDelivery = {
  atBlackout: 'skip',
  confirmWithinHours: CONFIRM_WITHIN_HOURS,
  whenStaffFull: 'defer',
};

/** What stands for an absent field. */
const DEFAULTS: Fields = new Map<string, unknown>([
  ['shift', 'none'],
  ['spanDays', 1],
  ['spreadMinutes', 0],
  ...fieldsOf(DELIVERY_DEFAULTS, 'delivery.'),
]);

/** What a field means, as text to be compared. */
function meaningOf(field: string, value: unknown): string | undefined {
  const given = value ?? DEFAULTS.get(field);
  return canonical(field === 'anchor' ? anchorMeaning(given as Anchor) : given);
}

/** An anchor with what it leaves out; the days of a week have no order. */
function anchorMeaning(anchor: Anchor): object {
  switch (anchor.kind) {
    case 'weekly':
      return { ...anchor, weekdays: [...anchor.weekdays].sort() };
    case 'monthDay':
      return { ifMissing: 'last', ...anchor };
    case 'holiday':
    case 'billDay':
    case 'cycleEnd':
    case 'activation':
      return { offsetDays: 0, ...anchor };
    default:
      return anchor;
  }
}

/** Cities have no order. */
const settingMeaning = (value: CalendarPlan[(typeof SETTINGS)[number]]): string | undefined =>
  canonical(typeof value === 'object' ? [...value].sort() : value);

/** JSON in which the order of keys is none. */
export function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
