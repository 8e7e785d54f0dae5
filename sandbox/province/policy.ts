// The demo's policy: every verdict can be seen within minutes, whatever the hour of the day the demo is started at.

import type { Policy } from '../../rules/policy/policy.schema';
import { HOUR_MS } from '../../rules/time/durations';

const CHINA_MS = 8 * HOUR_MS;
/** From now, in hours: as far from the present as a day allows. */
const QUIET_FROM = 11;
const QUIET_TO = 13;

const BREATH_HOURS = 0.02;

/** Marks the window as the demo's own. */
const WINDOW = 'demo-quiet';

const CAPS: Policy['caps'] = [
  {
    id: 'marketing-day',
    classes: ['marketing'],
    per: ['channel'],
    limit: 1,
    window: { kind: 'calendar', unit: 'day' },
  },
  {
    id: 'marketing-week',
    classes: ['marketing'],
    limit: 3,
    window: { kind: 'rolling', hours: 168 },
    onHit: 'suppress',
  },
  {
    id: 'service-day',
    classes: ['service'],
    limit: 3,
    window: { kind: 'calendar', unit: 'day' },
  },
];

const hourOf = (nowIso: string): number =>
  Math.floor((Date.parse(nowIso) + CHINA_MS) / HOUR_MS) % 24;

/** True when a policy of the demo would be quiet now or within the hour. */
export function demoWindowCovers(policy: Partial<Policy>, nowIso: string): boolean {
  const window = policy.quietHours?.find(({ id }) => id === WINDOW);
  if (!window) return false;
  const ahead = (Number(window.from.slice(0, 2)) - hourOf(nowIso) + 24) % 24;
  return ahead <= 1 || ahead > 24 - (QUIET_TO - QUIET_FROM);
}

/** @param nowIso when the demo is loaded; its quiet window lies on the other side of the day. */
export function demoPolicy(nowIso: string): Policy {
  const hour = hourOf(nowIso);
  const wall = (ahead: number): string => `${String((hour + ahead) % 24).padStart(2, '0')}:00`;

  return {
    id: 'default',
    version: 1,
    timezone: 'Asia/Shanghai',
    maxDeferHours: 72,
    consent: [
      { classes: ['marketing'], channels: ['sms', 'call'], need: 'granted' },
      { classes: ['marketing'], channels: ['wecom'], need: 'not-refused' },
    ],
    quietHours: [
      { id: WINDOW, classes: ['marketing'], from: wall(QUIET_FROM), to: wall(QUIET_TO) },
    ],
    gaps: [
      { id: 'breath', classes: ['marketing'], hours: BREATH_HOURS },
      {
        id: 'breath-wecom', // nobody knows when staff will confirm
        classes: ['marketing'],
        channels: ['wecom'],
        hours: BREATH_HOURS,
        openCounts: 'deadline',
      },
    ],
    caps: CAPS,
    holdout: { classes: ['marketing'], percent: 2, salt: 'demo', by: 'contact' },
  };
}
