// WeCom's own cap on enterprise mass sends per customer: as many a month as it has days, or 7 a week, or 1 a day, Chinese time.

import { DAY_MS, HOUR_MS } from '../../rules/time/durations';
import type { Deps } from '../deps';
import type { WorldOptions } from '../world/options';

type Mode = WorldOptions['massCapMode'];

const MODES: readonly Mode[] = ['month', 'week', 'day'];
const CHINA_MS = 8 * HOUR_MS;
/** 1970-01-05, a Monday, in days since the epoch. */
const FIRST_MONDAY = 4;

/** Takes one of the customer's places; false when none is left. */
export function takePlace(deps: Deps, externalUserId: string): boolean {
  const { received } = deps.state;
  const now = deps.clock.now();
  const mode = deps.world().massCapMode;
  if ((received.get(key(externalUserId, mode, now)) ?? 0) >= limit(mode, now)) return false;

  // Counted under every mode: a corp may switch its rule at any time, and what was sent stays counted.
  for (const each of MODES)
    received.set(
      key(externalUserId, each, now),
      (received.get(key(externalUserId, each, now)) ?? 0) + 1,
    );

  return true;
}

function limit(mode: Mode, now: number): number {
  if (mode !== 'month') return mode === 'week' ? 7 : 1;
  const local = new Date(now + CHINA_MS);
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate();
}

function key(externalUserId: string, mode: Mode, now: number): string {
  const local = now + CHINA_MS;
  const day = Math.floor(local / DAY_MS);
  const period = {
    month: new Date(local).toISOString().slice(0, 7),
    week: Math.floor((day - FIRST_MONDAY) / 7),
    day,
  }[mode];

  return `${externalUserId}|${mode}|${period}`;
}
