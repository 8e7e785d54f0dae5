// Caps: at most so many counted touches in a rolling or a calendar window.

import type { Policy } from '../policy/policy.schema';
import type { PolicyScope } from '../policy/scope';
import { DAY_MS } from '../time/durations';
import { durationMs, formatInstant } from '../time/instant';
import { type CalendarUnit, firstDay, nextFirstDay } from '../time/windows';
import type { Zone } from '../time/zone';
import { type AskedRule, PASS, type RuleAnswer, SUPPRESS } from './answer';
import { type Counting, prepareCounting } from './counted';
import type { RuleFinding } from './finding';

type Window =
  | { readonly kind: 'rolling'; readonly lengthMs: number }
  | { readonly kind: 'calendar'; readonly unit: CalendarUnit };

export interface Cap extends PolicyScope {
  readonly id: string;
  readonly counting: Counting;
  readonly limit: number;
  readonly window: Window;
  readonly suppress: boolean;
}

/** Where calendar windows lie for one contact. */
export interface ContactCalendar {
  readonly zone: Zone;
  readonly billDay: number;
}

/** Reads a cap of a policy once. */
export function prepareCap(cap: NonNullable<Policy['caps']>[number]): Cap {
  const { window } = cap;
  return {
    id: cap.id,
    classes: cap.classes,
    channels: cap.channels,
    counting: prepareCounting(cap),
    limit: cap.limit,
    window:
      window.kind === 'rolling' ? { kind: 'rolling', lengthMs: durationMs(window.hours) } : window,
    suppress: cap.onHit === 'suppress' || cap.limit === 0,
  };
}

function windowStart(
  unit: CalendarUnit,
  instant: number,
  { zone, billDay }: ContactCalendar,
): number {
  return zone.instantOf(firstDay(unit, zone.dayAt(instant), billDay), 0);
}

function nextStart(
  unit: CalendarUnit,
  instant: number,
  { zone, billDay }: ContactCalendar,
): number {
  const day = nextFirstDay(unit, zone.dayAt(instant), billDay);
  const start = zone.instantOf(day, 0);
  // Clocks put back over midnight bring the old date again after the new window's first midnight: then it is the second.
  return start > instant ? start : zone.lastInstantOf(day, 0);
}

/** The first instant after `instant` whose calendar window starts after `touched`, the latest touch that must have left it. */
function firstWithout(
  unit: CalendarUnit,
  touched: number,
  instant: number,
  calendar: ContactCalendar,
): number {
  let next = nextStart(unit, Math.max(touched, instant), calendar);
  while (windowStart(unit, next, calendar) <= touched) next = nextStart(unit, next, calendar);
  return next;
}

/** Touches at or after the result are in the window at `instant`. */
export function windowFloor({ window }: Cap, instant: number, calendar: ContactCalendar): number {
  return window.kind === 'rolling'
    ? instant - window.lengthMs + 1
    : windowStart(window.unit, instant, calendar);
}

/** Clocks put back over midnight can bring the window of the day before again. */
const MARGIN_MS = 2 * DAY_MS;

/** The earliest instant at which a touch can still matter to the cap when it is asked at `instant` or later. */
export function oldestCounted(cap: Cap, instant: number, calendar: ContactCalendar): number {
  return windowFloor(cap, instant, calendar) - MARGIN_MS;
}

/**
 * A cap, ready to be asked; `counted` holds the counted touches' instants, the latest first. A touch later than the instant
 * is in the window, so the window is full exactly while the limit-th latest touch has not left it.
 */
export function askCap(cap: Cap, counted: readonly number[], calendar: ContactCalendar): AskedRule {
  const { window, limit } = cap;
  const deciding = limit === 0 ? undefined : counted[limit - 1];

  function answer(instant: number): RuleAnswer {
    if (limit === 0) return SUPPRESS;
    if (deciding === undefined || deciding < windowFloor(cap, instant, calendar)) return PASS;
    if (cap.suppress) return SUPPRESS;

    return window.kind === 'rolling'
      ? deciding + window.lengthMs
      : firstWithout(window.unit, deciding, instant, calendar);
  }

  function finding(instant: number): RuleFinding {
    const floor = windowFloor(cap, instant, calendar);
    const before = counted.findIndex((at) => at < floor);

    return {
      kind: 'cap',
      counted: before === -1 ? counted.length : before,
      limit,
      since: formatInstant(floor),
    };
  }

  return { kind: 'cap', rule: cap.id, answer, finding };
}
