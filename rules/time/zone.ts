// Time zones: cached stretches of constant offset, and wall times turned into instants without asking Intl again.

import { CodedError } from '../base/errors';
import { DAY_MS, HOUR_MS } from './durations';

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

function createZone(name: string): Zone {
  const offsetOf = offsetReader(name);
  const blocks = new Map<number, Stretch[]>();
  let latest: Stretch = { from: 0, to: 0, offset: 0 };

  function stretchAt(instant: number): Stretch {
    if (instant >= latest.from && instant < latest.to) return latest;
    const block = Math.floor(instant / BLOCK_MS);
    let stretches = blocks.get(block);
    if (stretches === undefined) {
      stretches = stretchesOf(block, offsetOf);
      blocks.set(block, stretches);
    }
    latest = stretches.find((stretch) => instant < stretch.to) ?? latest;
    return latest;
  }

  /** The first instant at which the local clock shows `wall` or, having skipped it, a later time. */
  function firstReaching(wall: number): number {
    const guess = wall - latest.offset;
    if (guess - latest.from > REACH_MS && guess < latest.to) return guess;
    let stretch = stretchAt(wall - REACH_MS);
    for (;;) {
      const reached = Math.max(wall - stretch.offset, stretch.from);
      if (reached < stretch.to) return reached;
      stretch = stretchAt(stretch.to);
    }
  }

  return {
    offsetAt: (instant) => stretchAt(instant).offset,
    dayAt: (instant) => Math.floor((instant + stretchAt(instant).offset) / DAY_MS),
    instantOf: (dayNo, wallMs) => firstReaching(dayNo * DAY_MS + wallMs),
    lastInstantOf(dayNo, wallMs) {
      const wall = dayNo * DAY_MS + wallMs;
      const again = wall - stretchAt(wall + REACH_MS).offset;
      return again + stretchAt(again).offset === wall ? again : firstReaching(wall);
    },
    justChanged: (instant) => instant - stretchAt(instant).from <= REACH_MS,
  };
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
