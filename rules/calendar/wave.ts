// A wave: the execution of one slot of a calendar on one date.

export interface WaveKey {
  readonly calendarId: string;
  /** Of the calendar: the version that was in force when the slot began. */
  readonly calendarVersion: number;
  readonly slotId: string;
  /** The local date of the occurrences, in the calendar's zone. */
  readonly date: string;
}

/** Input of the workflow of a wave. */
export interface WaveInput extends WaveKey {
  readonly version: 1;
}

const WAVE_PREFIX = 'wave/';

/** Workflow id of a wave: one a slot and date, whatever version of the calendar it is of. */
export const waveId = ({
  calendarId,
  slotId,
  date,
}: Pick<WaveKey, 'calendarId' | 'slotId' | 'date'>): string =>
  `${WAVE_PREFIX}${calendarId}/${slotId}/${date}`;

/** Whether a workflow id is that of a wave: a wave looks after its touches by the page, and is told of none of them. */
export const isWaveId = (workflowId: string): boolean => workflowId.startsWith(WAVE_PREFIX);

/** `paused`: by somebody's hand. `held`: by the pause of its calendar. `missed`: it could not begin before all of it had expired. */
export const WAVE_STATES = ['running', 'paused', 'held', 'cancelled', 'ended', 'missed'] as const;
export type WaveState = (typeof WAVE_STATES)[number];

/** What became of a contact in a wave; the first two have not come to their end. `run`: it got a run of a journey. */
export const WAVE_CONTACT_STATES = [
  'waiting',
  'tasked',
  'sent',
  'suppressed',
  'failed',
  'missed',
  'run',
] as const;
export type WaveContactState = (typeof WAVE_CONTACT_STATES)[number];

/** Contacts by state. */
export type WaveNumbers = Readonly<Record<WaveContactState, number>>;

/** The sums of what was counted by state and reason. */
export function waveNumbers(
  counted: readonly { readonly state: WaveContactState; readonly count: number }[],
): WaveNumbers {
  const sums = { waiting: 0, tasked: 0, sent: 0, suppressed: 0, failed: 0, missed: 0, run: 0 };
  for (const { state, count } of counted) sums[state] += count;
  return sums;
}
