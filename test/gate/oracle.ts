// A second reading of the gate's specification: slow, with luxon, written from the page alone to be compared with the real one.

import { createHash } from 'node:crypto';
import { DateTime, IANAZone } from 'luxon';
import type { TouchRecord } from '../../rules/contact/gateContact.schema';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import type { Case } from './cases';

type Said = {
  readonly kind: string;
  readonly rule: string;
  readonly answer: 'pass' | 'suppress' | number;
};

export interface Verdict {
  readonly verdict: 'pass' | 'deferred' | 'suppressed';
  readonly reason?: string;
  readonly rule?: string;
  readonly until?: string;
}

const HOUR = HOUR_MS;
const walls = new Map<string, number[]>();
const offsets = new Map<string, number>();

/** Milliseconds ahead of UTC; remembered, for the same half-hours are sampled for every wall time. */
function offsetAt(zone: string, instant: number): number {
  const key = `${zone} ${instant}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = IANAZone.create(zone).offset(instant) * MINUTE_MS;
  if (instant % (HOUR / 2) === 0) offsets.set(key, offset);
  return offset;
}

/** Every instant at which the clock shows this wall time (given as if it were UTC), or the first one after the gap. */
function instantsOf(zoneName: string, wall: DateTime): number[] {
  const key = `${zoneName} ${wall.toMillis()}`;
  const known = walls.get(key);
  if (known) return known;
  const shown = (instant: number) => instant + offsetAt(zoneName, instant);
  const target = wall.toMillis();
  const found = new Set<number>();
  let gap = Number.NaN;
  const sampled = Math.floor(target / HOUR) * HOUR;
  for (let sample = sampled - 27 * HOUR; sample <= sampled + 27 * HOUR; sample += HOUR / 2) {
    const instant = target - offsetAt(zoneName, sample);
    if (!found.has(instant) && shown(instant) === target) found.add(instant);
    const next = sample + HOUR / 2;
    if (
      shown(sample) < target &&
      shown(next) > target &&
      offsetAt(zoneName, sample) !== offsetAt(zoneName, next)
    ) {
      let before = sample;
      let after = next;
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2);
        if (shown(middle) < target) before = middle;
        else after = middle;
      }
      gap = after;
    }
  }
  const instants = found.size > 0 ? [...found].sort((a, b) => a - b) : [gap];
  walls.set(key, instants);
  return instants;
}

const first = (zone: string, wall: DateTime): number => Number(instantsOf(zone, wall)[0]);
const at = (text: string): number => DateTime.fromISO(text, { setZone: true }).toMillis();

/** The local date at an instant, as midnight UTC of that date. */
function dateAt(zone: string, instant: number): DateTime {
  const local = DateTime.fromMillis(instant, { zone });
  return DateTime.utc(local.year, local.month, local.day);
}

function windowFirstDate(
  unit: 'day' | 'week' | 'month' | 'billCycle',
  date: DateTime,
  billDay: number,
): DateTime {
  if (unit !== 'billCycle') return date.startOf(unit);
  const startIn = (month: DateTime) =>
    month.set({ day: Math.min(billDay, Number(month.daysInMonth)) });
  const own = startIn(date.startOf('month'));
  return own <= date ? own : startIn(date.startOf('month').minus({ months: 1 }));
}

function ask({ policy, contact, touch, holidays }: Case, t: number): Said[] {
  const zone = contact.timezone ?? policy.timezone;
  const said: Said[] = [];
  const applies = (rule: {
    classes?: readonly string[] | undefined;
    channels?: readonly string[] | undefined;
  }) =>
    (!rule.classes || rule.classes.includes(touch.class)) &&
    (!rule.channels || rule.channels.includes(touch.channel));

  said.push({
    kind: 'unreachable',
    rule: 'unreachable',
    answer: contact.channels?.[touch.channel]?.reachable === true ? 'pass' : 'suppress',
  });
  const blocked = (contact.blocks ?? []).some(({ channel }) =>
    ['*', touch.channel].includes(channel),
  );
  said.push({ kind: 'blocked', rule: 'blocked', answer: blocked ? 'suppress' : 'pass' });

  for (const rule of policy.consent ?? []) {
    if (!applies(rule)) continue;
    const state = contact.consents?.[touch.channel]?.[touch.class] ?? 'unknown';
    const refused = rule.need === 'granted' ? state !== 'granted' : state === 'refused';
    said.push({ kind: 'consent', rule: 'consent', answer: refused ? 'suppress' : 'pass' });
  }

  for (const entry of contact.dnd ?? []) {
    if (!applies({ channels: entry.channels, classes: entry.classes ?? ['marketing', 'service'] }))
      continue;
    if (entry.from && t < at(entry.from)) continue;
    if (entry.until && t >= at(entry.until)) continue;
    said.push({ kind: 'dnd', rule: 'dnd', answer: entry.until ? at(entry.until) : 'suppress' });
  }

  const own = contact.quietHours && {
    id: 'contact',
    classes: ['marketing', 'service'] as const,
    ...contact.quietHours,
  };
  for (const rule of [...(policy.quietHours ?? []), ...(own ? [own] : [])]) {
    if (!applies(rule)) continue;
    for (let days = -2; days <= 2; days += 1) {
      const date = dateAt(zone, t).plus({ days });
      const weekday = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][date.weekday - 1] ?? '';
      const kind = holidays[date.toISODate() ?? ''] ?? (date.weekday >= 6 ? 'rest' : 'work');
      if ('days' in rule && rule.days && !(rule.days as readonly string[]).includes(weekday))
        continue;
      if ('dayKinds' in rule && rule.dayKinds && !rule.dayKinds.includes(kind)) continue;
      const wall = (text: string, on: DateTime) =>
        first(
          zone,
          on.set({ hour: Number(text.split(':')[0]), minute: Number(text.split(':')[1]) }),
        );
      const start = wall(rule.from, date);
      const end = wall(rule.to, rule.to <= rule.from ? date.plus({ days: 1 }) : date);
      if (start <= t && t < end)
        said.push({
          kind: 'quiet-hours',
          rule: rule.id,
          answer: 'onHit' in rule && rule.onHit === 'suppress' ? 'suppress' : end,
        });
    }
  }

  const countedBy = (
    rule: NonNullable<typeof policy.gaps>[number] | NonNullable<typeof policy.caps>[number],
  ): number[] | undefined => {
    if (!applies(rule) || (rule.per ?? []).some((dimension) => touch[dimension] === undefined))
      return undefined;
    const counted = (past: TouchRecord) =>
      past.touchId !== touch.touchId &&
      ['reserved', 'tasked', 'sent'].includes(past.state) &&
      (rule.counts ?? rule.classes ?? [past.class]).includes(past.class) &&
      (!rule.channels || rule.channels.includes(past.channel)) &&
      (rule.per ?? []).every((dimension) => past[dimension] === touch[dimension]);
    return (contact.touches ?? []).filter(counted).map((past) => {
      const isOpen = past.state !== 'sent' && past.settleBy !== undefined;
      return 'openCounts' in rule && rule.openCounts === 'deadline' && isOpen
        ? Math.max(at(past.at), at(past.settleBy ?? past.at))
        : at(past.at);
    });
  };

  for (const rule of policy.gaps ?? []) {
    const counted = countedBy(rule);
    if (!counted || counted.length === 0) continue;
    const end = Math.max(...counted) + Math.round(rule.hours * HOUR);
    if (t < end)
      said.push({
        kind: 'gap',
        rule: rule.id,
        answer: rule.onHit === 'suppress' ? 'suppress' : end,
      });
  }

  for (const rule of policy.caps ?? []) {
    const counted = countedBy(rule);
    if (!counted) continue;
    const { window } = rule;
    const billDay = contact.billDay ?? 1;
    const inWindow = (instant: number): number => {
      if (window.kind === 'rolling')
        return counted.filter((s) => s > instant - Math.round(window.hours * HOUR)).length;
      const start = first(zone, windowFirstDate(window.unit, dateAt(zone, instant), billDay));
      return counted.filter((s) => s >= start).length;
    };
    if (inWindow(t) < rule.limit) continue;
    if (rule.onHit === 'suppress' || rule.limit === 0) {
      said.push({ kind: 'cap', rule: rule.id, answer: 'suppress' });
      continue;
    }
    // The number falls only where a touch leaves a rolling window or where a local date begins: ask at each of these.
    const latest = Math.max(...counted, t);
    const turns: number[] = [];
    if (window.kind === 'rolling')
      turns.push(...counted.map((s) => s + Math.round(window.hours * HOUR)));
    for (
      let date = dateAt(zone, t);
      window.kind === 'calendar' && date.toMillis() < latest + 40 * 24 * HOUR;
      date = date.plus({ days: 1 })
    )
      turns.push(...instantsOf(zone, date));
    const end = turns.sort((a, b) => a - b).find((turn) => turn > t && inWindow(turn) < rule.limit);
    said.push({ kind: 'cap', rule: rule.id, answer: Number(end) });
  }
  return said;
}

const latestOf = (said: readonly Said[]): number =>
  Math.max(
    ...said.map(({ answer }) => (typeof answer === 'number' ? answer : Number.NEGATIVE_INFINITY)),
  );

/** The decision, read straight off the page. */
export function oracle(asked: Case): Verdict {
  const { policy, contact, touch } = asked;
  const suppressed = (reason: string, rule = reason): Verdict => ({
    verdict: 'suppressed',
    reason,
    rule,
  });
  const now = at(touch.at);
  if (touch.expiresAt && now >= at(touch.expiresAt)) return suppressed('expired');
  const said = ask(asked, now);
  const refusal = said.find(({ answer }) => answer === 'suppress');
  if (refusal) return suppressed(refusal.kind, refusal.rule);
  const deferral = said.find(({ answer }) => typeof answer === 'number');
  if (deferral) {
    let until = latestOf(said);
    for (;;) {
      if (until - now > 400 * 24 * HOUR) return suppressed('too-late');
      const then = ask(asked, until);
      const end = then.find(({ answer }) => answer === 'suppress');
      if (end) return suppressed(end.kind, end.rule);
      if (!then.some(({ answer }) => typeof answer === 'number')) break;
      until = latestOf(then);
    }
    if (touch.expiresAt && until >= at(touch.expiresAt)) return suppressed('expired');
    if (policy.maxDeferHours !== undefined && until - now > policy.maxDeferHours * HOUR)
      return suppressed('too-late');
    return {
      verdict: 'deferred',
      reason: deferral.kind,
      rule: deferral.rule,
      until: DateTime.fromMillis(until, { zone: 'utc' }).toISO() ?? '',
    };
  }
  const { holdout } = policy;
  const covered =
    holdout &&
    (!holdout.classes || holdout.classes.includes(touch.class)) &&
    (!holdout.channels || holdout.channels.includes(touch.channel));
  if (covered && (holdout.by === 'contact' || touch.campaign !== undefined)) {
    const text = [
      holdout.salt,
      contact.contactId,
      ...(holdout.by === 'campaign' ? [touch.campaign] : []),
    ].join(':');
    const drawn = createHash('sha256').update(text, 'utf8').digest().readUInt32BE(0);
    if (drawn < (holdout.percent / 100) * 2 ** 32) return suppressed('holdout');
  }
  return { verdict: 'pass' };
}
