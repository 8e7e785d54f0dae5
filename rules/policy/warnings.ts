// What a valid policy says that its author probably does not mean. Nothing here is refused: the gate obeys it all.

import { CONFIRM_WITHIN_HOURS } from '../contact/confirmation';
import type { TouchClass } from '../contact/contact';
import { type UnannouncedYear, unannouncedYears } from '../time/announced';
import type { HolidayTable } from '../time/holidays';
import type { Policy } from './policy.schema';
import { covers } from './scope';

type CapRule = NonNullable<Policy['caps']>[number];
type GapRule = NonNullable<Policy['gaps']>[number];

/** `path` is dotted, lists by index: `caps[0].limit`. The sentences are made in rules/words/policyWarning.ts. */
export type PolicyWarningFound = { readonly path: string } & (
  | {
      readonly kind: 'always-quiet';
      readonly touchClass: TouchClass;
      /** Absent: on every channel that the policy does not name. */
      readonly channel?: string;
    }
  | { readonly kind: 'nothing-passes'; readonly cap: string }
  /** `full`: the cap that is always full before this one. */
  | { readonly kind: 'never-binds'; readonly cap: CapRule; readonly full: CapRule }
  | { readonly kind: 'never-applies'; readonly field: string }
  /** A rule about kinds of days reaches a year whose holidays nobody has arranged. */
  | ({ readonly kind: 'unannounced-year' } & UnannouncedYear)
  /** `openHours`: for so long the gap may only begin after the touch that it counts. */
  | {
      readonly kind: 'waits-too-long';
      readonly gap: GapRule;
      readonly maxDeferHours: number;
      readonly openHours?: number;
    }
);

/** Which days are holidays, as far as it is known, and until when it matters. */
export interface KnownHolidays extends Pick<HolidayTable, 'days' | 'predicted'> {
  readonly fromYear: number;
  readonly toYear: number;
}

/** Rules about work days or days of rest that have to do without the holidays of a year. */
export function holidayWarnings(
  { quietHours = [] }: Pick<Policy, 'quietHours'>,
  known: KnownHolidays,
): PolicyWarningFound[] {
  return quietHours.flatMap(({ dayKinds }, i) => {
    if (dayKinds === undefined) return [];
    return unannouncedYears(known, known.fromYear, known.toYear).map((found) => ({
      path: `quietHours[${i}].dayKinds`,
      kind: 'unannounced-year' as const,
      ...found,
    }));
  });
}

/** Rules that silence a kind of touch for good, or that can never make a difference. */
export function policyWarnings(policy: Policy): PolicyWarningFound[] {
  return [
    ...alwaysQuiet(policy),
    ...capWarnings(policy),
    ...tooLong(policy),
    ...emptyScopes(policy),
  ];
}

const CLASSES: readonly TouchClass[] = ['marketing', 'service', 'transactional', 'reply'];
/** Stands for every channel that the policy does not name. */
const ANY_OTHER = '*';
const DAY_MINUTES = 1440;

/** Kinds of touch for which the windows of every day leave no minute of the day. */
function alwaysQuiet(policy: Policy): PolicyWarningFound[] {
  const { quietHours = [], caps = [], gaps = [], consent = [] } = policy;
  const named = [...quietHours, ...caps, ...gaps, ...consent].flatMap(
    ({ channels }) => channels ?? [],
  );
  const channels = [...new Set(named), ANY_OTHER];

  return CLASSES.flatMap((touchClass) => {
    const silent = channels.filter((channel) =>
      coversDay(quietHours.filter((window) => covers(window, { class: touchClass, channel }))),
    );
    // Quiet on every channel is one warning, not one a channel.
    const warned = silent.length === channels.length ? [ANY_OTHER] : silent;

    return warned.map((channel) => ({
      path: 'quietHours',
      kind: 'always-quiet' as const,
      touchClass,
      ...(channel !== ANY_OTHER && { channel }),
    }));
  });
}

/** True when the windows of every day hold every minute of the day. */
function coversDay(windows: NonNullable<Policy['quietHours']>): boolean {
  const spans = windows
    .filter(({ days, dayKinds }) => days === undefined && dayKinds === undefined)
    .flatMap(spansOf)
    .sort((a, b) => a.from - b.from);

  let reached = 0;
  for (const { from, to } of spans) if (from <= reached) reached = Math.max(reached, to);
  return reached >= DAY_MINUTES;
}

/** The stretches of a day that a window holds, in minutes: one over midnight holds two. */
function spansOf({ from, to }: { readonly from: string; readonly to: string }) {
  const start = minutesOf(from);
  const end = minutesOf(to);
  if (to > from) return [{ from: start, to: end }];

  return [
    { from: start, to: DAY_MINUTES },
    { from: 0, to: end },
  ];
}

const minutesOf = (wall: string): number => Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3));

function capWarnings({ caps = [] }: Policy): PolicyWarningFound[] {
  return caps.flatMap((cap, i): PolicyWarningFound[] => {
    const path = `caps[${i}].limit`;
    if (cap.limit === 0) return [{ path, kind: 'nothing-passes', cap: cap.id }];

    const full = caps.find(
      (other) => other !== cap && holdsAll(other, cap) && other.limit < cap.limit,
    );

    return full === undefined ? [] : [{ path, kind: 'never-binds', cap, full }];
  });
}

/** True when all that `cap` counts is also counted by `other`, whose window is no shorter. */
function holdsAll(other: CapRule, cap: CapRule): boolean {
  const key = (values: readonly string[] | undefined) =>
    JSON.stringify(values && [...values].sort());
  const sameScope = (['classes', 'channels', 'per'] as const).every(
    (field) => key(other[field]) === key(cap[field]),
  );

  return (
    sameScope &&
    key(other.counts ?? other.classes) === key(cap.counts ?? cap.classes) &&
    holdsWindow(other.window, cap.window)
  );
}

const UNITS_IN: Readonly<Record<string, readonly string[]>> = {
  day: ['day'],
  week: ['day', 'week'],
  month: ['day', 'month'],
  billCycle: ['day', 'billCycle'],
};

function holdsWindow(longer: CapRule['window'], window: CapRule['window']): boolean {
  if (longer.kind === 'rolling') return window.kind === 'rolling' && longer.hours >= window.hours;
  return window.kind === 'calendar' && (UNITS_IN[longer.unit]?.includes(window.unit) ?? false);
}

/** Gaps that end after the longest wait, at least behind an open touch: what they hold is dropped instead. */
function tooLong({ gaps = [], maxDeferHours }: Policy): PolicyWarningFound[] {
  if (maxDeferHours === undefined) return [];

  return gaps.flatMap((gap, i) => {
    if (gap.onHit === 'suppress') return [];

    const found = { path: `gaps[${i}].hours`, kind: 'waits-too-long' as const, gap, maxDeferHours };
    if (gap.hours > maxDeferHours) return [found];

    const openHours = gap.openCounts === 'deadline' ? CONFIRM_WITHIN_HOURS : 0;
    return gap.hours + openHours > maxDeferHours ? [{ ...found, openHours }] : [];
  });
}

const LISTS = ['classes', 'channels', 'counts', 'days', 'dayKinds'] as const;

/** Rules about no class, no channel or no day at all. */
function emptyScopes(policy: Policy): PolicyWarningFound[] {
  return (['consent', 'quietHours', 'gaps', 'caps'] as const).flatMap((part) =>
    (policy[part] ?? []).flatMap((rule: object, i) =>
      LISTS.filter((field) => isEmptyList(Reflect.get(rule, field))).map((field) => ({
        path: `${part}[${i}].${field}`,
        kind: 'never-applies' as const,
        field,
      })),
    ),
  );
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
