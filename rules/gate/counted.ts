// The past touches that a gap or a cap counts.

import type { TouchClass } from '../contact/contact';
import type { GateContact, TouchRecord } from '../contact/gateContact.schema';
import type { Dimension } from '../policy/policy.schema';
import { instantAt, parseInstant } from '../time/instant';
import type { Touch } from './gate.schema';

const BIT: Readonly<Record<TouchClass, number>> = {
  transactional: 1,
  service: 2,
  marketing: 4,
  reply: 8,
};
const ALL = 15;

/** A touch that takes up room: reserved, tasked or sent, and not the asked one. */
export interface LiveTouch {
  readonly at: number;
  /** The later of `at` and the instant from which it can no longer be confirmed; just `at` when it is not open. */
  readonly latest: number;
  readonly bit: number;
  readonly touch: TouchRecord;
}

/** What a gap or cap counts. */
export interface Counting {
  /** Bits of the classes. */
  readonly classes: number;
  readonly channels: readonly string[] | undefined;
  readonly per: readonly Dimension[];
  readonly same: readonly Same[];
}

type Same = (touch: TouchRecord, asked: Touch) => boolean;

/** Written out by name: reading a field by a variable name is several times slower, and this runs for every past touch. */
const SAME: Readonly<Record<Dimension, Same>> = {
  channel: (touch, asked) => touch.channel === asked.channel,
  category: (touch, asked) => touch.category === asked.category,
  campaign: (touch, asked) => touch.campaign === asked.campaign,
  product: (touch, asked) => touch.product === asked.product,
  staffId: (touch, asked) => touch.staffId === asked.staffId,
  city: (touch, asked) => touch.city === asked.city,
};

/** A gap, as far as it counts. `deadline`: an open touch stands where it can no longer be confirmed. */
interface CountingGap {
  readonly counting: Counting;
  readonly openCounts: 'asked' | 'deadline';
}

interface CountingRule {
  readonly classes?: readonly TouchClass[] | undefined;
  readonly counts?: readonly TouchClass[] | undefined;
  readonly channels?: readonly string[] | undefined;
  readonly per?: readonly Dimension[] | undefined;
}

/** Reads what a rule counts once: `counts`, else the classes to which the rule applies, else all. */
export function prepareCounting(rule: CountingRule): Counting {
  const counts = rule.counts ?? rule.classes;
  const classes =
    counts === undefined ? ALL : counts.reduce((bits, counted) => bits | BIT[counted], 0);
  const per = rule.per ?? [];
  return { classes, channels: rule.channels, per, same: per.map((dimension) => SAME[dimension]) };
}

/** The contact's live touches, the latest first. */
export function liveTouches(contact: GateContact, asked: Touch): LiveTouch[] {
  const live: LiveTouch[] = [];
  const touches = contact.touches ?? [];

  for (let i = 0; i < touches.length; i += 1) {
    const touch = touches[i];
    if (touch === undefined || touch.state === 'released' || touch.touchId === asked.touchId)
      continue;

    const at = msOf(touch.at, i, 'at');
    live.push({ at, latest: latestOf(touch, at, i), bit: BIT[touch.class], touch });
  }

  return live.sort((a, b) => b.at - a.at);
}

function latestOf({ state, settleBy }: TouchRecord, at: number, i: number): number {
  if (state === 'sent' || settleBy === undefined) return at;
  return Math.max(at, msOf(settleBy, i, 'settleBy'));
}

/** The path of a field is only put together when it is needed: this runs for every past touch. */
function msOf(text: string, i: number, field: string): number {
  const ms = parseInstant(text);
  return Number.isNaN(ms) ? instantAt(text, `contact.touches[${i}].${field}`) : ms;
}

/** A rule that counts per field (`per`) does not apply to a touch without that field. */
export function canCount(counting: Counting, asked: Touch): boolean {
  return counting.per.every((dimension) => asked[dimension] !== undefined);
}

/** Instants of the counted touches that are not before `since`, the latest first. */
export function countedInstants(
  counting: Counting,
  live: readonly LiveTouch[],
  asked: Touch,
  since: number,
): number[] {
  const instants: number[] = [];
  for (const touch of live) {
    if (touch.at < since) break;
    if (counts(counting, touch, asked)) instants.push(touch.at);
  }

  return instants;
}

/** The latest counted touch, as the gap stands them. */
export function latestCounted(
  { counting, openCounts }: CountingGap,
  live: readonly LiveTouch[],
  asked: Touch,
): LiveTouch | undefined {
  if (openCounts === 'asked') return live.find((touch) => counts(counting, touch, asked));

  let found: LiveTouch | undefined;
  for (const touch of live) {
    const isLater = found === undefined || touch.latest > found.latest;
    if (isLater && counts(counting, touch, asked)) found = touch;
  }

  return found;
}

/** True when the rule counts this touch beside the asked one. */
export function counts(
  { classes, channels, same }: Counting,
  { bit, touch }: LiveTouch,
  asked: Touch,
): boolean {
  if ((classes & bit) === 0) return false;
  if (channels !== undefined && !channels.includes(touch.channel)) return false;
  for (const isSame of same) if (!isSame(touch, asked)) return false;
  return true;
}
