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

/** Workflow id of a wave: one a slot and date, whatever version of the calendar it is of. */
export const waveId = ({
  calendarId,
  slotId,
  date,
}: Pick<WaveKey, 'calendarId' | 'slotId' | 'date'>): string =>
  `wave/${calendarId}/${slotId}/${date}`;
