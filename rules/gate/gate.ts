// The gate: one pure answer to "may this touch go out at this instant?", and if not, when, or why never.

import type { GateContact } from '../contact/gateContact.schema';
import type { Policy } from '../policy/policy.schema';
import { covers } from '../policy/scope';
import { announcedYears } from '../time/announced';
import { dayKindsOf } from '../time/dayKind';
import type { Holidays } from '../time/holidays';
import { durationMs, formatInstant, instantAt } from '../time/instant';
import { zoneOf } from '../time/zone';
import { type AskedRule, PASS, type RuleAnswer, SUPPRESS } from './answer';
import { askCap, type Cap, type ContactCalendar, oldestCounted, prepareCap } from './cap';
import { canCount, countedInstants, latestCounted, liveTouches } from './counted';
import { dndRules } from './dnd';
import { detailOf } from './finding';
import { askGap, type Gap, prepareGap } from './gap';
import type { Decision, Explained, Touch } from './gate.schema';
import { holdoutRule } from './holdout';
import { askQuiet, ownQuiet, prepareQuiet, type QuietWindow } from './quiet';
import { timelessRules } from './timelessRules';

/** Instants further from the asked one are not asked: nobody waits longer than this. */
const HORIZON_MS = durationMs(400 * 24);

/** A policy and a holiday table, read once for any number of decisions. */
export interface PreparedPolicy
  extends Pick<Policy, 'id' | 'version' | 'timezone' | 'consent' | 'holdout'> {
  readonly maxDeferMs: number;
  readonly quiet: readonly QuietWindow[];
  readonly gaps: readonly Gap[];
  readonly caps: readonly Cap[];
}

/** Reads a valid policy and the flat holiday table once, so that each decision only compares numbers. */
export function preparePolicy(policy: Policy, holidays: Holidays): PreparedPolicy {
  const kindOf = dayKindsOf(holidays);
  const announced = announcedYears(holidays);
  return {
    id: policy.id,
    version: policy.version,
    timezone: policy.timezone,
    consent: policy.consent,
    holdout: policy.holdout,
    maxDeferMs:
      policy.maxDeferHours === undefined
        ? Number.POSITIVE_INFINITY
        : durationMs(policy.maxDeferHours),
    quiet: (policy.quietHours ?? []).map((window) => prepareQuiet(window, kindOf, announced)),
    gaps: (policy.gaps ?? []).map(prepareGap),
    caps: (policy.caps ?? []).map(prepareCap),
  };
}

/** Rules 1-7 that are about the touch, in the order of the gate. */
function rulesFor(
  policy: PreparedPolicy,
  contact: GateContact,
  touch: Touch,
  at: number,
): AskedRule[] {
  const zone = zoneOf(contact.timezone ?? policy.timezone);
  const rules = timelessRules(policy, contact, touch);
  rules.push(...dndRules(contact, touch));
  for (const window of policy.quiet) if (covers(window, touch)) rules.push(askQuiet(window, zone));
  const own = contact.quietHours && ownQuiet(contact.quietHours);
  if (own !== undefined && covers(own, touch)) rules.push(askQuiet(own, zone));
  pushCounting(rules, policy, contact, touch, at, { zone, billDay: contact.billDay ?? 1 });

  return rules;
}

/** Adds the gaps and caps that are about the touch: those that read the past touches. */
function pushCounting(
  rules: AskedRule[],
  policy: PreparedPolicy,
  contact: GateContact,
  touch: Touch,
  at: number,
  calendar: ContactCalendar,
): void {
  const live = liveTouches(contact, touch);
  const applies = (rule: Gap | Cap) => covers(rule, touch) && canCount(rule.counting, touch);

  for (const gap of policy.gaps) {
    if (applies(gap)) rules.push(askGap(gap, latestCounted(gap, live, touch)));
  }

  for (const cap of policy.caps) {
    if (!applies(cap)) continue;
    rules.push(
      askCap(
        cap,
        countedInstants(cap.counting, live, touch, oldestCounted(cap, at, calendar)),
        calendar,
      ),
    );
  }
}

function explained(rule: AskedRule, answer: RuleAnswer, at: number): Explained {
  const { kind, rule: id } = rule;
  const detail = detailOf(rule.finding(at));
  if (answer === PASS) return { kind, rule: id, answer: 'pass', detail };
  if (answer === SUPPRESS) return { kind, rule: id, answer: 'suppress', detail };

  return { kind, rule: id, answer: 'defer', until: formatInstant(answer), detail };
}

/** What ends the search for an instant at which every rule passes: that instant, a rule that suppresses, or the horizon. */
type Found = { readonly until: number } | { readonly rule: AskedRule } | 'too-late';

/** Asks all rules again at the latest of their answers, until all pass there. Nothing is asked in between. */
function search(rules: readonly AskedRule[], at: number, first: number): Found {
  let until = first;
  for (;;) {
    if (until - at > HORIZON_MS) return 'too-late';

    let latest = PASS;
    for (const rule of rules) {
      const answer = rule.answer(until);
      if (answer === SUPPRESS) return { rule };
      if (answer > latest) latest = answer;
    }

    if (latest === PASS) return { until };
    until = latest;
  }
}

/** Decides on one touch at the instant `touch.at`. Pure: the same input gives the same answer, and nothing is changed. */
export function decide(policy: PreparedPolicy, contact: GateContact, touch: Touch): Decision {
  const at = instantAt(touch.at, 'touch.at');
  const expiresAt =
    touch.expiresAt === undefined
      ? Number.POSITIVE_INFINITY
      : instantAt(touch.expiresAt, 'touch.expiresAt');
  const rules = rulesFor(policy, contact, touch, at);
  const { explain, hit, strictest } = askAll(rules, at);

  if (at >= expiresAt) return suppressed(explain, 'expired');
  if (hit === undefined) return unlessHeldOut(explain, policy, contact, touch, at);
  if (strictest === SUPPRESS) return suppressed(explain, hit.kind, hit.rule);

  const found = search(rules, at, strictest);
  if (found === 'too-late') return suppressed(explain, 'too-late');
  if ('rule' in found) return suppressed(explain, found.rule.kind, found.rule.rule);
  if (found.until >= expiresAt)
    return suppressed(heldPast(explain, found.until, expiresAt), 'expired');
  if (found.until - at > policy.maxDeferMs) return suppressed(explain, 'too-late');

  return {
    verdict: 'deferred',
    reason: hit.kind,
    rule: hit.rule,
    until: formatInstant(found.until),
    explain,
  };
}

/** The explanation of a touch whose end comes before all rules pass: the rule says so that holds it past that end, else the first that holds it. */
function heldPast(
  explain: readonly Explained[],
  wouldPassAt: number,
  expiresAt: number,
): readonly Explained[] {
  const end = formatInstant(expiresAt);
  const holding = explain.filter(({ answer }) => answer === 'defer');
  const holder = holding.find(({ until = '' }) => until >= end) ?? holding[0];
  const past = { wouldPassAt: formatInstant(wouldPassAt), expiresAt: end };

  return explain.map((line) => (line === holder ? { ...line, heldPast: past } : line));
}

/** What all rules answer at one instant. `hit` is the first that suppresses, else the first that defers. */
interface Asked {
  readonly explain: readonly Explained[];
  readonly hit: AskedRule | undefined;
  readonly strictest: RuleAnswer;
}

function askAll(rules: readonly AskedRule[], at: number): Asked {
  const explain: Explained[] = [];
  let hit: AskedRule | undefined;
  let strictest = PASS;

  for (const rule of rules) {
    const answer = rule.answer(at);
    // An entry of do-not-disturb applies only while it is in force; every other rule is worth a line when it passes, too.
    if (answer !== PASS || rule.kind !== 'dnd') explain.push(explained(rule, answer, at));

    if (answer === PASS || strictest === SUPPRESS) continue;
    if (hit === undefined || answer === SUPPRESS) hit = rule;
    strictest = Math.max(strictest, answer);
  }

  return { explain, hit, strictest };
}

/** The last rule of all: it is only asked of a touch that would pass. */
function unlessHeldOut(
  explain: readonly Explained[],
  policy: PreparedPolicy,
  contact: GateContact,
  touch: Touch,
  at: number,
): Decision {
  const holdout = holdoutRule(policy.holdout, contact, touch);
  if (holdout === undefined) return { verdict: 'pass', explain };

  const answer = holdout.answer(at);
  const all = [...explain, explained(holdout, answer, at)];

  return answer === SUPPRESS ? suppressed(all, 'holdout') : { verdict: 'pass', explain: all };
}

const suppressed = (
  explain: readonly Explained[],
  reason: string,
  rule: string = reason,
): Decision => ({ verdict: 'suppressed', reason, rule, explain });
