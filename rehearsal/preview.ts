// A preview of a calendar: its waves of some days, with those of the other calendars in force, rehearsed over the contacts as they are.

import { calendarTables } from '../activities/calendarTables';
import type { Clock } from '../ports/clock';
import type { PreviewAsked, PreviewFound, PreviewProgress } from '../ports/previews';
import type { Stores } from '../ports/stores';
import { calendarHolidayWarnings } from '../rules/calendar/holidayWarnings';
import type { PreviewedTouch } from '../rules/calendar/preview';
import { previewReport } from '../rules/calendar/previewReport';
import { agendaIn, readCalendars } from './calendars';
import type { ChannelFrame } from './channels';
import { touchesOf } from './found';
import { frozenLibraries } from './libraries';
import { readParticipants } from './participants';
import { rehearseWaves } from './waves';
import { createWorld } from './world';

interface Means {
  /** Only read. */
  readonly stores: Stores;
  /** Of the deployment. */
  readonly channels: readonly ChannelFrame[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (progress: PreviewProgress) => void;
}

export interface Previewed {
  readonly report: PreviewFound;
  /** Of all calendars, by the instant at which each is due. */
  readonly touches: readonly PreviewedTouch[];
}

/** @throws CodedError NOT_FOUND: no such version; whatever `signal` is aborted with */
export async function previewCalendar(asked: PreviewAsked, means: Means): Promise<Previewed> {
  const { stores, channels, clock, signal, progress } = means;
  const libraries = frozenLibraries(stores);
  const tables = await calendarTables(libraries);
  const known = { ...libraries, calendarLives: stores.calendarLives };
  const calendars = await readCalendars(known, tables, asked, clock.now());
  const { previewed, span } = calendars;
  const agenda = agendaIn(calendars);
  const told = { read: 0, contacts: 0, waves: 0, ofWaves: agenda.length };
  const tell = (more: Partial<PreviewProgress>): void => {
    signal.throwIfAborted();
    progress(Object.assign(told, more));
  };

  const contacts = await readParticipants(stores.contacts, calendars, (read) => tell({ read }));
  tell({ contacts: contacts.size });

  const lives = calendars.all.map(({ life }) => life);
  const world = createWorld({
    ...{ libraries, quotaUnits: stores.quotaUnits, contacts, lives, channels },
    begins: span.after,
  });
  const { waves, problems } = await rehearseWaves(world, agenda, (ended) => tell({ waves: ended }));

  const touches = await touchesOf(world, waves);
  const own = problems.filter(({ calendarId }) => calendarId === previewed.id);
  const report = {
    ...previewReport(touches, previewed),
    problems: own.map(({ slotId, message }) => ({ slotId, message })),
    holidays: calendarHolidayWarnings(previewed, tables, asked.from, asked.to),
  };
  return { report, touches };
}
