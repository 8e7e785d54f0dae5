// Quiet hours: windows of the local day in which a touch waits for the end, or is dropped.

import type { WallWindow } from '../input/shape.schema';
import type { Policy } from '../policy/policy.schema';
import type { PolicyScope } from '../policy/scope';
import { civilOf, weekdayOf } from '../time/civil';
import type { DayKinds } from '../time/dayKind';
import { MINUTE_MS } from '../time/durations';
import type { Zone } from '../time/zone';
import { type AskedRule, PASS, SUPPRESS } from './answer';
import type { RuleFinding } from './finding';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** The date before (a window may have begun yesterday), today, and tomorrow (see `justChanged`). */
const YESTERDAY = -1;

export interface QuietWindow extends PolicyScope {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** 1 when the window ends on the date after the one on which it starts. */
  readonly nights: 0 | 1;
  readonly suppress: boolean;
  finding(dayNo: number): RuleFinding;
  startsOn(dayNo: number): boolean;
}

/** Milliseconds since midnight of `HH:mm`. */
function wallMs(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * MINUTE_MS;
}

function prepare(id: string, window: WallWindow): Omit<QuietWindow, 'suppress' | 'startsOn'> {
  const { from, to } = window;
  const finding = { kind: 'quiet-hours', from, to } as const;
  return {
    id,
    fromMs: wallMs(from),
    toMs: wallMs(to),
    nights: to <= from ? 1 : 0,
    finding: () => finding,
  };
}

/** Reads a window of a policy once. @param announced years of which the holidays are known */
export function prepareQuiet(
  window: NonNullable<Policy['quietHours']>[number],
  kindOf: DayKinds,
  announced: ReadonlySet<number>,
): QuietWindow {
  const { days, dayKinds } = window;
  const weekdays = days && WEEKDAYS.map((weekday) => days.includes(weekday));

  return {
    ...prepare(window.id, window),
    ...(dayKinds && { finding: findingByKinds(window, announced) }),
    classes: window.classes,
    channels: window.channels,
    suppress: window.onHit === 'suppress',
    startsOn: (dayNo) =>
      (weekdays === undefined || weekdays[weekdayOf(dayNo)] === true) &&
      (dayKinds === undefined || dayKinds.includes(kindOf(dayNo))),
  };
}

/** A rule about kinds of days says so when it has to do without the holidays of the year. */
function findingByKinds(
  { from, to }: WallWindow,
  announced: ReadonlySet<number>,
): QuietWindow['finding'] {
  return (dayNo) => {
    const { year } = civilOf(dayNo);
    const unannounced = announced.has(year) ? {} : { unannounced: year };
    return { kind: 'quiet-hours', from, to, ...unannounced };
  };
}

/** The customer's own window: every day, all channels, marketing and service. */
export function ownQuiet(window: WallWindow): QuietWindow {
  return {
    ...prepare('contact', window),
    classes: ['marketing', 'service'],
    suppress: false,
    startsOn: () => true,
  };
}

/** The end of the window that holds the instant, or PASS. */
function endAt(window: QuietWindow, zone: Zone, instant: number): number {
  const today = zone.dayAt(instant);
  const last = zone.justChanged(instant) ? today + 1 : today;
  let latest = PASS;

  for (let dayNo = today + YESTERDAY; dayNo <= last; dayNo += 1) {
    if (!window.startsOn(dayNo)) continue;
    const end = zone.instantOf(dayNo + window.nights, window.toMs);
    if (instant < end && end > latest && zone.instantOf(dayNo, window.fromMs) <= instant)
      latest = end;
  }

  return latest;
}

/** A window, ready to be asked in a zone. */
export function askQuiet(window: QuietWindow, zone: Zone): AskedRule {
  return {
    kind: 'quiet-hours',
    rule: window.id,
    answer(instant) {
      const end = endAt(window, zone, instant);
      return end !== PASS && window.suppress ? SUPPRESS : end;
    },
    finding: (instant) => window.finding(zone.dayAt(instant)),
  };
}
