// The life of a calendar: drafts are approved by somebody else, take over at an instant, and can be paused and ended.

/** A version that takes over at an instant, until the next one does. */
export interface Takeover {
  readonly version: number;
  /** ISO: slots that start from then on are of this version. Waves under way finish under theirs. */
  readonly from: string;
  readonly author: string;
  readonly approvedBy: string;
  /** ISO: when it was approved. */
  readonly at: string;
  readonly reason?: string;
}

/** What somebody did to a calendar besides approving versions of it. */
export interface LifeAct {
  readonly kind: 'paused' | 'resumed' | 'ended';
  readonly by: string;
  /** ISO. */
  readonly at: string;
  readonly reason: string;
  /** On `ended`: what becomes of the waves under way. Absent: they finish. */
  readonly waves?: WavesAtEnd;
}

/** `finish`: those held by a pause go on to their end, too. */
export const WAVES_AT_END = ['finish', 'cancel'] as const;
export type WavesAtEnd = (typeof WAVES_AT_END)[number];

export interface CalendarLife {
  readonly calendarId: string;
  readonly state: 'active' | 'paused' | 'ended';
  /** Ascending by `from`; later approvals of the same instant stand later and count. */
  readonly takeovers: readonly Takeover[];
  /** In the order in which they were done; never shortened. Absent: none. */
  readonly acts?: readonly LifeAct[];
  /** Counts changes: a change holds only against the life it was made on. */
  readonly revision: number;
}

/** Workflow id of the one run that starts the waves of a calendar. */
export const calendarRunId = (calendarId: string): string => `calendar/${calendarId}`;

/** The version that a slot starting at an instant (ISO) belongs to; null: none has taken over yet. */
export function versionAt({ takeovers }: CalendarLife, instant: string): number | null {
  const begun = takeovers.filter(({ from }) => Date.parse(from) <= Date.parse(instant));
  return begun.at(-1)?.version ?? null;
}
