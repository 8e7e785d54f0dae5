// Gaps: the least time between the latest counted touch and the next one. Nobody knows when staff will confirm an open touch,
// so a gap may begin when they no longer can.

import type { Policy } from '../policy/policy.schema';
import type { PolicyScope } from '../policy/scope';
import { durationMs, formatInstant } from '../time/instant';
import { type AskedRule, PASS, SUPPRESS } from './answer';
import { type Counting, type LiveTouch, prepareCounting } from './counted';

export interface Gap extends PolicyScope {
  readonly id: string;
  readonly counting: Counting;
  readonly lengthMs: number;
  readonly suppress: boolean;
  readonly hours: number;
  /** Where a touch that is still open stands: at its instant, or at its deadline. */
  readonly openCounts: 'asked' | 'deadline';
}

/** Reads a gap of a policy once. */
export function prepareGap(gap: NonNullable<Policy['gaps']>[number]): Gap {
  return {
    id: gap.id,
    classes: gap.classes,
    channels: gap.channels,
    counting: prepareCounting(gap),
    lengthMs: durationMs(gap.hours),
    suppress: gap.onHit === 'suppress',
    hours: gap.hours,
    openCounts: gap.openCounts ?? 'asked',
  };
}

/** True when a gap may make others wait for the deadline of a touch that is open on this channel. */
export const standsAtDeadline = (gaps: readonly Gap[], channel: string): boolean =>
  gaps.some(
    ({ openCounts, channels }) =>
      openCounts === 'deadline' && (channels === undefined || channels.includes(channel)),
  );

/** A gap, ready to be asked; `counted` is the latest counted touch, be it past or to come. */
export function askGap(gap: Gap, counted: LiveTouch | undefined): AskedRule {
  const latest = counted && (gap.openCounts === 'deadline' ? counted.latest : counted.at);
  const end = latest === undefined ? PASS : latest + gap.lengthMs;
  const hit = gap.suppress ? SUPPRESS : end;

  return {
    kind: 'gap',
    rule: gap.id,
    answer: (instant) => (instant < end ? hit : PASS),
    finding: () =>
      latest === undefined
        ? { kind: 'gap', latest: null }
        : {
            kind: 'gap',
            hours: gap.hours,
            latest: formatInstant(latest),
            ...(latest !== counted?.at && { open: true }),
          },
  };
}
