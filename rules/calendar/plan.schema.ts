// The shape of a plan as people write it: a calendar, and how its slots are delivered.

import { z } from 'zod';
import { channelName } from '../contact/contact.schema';
import { id, label } from '../input/input.schema';
import { parseWith } from '../input/parse';
import { strict } from '../input/shape.schema';
import {
  CONDITIONS_OF_CALENDARS,
  calendarShape,
  refuseUnfitIds,
  slotShape,
} from './calendar.schema';
import type { CalendarPlan } from './plan';

/** The time that a mass send may wait for its member (spec of the channel: a task dies after seven days). */
const MAX_CONFIRM_HOURS = 168;
const MAX_SLOTS = 200;
const MAX_OPENED_DAYS = 366;

const delivery = strict({
  promotion: id.optional(),
  scene: id.optional(),
  materials: z.array(id).max(9).optional(),
  atBlackout: z.enum(['skip', 'next', 'previous']).optional(),
  openedWithinDays: z.int().min(0).max(MAX_OPENED_DAYS).optional(),
  fallback: z.array(channelName).max(3).optional(),
  confirmWithinHours: z.number().positive().max(MAX_CONFIRM_HOURS).optional(),
  whenStaffFull: z.enum(['defer', 'reroute']).optional(),
  journey: z.enum(['monthStart']).optional(),
});

const { id: _, version: __, ...bodyOfCalendar } = calendarShape;

const bodyShape = {
  ...bodyOfCalendar,
  name: label.optional(),
  // Ids of slots become part of the ids of touches and waves.
  slots: z.array(strict({ ...slotShape, id, delivery: delivery.optional() })).max(MAX_SLOTS),
};

/** Documents a draft: its id stands beside it, its number is given by whoever keeps it. */
export const calendarBody = strict(bodyShape);

const calendarPlan = strict({ ...bodyShape, id, version: z.int() }).superRefine(
  refuseUnfitIds,
) satisfies z.ZodType<CalendarPlan>;

/** Stands in a plan until it is kept; `numberedPlan` puts the real one in its place. */
const UNNUMBERED = 0;

/** A plan without id and version, as people write it. @throws CodedError naming every place that is wrong */
export function readPlan(body: unknown, calendarId: string, path: string): CalendarPlan {
  // Anything that is no object is refused as it is.
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const given = isObject ? { ...body, id: calendarId, version: UNNUMBERED } : body;
  return parseWith(calendarPlan, given, path, CONDITIONS_OF_CALENDARS);
}
