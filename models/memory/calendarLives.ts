// The lives of calendars in memory.

import type { CalendarLifeStore } from '../../ports/calendars';
import type { CalendarLife } from '../../rules/calendar/life';
import { copy } from './copy';

export function createMemoryCalendarLives(): CalendarLifeStore {
  const lives = new Map<string, CalendarLife>();

  return {
    async find(calendarId) {
      return copy(lives.get(calendarId) ?? null);
    },

    async list() {
      const found = [...lives.values()];
      return copy(found.sort((a, b) => (a.calendarId < b.calendarId ? -1 : 1)));
    },

    async keep(next) {
      const known = lives.get(next.calendarId);
      if ((known?.revision ?? 0) + 1 !== next.revision) return false;

      lives.set(next.calendarId, copy(next));
      return true;
    },
  };
}
