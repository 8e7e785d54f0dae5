// Time zones: cached stretches of constant offset, and wall times turned into instants without asking Intl again.

import { CodedError } from '../base/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations';

/** Offsets are looked up in stretches of about 13 months, each filled when an instant first falls into it. */
const BLOCK_MS = 400 * DAY_MS;
/** Longer than any offset from UTC and any change of clocks but a move across the date line, which loses a day. */
const REACH_MS = 26 * HOUR_MS;

/** From `from` (included) to `to` the local clock is UTC plus `offset`. The neighbours may have the same offset. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

export interface Zone {
  /** Milliseconds that the local clock is ahead of UTC at an instant. */
  offsetAt(instant: number): number;
  /** The day number of the local date at an instant. */
  dayAt(instant: number): number;
  /** `HH:mm` that the local clock shows at an instant. */
  wallTimeAt(instant: number): string;
  /**
   * The instant of a wall time on a local date (day number and milliseconds since its midnight): the first of two,
   * and the first instant after the gap for one that the clocks skip.
   */
  instantOf(dayNo: number, wallMs: number): number;
  /** The second of two instants with this wall time, or the only one. */
  lastInstantOf(dayNo: number, wallMs: number): number;
  /** True when the clocks changed so shortly before that a wall time of the next date may already have been. */
  justChanged(instant: number): boolean;
}

function offsetReader(name: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    timeZoneName: 'longOffset',
    year: 'numeric',
  });
  return (instant) => {
    const found = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(format.format(instant));
    if (!found?.[1]) return 0;
    const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60 + Number(found[4] ?? 0);
    return seconds * (found[1] === '-' ? -1000 : 1000);
  };
}

/** The stretches of one block. Sampled daily, so that two changes close together are not taken for none. */
function stretchesOf(block: number, offsetOf: (instant: number) => number): Stretch[] {
  const end = (block + 1) * BLOCK_MS;
  const stretches: Stretch[] = [];
  let from = block * BLOCK_MS;
  let offset = offsetOf(from);

  for (let sampled = from; sampled < end; sampled += DAY_MS) {
    const next = Math.min(sampled + DAY_MS, end - 1);
    const nextOffset = offsetOf(next);
    if (nextOffset === offset) continue;

    let before = sampled;
    let after = next;

    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetOf(middle) === offset) before = middle;
      else after = middle;
    }

    stretches.push({ from, to: after, offset });
    from = after;
    offset = nextOffset;
  }

  stretches.push({ from, to: end, offset });
  return stretches;
}

interface ZoneState {
  readonly offsetOf: (instant: number) => number;
  readonly blocks: Map<number, readonly Stretch[]>;
  /** The stretch that was asked for last: most questions are about the same one. */
  latest: Stretch;
}

function createZone(name: string): Zone {
  const state: ZoneState = {
    offsetOf: offsetReader(name),
    blocks: new Map(),
    latest: { from: 0, to: 0, offset: 0 },
  };

  return {
    offsetAt: (instant) => stretchAt(state, instant).offset,
    dayAt: (instant) => Math.floor((instant + stretchAt(state, instant).offset) / DAY_MS),
    wallTimeAt: (instant) => wallTime(instant + stretchAt(state, instant).offset),
    instantOf: (dayNo, wallMs) => firstReaching(state, dayNo * DAY_MS + wallMs),
    lastInstantOf: (dayNo, wallMs) => lastShowing(state, dayNo * DAY_MS + wallMs),
    justChanged: (instant) => instant - stretchAt(state, instant).from <= REACH_MS,
  };
}

/** @param wall milliseconds that the local clock shows, since 1970 */
function wallTime(wall: number): string {
  const minutes = Math.floor((wall - Math.floor(wall / DAY_MS) * DAY_MS) / MINUTE_MS);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function stretchAt(state: ZoneState, instant: number): Stretch {
  const { latest } = state;
  if (instant >= latest.from && instant < latest.to) return latest;

  const stretches = stretchesIn(state, Math.floor(instant / BLOCK_MS));
  state.latest = stretches.find((stretch) => instant < stretch.to) ?? latest;

  return state.latest;
}

function stretchesIn({ blocks, offsetOf }: ZoneState, block: number): readonly Stretch[] {
  const known = blocks.get(block);
  if (known !== undefined) return known;

  const stretches = stretchesOf(block, offsetOf);
  blocks.set(block, stretches);

  return stretches;
}

/** The first instant at which the local clock shows `wall` or, having skipped it, a later time. */
function firstReaching(state: ZoneState, wall: number): number {
  const { latest } = state;
  const guess = wall - latest.offset;
  if (guess - latest.from > REACH_MS && guess < latest.to) return guess;

  let stretch = stretchAt(state, wall - REACH_MS);
  for (;;) {
    const reached = Math.max(wall - stretch.offset, stretch.from);
    if (reached < stretch.to) return reached;
    stretch = stretchAt(state, stretch.to);
  }
}

/** The last instant at which the local clock shows `wall`; for a skipped one, the first that shows a later time. */
function lastShowing(state: ZoneState, wall: number): number {
  const again = wall - stretchAt(state, wall + REACH_MS).offset;
  const isShown = again + stretchAt(state, again).offset === wall;

  return isShown ? again : firstReaching(state, wall);
}

const zones = new Map<string, Zone>();

/** Zones are kept: what they know never changes while running. Unknown names are not, for there is no end of them. */
function findZone(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known !== undefined) return known;

  try {
    const zone = createZone(name);
    zones.set(name, zone);
    return zone;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // how Intl says that it knows no such zone
    throw error;
  }
}

/** Tells whether the runtime knows a time zone by this name. */
export function isZone(name: string): boolean {
  return findZone(name) !== undefined;
}

/** The zone of an IANA name; an unknown name is an error. */
export function zoneOf(name: string): Zone {
  const zone = findZone(name);
  if (zone === undefined) {
    throw new CodedError(
      'INVALID_INPUT',
      `${JSON.stringify(name)} is not a time zone; allowed: an IANA name such as Asia/Shanghai`,
    );
  }

  return zone;
}
