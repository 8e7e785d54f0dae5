// What the touches brought: conversions of those treated against those held out, with the uncertainty of the difference.

import { CodedError } from '../base/errors';

export interface Arm {
  readonly contacts: number;
  readonly conversions: number;
}

/** Lower and upper bound at 95 % confidence. */
export type Interval = readonly [low: number, high: number];

export interface ArmReport extends Arm {
  /** Share that converted; null: nobody is in the arm. */
  readonly rate: number | null;
  readonly interval: Interval;
}

export interface HoldoutReport {
  readonly treated: ArmReport;
  readonly heldOut: ArmReport;
  /** Rate of the treated less that of the held out; null: an arm is empty. */
  readonly difference: number | null;
  /** Of the difference. */
  readonly interval: Interval;
  /** The difference as a share of the held out's rate; null: none of them converted. */
  readonly lift: number | null;
  /** True when the interval leaves out no difference at all. */
  readonly significant: boolean;
}

/** The standard normal's 97.5th percentile. */
const Z = 1.959963984540054;

/**
 * Rates with Wilson's score interval, and their difference with Newcombe's hybrid of the two, both without correction for
 * continuity: unlike the textbook's they hold for the few conversions and small holdouts that campaigns have.
 */
export function holdoutReport(treated: Arm, heldOut: Arm): HoldoutReport {
  const a = armReport(treated, 'treated');
  const b = armReport(heldOut, 'heldOut');
  if (a.rate === null || b.rate === null)
    return {
      treated: a,
      heldOut: b,
      difference: null,
      interval: [-1, 1],
      lift: null,
      significant: false,
    };

  const difference = a.rate - b.rate;
  const low = difference - Math.hypot(a.rate - a.interval[0], b.interval[1] - b.rate);
  const high = difference + Math.hypot(a.interval[1] - a.rate, b.rate - b.interval[0]);

  return {
    treated: a,
    heldOut: b,
    difference,
    interval: [low, high],
    lift: b.rate === 0 ? null : difference / b.rate,
    significant: low > 0 || high < 0,
  };
}

function armReport({ contacts, conversions }: Arm, path: string): ArmReport {
  count(contacts, Number.MAX_SAFE_INTEGER, `${path}.contacts`);
  count(conversions, contacts, `${path}.conversions`);
  if (contacts === 0) return { contacts, conversions, rate: null, interval: [0, 1] };

  return {
    contacts,
    conversions,
    rate: conversions / contacts,
    interval: wilson(conversions, contacts),
  };
}

/** Wilson's score interval of a share. */
function wilson(hits: number, of: number): Interval {
  const share = hits / of;
  const weight = Z ** 2 / of;
  const middle = (share + weight / 2) / (1 + weight);
  const half = (Z / (1 + weight)) * Math.sqrt((share * (1 - share)) / of + weight / (4 * of));

  // Exactly 0 and 1 at the ends, where rounding would leave a trace.
  return [hits === 0 ? 0 : middle - half, hits === of ? 1 : middle + half];
}

function count(value: number, most: number, path: string): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;

  const allowed =
    most === Number.MAX_SAFE_INTEGER ? 'a whole number >= 0' : `a whole number from 0 to ${most}`;
  const message = `${value} is not allowed; allowed: ${allowed}`;
  throw new CodedError('INVALID_INPUT', `${path}: ${message}`, [{ path, message, value, allowed }]);
}
