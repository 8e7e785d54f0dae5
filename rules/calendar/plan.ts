// A calendar as it is run: what the compile reads, and for each slot how its waves are delivered.

import type { ChannelName } from '../contact/contact';
import type { HolidayTable } from '../time/holidays';
import { zoneOf } from '../time/zone';
import {
  type AtBlackout,
  type BlackoutTable,
  type CityBlackouts,
  cityBlackouts,
  type SlotBlackouts,
} from './blackout';
import type { Calendar, Slot } from './calendar';
import { type CompiledSlot, compileContext, type SlotDate, waveDates } from './compiledSlot';
import { compileCalendar } from './occurrences';
import { openedWithin } from './openedWithin';

/** How the waves of a slot are delivered. References name a published version: `id@version`. */
export interface SlotDelivery {
  /** A promotion of the catalogue, by its id. */
  readonly promotion?: string | undefined;
  /** A scene of the catalogue, by its id: what staff say. */
  readonly scene?: string | undefined;
  /** Materials of the catalogue, by their ids. */
  readonly materials?: readonly string[] | undefined;
  readonly atBlackout?: AtBlackout | undefined;
  /** Only who opened something of ours at most so many days before the date. */
  readonly openedWithinDays?: number | undefined;
  /** Channels to go on with, in this order, where a touch on the slot's own cannot be delivered. */
  readonly fallback?: readonly ChannelName[] | undefined;
  /** How long staff have to confirm a touch, in hours; 24 when absent. */
  readonly confirmWithinHours?: number | undefined;
  /** What becomes of a touch whose member has as many tasks as is allowed; `defer` when absent. */
  readonly whenStaffFull?: 'defer' | 'reroute' | undefined;
  /** Everybody of the slot gets a run of this journey in place of a touch of the wave. */
  readonly journey?: 'monthStart' | undefined;
}

export interface PlannedSlot extends Slot {
  readonly delivery?: SlotDelivery | undefined;
}

export interface CalendarPlan extends Omit<Calendar, 'slots'> {
  readonly name?: string | undefined;
  readonly slots: readonly PlannedSlot[];
}

/** Published tables that dates depend on. */
export interface CalendarTables {
  readonly holidays: HolidayTable;
  readonly blackouts: BlackoutTable;
}

/** Nothing published: no holidays, no blackouts. */
export const tablesOf = (
  holidays: HolidayTable = { days: {}, names: {} },
  blackouts: BlackoutTable = { blackouts: [] },
): CalendarTables => ({ holidays, blackouts });

/** The plan of a version that is kept, with the number it got. */
export const numberedPlan = ({
  id,
  version,
  body,
}: {
  readonly id: string;
  readonly version: number;
  readonly body: CalendarPlan;
}): CalendarPlan => ({ ...body, id, version });

/** What the compile reads of a plan. */
const calendarOf = ({ name: _, slots, ...calendar }: CalendarPlan): Calendar => ({
  ...calendar,
  slots: slots.map(({ delivery: _delivery, ...slot }) => slot),
});

/**
 * The slots of a plan in the order of their ids, ready to be asked contact by contact. Preview, waves and rehearsal call it.
 * What a marketing slot has due on a blacked-out date of a contact's city is skipped or moved, as the slot's delivery says.
 * @param fromDate local date of the calendar's zone, included, as `toDate` is
 */
export function compilePlan(
  plan: CalendarPlan,
  { holidays, blackouts }: CalendarTables,
  fromDate: string,
  toDate: string,
): readonly CompiledSlot[] {
  const cities = cityBlackouts(blackouts);
  const bySlot = new Map(plan.slots.map((slot) => [slot.id, blackoutsOf(slot, cities)]));

  const withinDays = new Map(
    plan.slots.map(({ id, delivery }) => [id, delivery?.openedWithinDays] as const),
  );
  const zone = zoneOf(plan.timezone);

  return compileCalendar(calendarOf(plan), holidays, fromDate, toDate, bySlot).map((compiled) => {
    const days = withinDays.get(compiled.slot.id);
    return days === undefined ? compiled : openedWithin(compiled, days, zone);
  });
}

/** The slots of a plan, each with the dates on which anybody can be due for it. */
export function planDatesOf(
  plan: CalendarPlan,
  { holidays, blackouts }: CalendarTables,
  fromDate: string,
  toDate: string,
): readonly { readonly slot: PlannedSlot; readonly dates: readonly SlotDate[] }[] {
  const context = compileContext(calendarOf(plan), holidays, fromDate, toDate);
  const cities = cityBlackouts(blackouts);

  return plan.slots.map((slot) => ({
    slot,
    dates: waveDates(slot, context, blackoutsOf(slot, cities)),
  }));
}

/** Null: what is no marketing takes place whatever a city says. */
const blackoutsOf = (
  { touch, delivery }: PlannedSlot,
  cities: CityBlackouts,
): SlotBlackouts | null =>
  touch.class === 'marketing' ? { atBlackout: delivery?.atBlackout ?? 'skip', cities } : null;
