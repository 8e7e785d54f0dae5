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

const delivery = strict({
  promotion: id.optional(),
  scene: id.optional(),
  materials: z.array(id).max(9).optional(),
  atBlackout: z.enum(['skip', 'next', 'previous']).optional(),
  fallback: z.array(channelName).max(3).optional(),
  confirmWithinHours: z.number().positive().max(MAX_CONFIRM_HOURS).optional(),
  whenStaffFull: z.enum(['defer', 'reroute']).optional(),
  journey: z.enum(['monthStart']).optional(),
});

export const calendarPlan = strict({
  ...calendarShape,
  name: label.optional(),
  slots: z.array(strict({ ...slotShape, delivery: delivery.optional() })).max(MAX_SLOTS),
}).superRefine(refuseUnfitIds) satisfies z.ZodType<CalendarPlan>;

/** Id and version are given by whoever keeps it. @throws CodedError naming every place that is wrong */
export const readPlan = (body: unknown, path: string): CalendarPlan =>
  parseWith(calendarPlan, body, path, CONDITIONS_OF_CALENDARS);
