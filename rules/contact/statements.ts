// Which word of a customer counts: consents are what follows from all statements about them, in whatever order these were heard.

import { MINUTE_MS } from '../time/durations';
import { instantAt } from '../time/instant';
import type { TouchClass } from './contact';

/** Clocks differ; what is said to be later than this is no statement. */
export const MAX_AHEAD_MS = 5 * MINUTE_MS;

/** What is allowed of a statement's own instant. */
export const AHEAD = 'an instant no later than five minutes from now';

/** What somebody has said that a customer allows or refuses. */
export interface Statement {
  readonly channel: string;
  readonly class: TouchClass;
  readonly state: 'granted' | 'refused' | 'unknown';
  /** ISO: when it was said, where the source tells. */
  readonly at?: string;
  /** ISO: when we heard of it. */
  readonly receivedAt: string;
  /** An act of the customer: an answer, a call to the hotline. */
  readonly own?: boolean;
}

export type ConsentStates = Readonly<
  Record<string, Readonly<Partial<Record<TouchClass, Statement['state']>>>>
>;

/** A statement that counts, and since when. */
interface Dated extends Statement {
  /** Milliseconds. */
  readonly statedAt: number;
}

/**
 * Since when a statement counts, in milliseconds; null: it is dated later than we can have heard it, and counts for nothing. A
 * refusal by the customer's own act counts from when we heard of it, whatever it says of its time.
 */
export function statedAtOf({ at, receivedAt, own, state }: Statement): number | null {
  const heardAt = instantAt(receivedAt, 'receivedAt');
  if (at === undefined || (own === true && state === 'refused')) return heardAt;

  return isAhead({ at, receivedAt }) ? null : Math.min(instantAt(at, 'at'), heardAt);
}

/** True when it says of itself that it was made later than we can have heard it. */
const isAhead = ({ at, receivedAt }: Pick<Statement, 'at' | 'receivedAt'>): boolean =>
  at !== undefined && instantAt(at, 'at') > instantAt(receivedAt, 'receivedAt') + MAX_AHEAD_MS;

/**
 * What a customer allows, by channel and class (people, section 3); and the places of the statements that count for nothing,
 * because they are dated later than we can have heard them.
 */
export function consentsOf(statements: readonly Statement[]): {
  readonly consents: ConsentStates;
  readonly refused: readonly number[];
} {
  const refused: number[] = [];
  const groups = new Map<string, Dated[]>();

  statements.forEach((statement, i) => {
    const statedAt = statedAtOf(statement);
    if (statedAt === null) refused.push(i);
    else groupOf(groups, statement).push({ ...statement, statedAt });
  });

  const consents: Record<string, Partial<Record<TouchClass, Statement['state']>>> = {};
  for (const group of groups.values())
    for (const { channel, class: name, state } of latestOf(group))
      consents[channel] = { ...consents[channel], [name]: state };

  return { consents, refused };
}

function groupOf(groups: Map<string, Dated[]>, { channel, class: name }: Statement): Dated[] {
  const key = JSON.stringify([channel, name]);
  const group = groups.get(key) ?? [];
  groups.set(key, group);

  return group;
}

/** The statement of one channel and class that stands. */
function latestOf(group: readonly Dated[]): readonly Dated[] {
  const hasRefused = group.some(({ own, state }) => own === true && state === 'refused');
  const counting = hasRefused ? group.filter((statement) => !isBareClaim(statement)) : group;
  return counting.toSorted(laterFirst).slice(0, 1);
}

/** A list that says "granted" and no more lifts no refusal of the customer's own; that nothing is known lifts none whenever it is said. */
const isBareClaim = ({ own, state, at }: Dated): boolean =>
  own !== true && (state === 'unknown' || (state === 'granted' && at === undefined));

/** Of two at the same instant the refusal stands, and what is known over what is not. */
const laterFirst = (a: Dated, b: Dated): number =>
  b.statedAt - a.statedAt || STRICTEST.indexOf(a.state) - STRICTEST.indexOf(b.state);

const STRICTEST: readonly Statement['state'][] = ['refused', 'granted', 'unknown'];
