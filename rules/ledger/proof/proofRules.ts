// Is a contact at an instant within the policy? Counted from the ledger by code of its own; it shares none with the gate.

import type { Policy } from '../../policy/policy.schema';
import { HOUR_MS } from '../../time/durations';
import type { Holidays } from '../../time/holidays';
import type { Basis, DecisionRow } from '../rows';
import type { ProofTouch } from './proofTouches';
import type { ViolationKind } from './violation';
import { dateInZone, instantOf, plusDays, weekdayOfDate, windowStart } from './windowBoundary';

export interface ProofRules {
  readonly policy: Policy;
  readonly holidays: Holidays;
}

export interface BrokenRule {
  readonly kind: ViolationKind;
  readonly rule: string;
  readonly detail: string;
}

/** What the customer's own quiet hours are about. */
const OWN_QUIET_CLASSES: readonly string[] = ['marketing', 'service'];
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type Cap = NonNullable<Policy['caps']>[number];
type Gap = NonNullable<Policy['gaps']>[number];
type Counting = Cap | Gap;

/** Every rule of the policy that a touch at `at` breaks, given the other touches that count. */
export function brokenRules(
  rules: ProofRules,
  row: DecisionRow,
  basis: Basis,
  at: number,
  others: readonly ProofTouch[],
): BrokenRule[] {
  return [
    ...personal(rules, row, basis, at),
    ...quiet(rules, row, basis, at),
    ...counted(rules, row, basis, at, others),
  ];
}

/** Whether a rule is about the class and channel of a touch. */
export const inScope = (
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

  for (const rule of policy.consent ?? []) {
    if (!inScope(rule, row) || hasConsent(rule.need, basis.consent)) continue;
    yield {
      kind: 'without-consent',
      rule: 'consent',
      detail: `${rule.need} is needed, it was ${basis.consent}`,
    };
  }

  for (const entry of basis.dnd) {
    if (!isInForce(entry, at)) continue;
    yield {
      kind: 'in-dnd',
      rule: 'dnd',
      detail: `do not disturb until ${entry.until ?? 'further notice'}`,
    };
  }
}

const hasConsent = (need: 'granted' | 'not-refused', given: Basis['consent']): boolean =>
  need === 'granted' ? given === 'granted' : given !== 'refused';

function isInForce({ from, until }: Basis['dnd'][number], at: number): boolean {
  const hasBegun = from === undefined || Date.parse(from) <= at;
  return hasBegun && (until === undefined || at < Date.parse(until));
}

function* quiet(
  { policy, holidays }: ProofRules,
  row: DecisionRow,
  basis: Basis,
  at: number,
): Iterable<BrokenRule> {
  const { timezone, quietHours: own } = basis;

  for (const window of policy.quietHours ?? []) {
    if (!inScope(window, row)) continue;

    const on = (date: string) =>
      (window.days?.includes(WEEKDAYS[weekdayOfDate(date)] ?? 'mon') ?? true) &&
      (window.dayKinds?.includes(dayKind(date, holidays)) ?? true);
    if (within(window, timezone, at, on)) yield inQuietHours(window.id, window, timezone);
  }

  if (own && OWN_QUIET_CLASSES.includes(row.class) && within(own, timezone, at, () => true))
    yield inQuietHours('contact', own, timezone);
}

const inQuietHours = (rule: string, { from, to }: Hours, zone: string): BrokenRule => ({
  kind: 'in-quiet-hours',
  rule,
  detail: `${from}-${to} ${zone}`,
});

interface Hours {
  readonly from: string;
  readonly to: string;
}

/** A window starts today or started yesterday. */
function within(window: Hours, zone: string, at: number, on: (date: string) => boolean): boolean {
  const today = dateInZone(at, zone);

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
  others: readonly ProofTouch[],
): Iterable<BrokenRule> {
  for (const gap of policy.gaps ?? []) {
    const latest = latestOf(
      gap,
      others.filter((other) => counts(gap, row, other)),
    );
    const end = latest + Math.round(gap.hours * HOUR_MS);

    if (inScope(gap, row) && at < end)
      yield {
        kind: 'gap-cut',
        rule: gap.id,
        detail: `${gap.hours} h after ${new Date(latest).toISOString()}`,
      };
  }

  for (const cap of policy.caps ?? []) {
    if (!inScope(cap, row) || !applies(cap, row)) continue;

    const start = startOf(cap.window, basis, at);
    const inWindow = others.filter((other) => other.at >= start && counts(cap, row, other)).length;
    if (inWindow < cap.limit) continue;

    yield {
      kind: 'cap-exceeded',
      rule: cap.id,
      detail: `${inWindow + 1} of ${cap.limit} allowed`,
    };
  }
}

/** Open touches stand at their deadlines where the gap says so. */
const latestOf = ({ openCounts }: Gap, touches: readonly ProofTouch[]): number =>
  touches.reduce(
    (found, { at, latest }) => Math.max(found, openCounts === 'deadline' ? latest : at),
    Number.NEGATIVE_INFINITY,
  );

/** Touches at or after the result are in the window of a cap at `at`. */
function startOf(window: Cap['window'], { timezone, billDay }: Basis, at: number): number {
  if (window.kind === 'rolling') return at - Math.round(window.hours * HOUR_MS) + 1;

  const firstDay = windowStart(dateInZone(at, timezone), window.unit, billDay);
  return instantOf(firstDay, '00:00', timezone);
}

/** A rule that counts per field does not apply to a touch without that field. */
const applies = (rule: Counting, row: DecisionRow): boolean =>
  (rule.per ?? []).every((dimension) => row[dimension] !== undefined);

function counts(rule: Counting, row: DecisionRow, other: ProofTouch): boolean {
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
