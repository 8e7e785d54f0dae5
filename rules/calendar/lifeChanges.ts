// What may be done to a calendar in each state of its life, and what becomes of it.

import { CodedError } from '../base/errors';
import { type CalendarLife, type LifeAct, type Takeover, versionAt } from './life';

/** `draft`: no version was ever approved. `approved`: none has taken over yet. */
export type CalendarState = 'draft' | 'approved' | CalendarLife['state'];

/** Of a calendar of which no version was ever approved. */
export const newLife = (calendarId: string): CalendarLife => ({
  calendarId,
  state: 'active',
  takeovers: [],
  revision: 0,
});

export function stateOf(life: CalendarLife, instant: string): CalendarState {
  if (life.state !== 'active') return life.state;
  if (life.takeovers.length === 0) return 'draft';
  return versionAt(life, instant) === null ? 'approved' : 'active';
}

export type LifeStep = 'approve' | 'pause' | 'resume' | 'end';

/** What each state allows, besides drafting and copying, which are always allowed. */
const ALLOWED: Readonly<Record<CalendarState, readonly LifeStep[]>> = {
  draft: ['approve'],
  approved: ['approve', 'pause', 'end'],
  active: ['approve', 'pause', 'end'],
  paused: ['approve', 'resume', 'end'],
  ended: [],
};

interface Approval extends Omit<Takeover, 'from'> {
  /** ISO; absent: at once. */
  readonly from?: string | undefined;
}

/**
 * The life with a version that takes over; a paused calendar stays paused.
 * @throws CodedError FORBIDDEN for the author, INVALID_INPUT for an instant that is past, CONFLICT once it is ended
 */
export function approve(life: CalendarLife, { from, ...approval }: Approval): CalendarLife {
  assertAllowed('approve', life, approval.at);
  assertAnother(life.calendarId, approval);

  const takeover: Takeover = { ...approval, from: startOf(approval.at, from) };
  const isEarlier = (other: Takeover) => Date.parse(other.from) <= Date.parse(takeover.from);

  return {
    ...life,
    takeovers: [
      ...life.takeovers.filter(isEarlier),
      takeover,
      ...life.takeovers.filter((other) => !isEarlier(other)),
    ],
    revision: life.revision + 1,
  };
}

type Act = Omit<LifeAct, 'kind'>;

/** Slots start no waves and those under way are held until it is resumed. @throws CodedError CONFLICT where the state does not allow it */
export const pauseLife = (life: CalendarLife, act: Act): CalendarLife =>
  changed('pause', life, { ...act, kind: 'paused' });

/** @throws CodedError CONFLICT where the state does not allow it */
export const resumeLife = (life: CalendarLife, act: Act): CalendarLife =>
  changed('resume', life, { ...act, kind: 'resumed' });

/** For good. @throws CodedError CONFLICT where the state does not allow it */
export const endLife = (life: CalendarLife, act: Act): CalendarLife =>
  changed('end', life, { ...act, kind: 'ended' });

const STATE_AFTER = { paused: 'paused', resumed: 'active', ended: 'ended' } as const;

function changed(step: LifeStep, life: CalendarLife, act: LifeAct): CalendarLife {
  assertAllowed(step, life, act.at);

  return {
    ...life,
    state: STATE_AFTER[act.kind],
    acts: [...(life.acts ?? []), act],
    revision: life.revision + 1,
  };
}

/** The versions that count from an instant on: the one in force then, and those that take over later. */
export function standingVersions(life: CalendarLife, instant: string): readonly number[] {
  const current = versionAt(life, instant);
  const ahead = life.takeovers.filter(({ from }) => Date.parse(from) > Date.parse(instant));
  const versions = ahead.map(({ version }) => version);

  return [...new Set(current === null ? versions : [current, ...versions])];
}

function assertAllowed(step: LifeStep, life: CalendarLife, instant: string): void {
  const state = stateOf(life, instant);
  if (ALLOWED[state].includes(step)) return;

  const allowed = ALLOWED[state].join(', ') || 'nothing; copy it under another id';
  const message = `${life.calendarId} is ${state}; allowed: ${allowed}`;
  throw new CodedError('CONFLICT', message, [{ path: 'state', message, value: state, allowed }]);
}

function assertAnother(
  calendarId: string,
  { version, author, approvedBy }: Pick<Takeover, 'version' | 'author' | 'approvedBy'>,
): void {
  if (author !== approvedBy) return;

  const message = `${author} wrote ${calendarId}@${version}; it is approved by somebody else`;
  const allowed = 'another person than the author';
  throw new CodedError('FORBIDDEN', message, [
    { path: 'approvedBy', message, value: author, allowed },
  ]);
}

function startOf(at: string, from: string | undefined): string {
  if (from === undefined || Date.parse(from) >= Date.parse(at)) return from ?? at;

  const allowed = `an instant that is not before ${at}`;
  const message = `${from} is past; allowed: ${allowed}`;
  throw new CodedError('INVALID_INPUT', `from: ${message}`, [
    { path: 'from', message, value: from, allowed },
  ]);
}
