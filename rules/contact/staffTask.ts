// A task of a member of staff: something to be done about one contact by a person, within a time.

/** All but `open` are ends; `missed`: nobody did it before it expired. */
export const STAFF_TASK_STATES = ['open', 'done', 'not-reached', 'missed', 'cancelled'] as const;
export type StaffTaskState = (typeof STAFF_TASK_STATES)[number];

/** What was done to a task. */
export interface StaffTaskAct {
  readonly did: 'postponed' | Exclude<StaffTaskState, 'open'>;
  /** A member of staff, an operator user, or `sopflow` itself. */
  readonly by: string;
  /** ISO. */
  readonly at: string;
  /** ISO: of a postponement. */
  readonly until?: string;
  /** What a person wrote; may be personal. */
  readonly note?: string;
}

/** What sopflow does itself is done under this name. */
export const BY_SOPFLOW = 'sopflow';

interface Timed {
  readonly state: StaffTaskState;
  /** ISO. */
  readonly dueAt: string;
  readonly expiresAt: string;
  readonly postponedUntil?: string;
}

/** ISO: from when on it is to be done. */
export const taskDueAt = ({ dueAt, postponedUntil }: Omit<Timed, 'state'>): string =>
  postponedUntil ?? dueAt;

/** Why an act is not taken; `value` is what stands against it. */
export interface RefusedAct {
  readonly why: 'not-open' | 'expired' | 'until-past' | 'until-expired';
  readonly value: string;
}

/** Null: it may be done. What sopflow does itself knows no expiry. */
export function refusedAct(task: Timed, { by, at, until }: StaffTaskAct): RefusedAct | null {
  if (task.state !== 'open') return { why: 'not-open', value: task.state };
  if (by !== BY_SOPFLOW && isAfter(at, task.expiresAt))
    return { why: 'expired', value: task.expiresAt };
  if (until === undefined) return null;
  if (!isAfter(until, at, 'strictly')) return { why: 'until-past', value: until };
  if (isAfter(until, task.expiresAt)) return { why: 'until-expired', value: task.expiresAt };

  return null;
}

/** The first instant itself is after, unless `strictly`. */
function isAfter(instant: string, other: string, strictly?: 'strictly'): boolean {
  const apart = Date.parse(instant) - Date.parse(other);
  return strictly ? apart > 0 : apart >= 0;
}

/** Whether an act says again what was done last: whoever heard no answer asks once more. */
export const isRepeatedAct = (acts: readonly StaffTaskAct[], act: StaffTaskAct): boolean => {
  const last = acts.at(-1);
  return last?.did === act.did && last.by === act.by && last.until === act.until;
};
