// Gaps: the least time between the latest counted touch and the next one.

import type { Policy } from '../policy/policy.schema';
import type { PolicyScope } from '../policy/scope';
import { durationMs, formatInstant } from '../time/instant';
import { type AskedRule, PASS, SUPPRESS } from './answer';
import { type Counting, prepareCounting } from './counted';

export interface Gap extends PolicyScope {
  readonly id: string;
  readonly counting: Counting;
  readonly lengthMs: number;
  readonly suppress: boolean;
  readonly hours: number;
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
  };
}

/** A gap, ready to be asked; `latest` is the instant of the latest counted touch, be it past or to come. */
export function askGap(gap: Gap, latest: number | undefined): AskedRule {
  const end = latest === undefined ? PASS : latest + gap.lengthMs;
  const hit = gap.suppress ? SUPPRESS : end;

  return {
    kind: 'gap',
    rule: gap.id,
    answer: (instant) => (instant < end ? hit : PASS),
    finding: () =>
      latest === undefined
        ? { kind: 'gap', latest: null }
        : { kind: 'gap', hours: gap.hours, latest: formatInstant(latest) },
  };
}
