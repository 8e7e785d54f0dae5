// Is a contact at an instant within the policy? Counted from the ledger by code of its own; it shares none with the gate.

import type { Policy } from '../../policy/policy.schema';
import type { Holidays } from '../../time/holidays';
import type { Basis, DecisionRow } from '../rows';
import type { StandingTouch } from './standingTouches';
import type { ViolationKind } from './violation';
import { dateAt, instantOf, plusDays, weekdayOfDate, windowStart } from './windowBoundary';

export interface ProofRules {
  readonly policy: Policy;
  readonly holidays: Holidays;
}

export interface BrokenRule {
  readonly kind: ViolationKind;
  readonly rule: string;
  readonly detail: string;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const HOUR_MS = 3_600_000;

type Counting = NonNullable<Policy['caps']>[number] | NonNullable<Policy['gaps']>[number];

/** Every rule of the policy that a touch at `at` breaks, given the other touches that stand. */
export function brokenRules(
  rules: ProofRules,
  row: DecisionRow,
  basis: Basis,
  at: number,
  others: Iterable<StandingTouch>,
): BrokenRule[] {
  return [
    ...personal(rules, row, basis, at),
    ...quiet(rules, row, basis, at),
    ...counted(rules, row, basis, at, [...others]),
  ];
}

const inScope = (
  rule: {
    readonly classes?: readonly string[] | undefined;
    readonly channels?: readonly string[] | undefined;
  },
  row: DecisionRow,
): boolean =>
  (rule.classes?.includes(row.class) ?? true) && (rule.channels?.includes(row.channel) ?? true);

function* personal(
  { policy }: ProofRules,
  row: DecisionRow,
  basis: Basis,
  at: number,
): Iterable<BrokenRule> {
  if (!basis.reachable || basis.blocked)
    yield {
      kind: 'unreachable-or-blocked',
      rule: basis.blocked ? 'blocked' : 'unreachable',
      detail: `on ${row.channel}`,
    };
  for (const rule of policy.consent ?? [])
    if (
      inScope(rule, row) &&
      (rule.need === 'granted' ? basis.consent !== 'granted' : basis.consent === 'refused')
    )
      yield {
        kind: 'without-consent',
        rule: 'consent',
        detail: `${rule.need} is needed, it was ${basis.consent}`,
      };
  for (const entry of basis.dnd) {
    const from = entry.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(entry.from);
    const until = entry.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(entry.until);
    if (from <= at && at < until)
      yield {
        kind: 'in-dnd',
        rule: 'dnd',
        detail: `do not disturb until ${entry.until ?? 'further notice'}`,
      };
  }
}

function* quiet(
  { policy, holidays }: ProofRules,
  row: DecisionRow,
  basis: Basis,
  at: number,
): Iterable<BrokenRule> {
  const windows = (policy.quietHours ?? []).filter((window) => inScope(window, row));
  for (const window of windows) {
    const on = (date: string) =>
      (window.days?.includes(WEEKDAYS[weekdayOfDate(date)] ?? 'mon') ?? true) &&
      (window.dayKinds?.includes(dayKind(date, holidays)) ?? true);
    if (within(window, basis.timezone, at, on))
      yield {
        kind: 'in-quiet-hours',
        rule: window.id,
        detail: `${window.from}-${window.to} ${basis.timezone}`,
      };
  }
  if (
    basis.quietHours &&
    row.class !== 'transactional' &&
    within(basis.quietHours, basis.timezone, at, () => true)
  )
    yield {
      kind: 'in-quiet-hours',
      rule: 'contact',
      detail: `${basis.quietHours.from}-${basis.quietHours.to} ${basis.timezone}`,
    };
}

/** A window starts today or started yesterday. */
function within(
  window: { readonly from: string; readonly to: string },
  zone: string,
  at: number,
  on: (date: string) => boolean,
): boolean {
  const today = dateAt(at, zone);
  return [plusDays(today, -1), today].some((date) => {
    const end = window.to <= window.from ? plusDays(date, 1) : date;
    return (
      on(date) && instantOf(date, window.from, zone) <= at && at < instantOf(end, window.to, zone)
    );
  });
}

function dayKind(date: string, holidays: Holidays): 'work' | 'rest' {
  return holidays[date] ?? (weekdayOfDate(date) < 5 ? 'work' : 'rest');
}

function* counted(
  { policy }: ProofRules,
  row: DecisionRow,
  basis: Basis,
  at: number,
  others: readonly StandingTouch[],
): Iterable<BrokenRule> {
  for (const gap of policy.gaps ?? []) {
    const latest = others
      .filter((other) => counts(gap, row, other))
      .reduce((max, other) => Math.max(max, other.at), Number.NEGATIVE_INFINITY);
    const hours = Math.round(gap.hours * HOUR_MS);
    if (inScope(gap, row) && at < latest + hours)
      yield {
        kind: 'gap-cut',
        rule: gap.id,
        detail: `${gap.hours} h after ${new Date(latest).toISOString()}`,
      };
  }
  for (const cap of policy.caps ?? []) {
    if (!inScope(cap, row)) continue;
    const start =
      cap.window.kind === 'rolling'
        ? at - Math.round(cap.window.hours * HOUR_MS) + 1
        : instantOf(
            windowStart(dateAt(at, basis.timezone), cap.window.unit, basis.billDay),
            '00:00',
            basis.timezone,
          );
    const inWindow = others.filter((other) => other.at >= start && counts(cap, row, other)).length;
    if (inWindow >= cap.limit && applies(cap, row))
      yield {
        kind: 'cap-exceeded',
        rule: cap.id,
        detail: `${inWindow + 1} of ${cap.limit} allowed`,
      };
  }
}

/** A rule that tells touches apart by something the asked one lacks does not apply. */
const applies = (rule: Counting, row: DecisionRow): boolean =>
  (rule.per ?? []).every((dimension) => row[dimension] !== undefined);

function counts(rule: Counting, row: DecisionRow, other: StandingTouch): boolean {
  const classes = rule.counts ?? rule.classes;
  return (
    other.row.touchId !== row.touchId &&
    (classes?.includes(other.row.class) ?? true) &&
    (rule.channels?.includes(other.row.channel) ?? true) &&
    (rule.per ?? []).every(
      (dimension) => row[dimension] !== undefined && other.row[dimension] === row[dimension],
    )
  );
}
