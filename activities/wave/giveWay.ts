// Touches of a wave give way to those of other slots that are due within the policy's windows: what the gate cannot know.

import type { CalendarLife } from '../../rules/calendar/life';
import { type CalendarAhead, yieldsTo } from '../../rules/calendar/lookAhead';
import { compilePlan } from '../../rules/calendar/plan';
import { DAY_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { localDate } from '../../rules/time/localDate';
import type { GivesWay } from '../touch/path';
import type { WaveContext } from './wave';

/** The longest window of a policy. */
const AHEAD_MS = 32 * DAY_MS;
/** What was due before may still wait, as long as its offer lives. */
const BACK_MS = 3 * DAY_MS;

/** Asked for every contact of a page: the calendars in force are read and compiled once. */
export async function giveWay(context: WaveContext): Promise<GivesWay> {
  const calendars = await calendarsAhead(context);
  const priority = context.slot.priority ?? 0;

  return (touch, contact, { prepared: policy, windowHours }, decision) => {
    const found = yieldsTo({ touch, priority, contact, policy, windowHours }, calendars);
    if (!found) return decision;

    const until = formatInstant(found.until);
    const why = { reason: 'yields-to', rule: found.touchId, explain: decision.explain };
    const isTooLate = touch.expiresAt !== undefined && until >= touch.expiresAt;
    return isTooLate ? { verdict: 'suppressed', ...why } : { verdict: 'deferred', until, ...why };
  };
}

async function calendarsAhead({ deps, tables }: WaveContext): Promise<readonly CalendarAhead[]> {
  const { stores, clock } = deps;
  const now = clock.now();
  const active = (await stores.calendarLives.list()).filter(({ state }) => state === 'active');
  const ahead: CalendarAhead[] = [];

  for (const life of active)
    for (const version of versionsAhead(life, now)) {
      const found = await stores.calendars.find(life.calendarId, version);
      if (!found) continue;

      const plan = { ...found.body, id: life.calendarId, version };
      // Who gets a run is touched by the run, when its own steps come.
      const slots = plan.slots.filter(({ delivery }) => delivery?.journey === undefined);
      const dayAt = (at: number) => localDate(formatInstant(at), plan.timezone);
      const own = { ...plan, slots };
      const compiled = compilePlan(own, tables, dayAt(now - BACK_MS), dayAt(now + AHEAD_MS));
      ahead.push({ life, plan, slots: compiled });
    }

  return ahead;
}

/** The version in force, and those that take over later. */
function versionsAhead({ takeovers }: CalendarLife, now: number): ReadonlySet<number> {
  const inForce = takeovers.findLast(({ from }) => Date.parse(from) <= now);
  const later = takeovers.filter(({ from }) => Date.parse(from) > now);
  return new Set([...(inForce ? [inForce] : []), ...later].map(({ version }) => version));
}
