// The shape of a calendar as people write it: strict, so that a misspelt field is never lost silently.

import { z } from 'zod';
import { date, strict, text, touchClass, wallTime, zone } from '../input/shape.schema';
import { condition } from '../trigger/condition.schema';
import { type Calendar, WEEKDAYS } from './calendar';

/** Their nulls are values, not absent fields. */
export const CONDITIONS_OF_CALENDARS = ['audience'];

const dayOfMonth = z.int().min(1).max(31);
const weekday = z.enum(WEEKDAYS);
const offsetDays = z.int().optional();

/** Counted from the start, or from the end when negative. */
const counted = (most: number) =>
  z
    .int()
    .refine(
      (n) => n !== 0 && Math.abs(n) <= most,
      most === Number.POSITIVE_INFINITY
        ? 'a whole number that is not 0'
        : `1 to ${most}, or -1 to -${most} from the end`,
    );

const anchors = [
  strict({ kind: z.literal('date'), date }),
  strict({
    kind: z.literal('monthDay'),
    day: counted(31),
    ifMissing: z.enum(['last', 'skip']).optional(),
  }),
  strict({ kind: z.literal('workday'), n: counted(Number.POSITIVE_INFINITY) }),
  strict({ kind: z.literal('weekday'), weekday, n: counted(5) }),
  strict({ kind: z.literal('weekly'), weekdays: z.array(weekday) }),
  strict({ kind: z.literal('holiday'), name: text, offsetDays }),
  strict({ kind: z.literal('billDay'), offsetDays }),
  strict({ kind: z.literal('cycleEnd'), offsetDays }),
  strict({ kind: z.literal('activation'), offsetDays }),
] as const;

const KINDS = anchors.map((anchor) => anchor.shape.kind.value).join(', ');

const anchor = z.discriminatedUnion('kind', anchors, {
  error: (issue) => (issue.code === 'invalid_union' ? KINDS : undefined),
});

const phase = strict({
  id: text,
  fromDay: dayOfMonth,
  toDay: dayOfMonth,
  name: z.string().optional(),
  behaviour: z.string().optional(),
  hotTopics: z.array(z.string()).optional(),
  scene: z.string().optional(),
  starProducts: z.array(z.string()).optional(),
}).refine(({ fromDay, toDay }) => fromDay <= toDay, {
  path: ['toDay'],
  message: 'a day of the month that is not before `fromDay`',
});

export const slotShape = {
  id: text,
  phase: text.optional(),
  anchor,
  shift: z.enum(['none', 'next', 'previous', 'skip']).optional(),
  at: wallTime,
  spanDays: z.int().min(1).optional(),
  spreadMinutes: z.int().min(0).optional(),
  priority: z.number().optional(),
  expiresAfterHours: z.number().positive().optional(),
  audience: condition.optional(),
  touch: strict({
    channel: text,
    class: touchClass,
    category: text.optional(),
    campaign: text.optional(),
    product: text.optional(),
    template: text.optional(),
  }),
};

export const calendarShape = {
  id: text,
  version: z.int(),
  timezone: zone,
  cities: z
    .array(text)
    .refine((cities) => cities.length > 0, 'a list of cities that is not empty')
    .optional(),
  phases: z.array(phase).optional(),
};

/** A whole calendar; read it with `CONDITIONS_OF_CALENDARS` verbatim. */
export const calendarSchema = strict({
  ...calendarShape,
  slots: z.array(strict(slotShape)),
}).superRefine(refuseUnfitIds) satisfies z.ZodType<Calendar>;

interface Ids {
  readonly phases?: readonly { readonly id: string }[] | undefined;
  readonly slots: readonly { readonly id: string; readonly phase?: string | undefined }[];
}

/** Ids of slots are their own, and a phase that a slot names is there. */
export function refuseUnfitIds({ phases = [], slots }: Ids, context: z.RefinementCtx): void {
  const phaseIds = phases.map(({ id }) => id);
  const slotIds = slots.map(({ id }) => id);
  const refuse = (i: number, field: string, message: string) =>
    context.addIssue({ code: 'custom', path: ['slots', i, field], message });

  slots.forEach(({ id, phase: phaseId }, i) => {
    if (slotIds.indexOf(id) !== i) refuse(i, 'id', 'an id that no other slot has');
    if (phaseId !== undefined && !phaseIds.includes(phaseId))
      refuse(i, 'phase', phaseIds.length > 0 ? phaseIds.join(', ') : 'none: there are no phases');
  });
}
