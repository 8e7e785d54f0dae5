// What the lives of calendars promise.

import type { CalendarLife } from '../../rules/calendar/life';
import { AT, type Make } from './builders';

const aLife = (revision: number, state: CalendarLife['state'] = 'active'): CalendarLife => ({
  calendarId: 'month-cycle',
  state,
  takeovers: [{ version: 1, from: AT, author: 'ann', approvedBy: 'bob', at: AT }],
  revision,
});

export function describeCalendarLivesContract(name: string, make: Make): void {
  describe(`the lives of calendars ${name}`, () => {
    const lives = async () => (await make()).calendarLives;

    it('know nothing of a calendar that was never approved', async () => {
      const store = await lives();
      expect(await store.find('month-cycle')).toBeNull();
      expect(await store.list()).toEqual([]);
    });

    it('keep what a life became, against the revision it was made from', async () => {
      const store = await lives();
      expect(await store.keep(aLife(1))).toBe(true);
      expect(await store.keep(aLife(2, 'paused'))).toBe(true);
      expect(await store.find('month-cycle')).toEqual(aLife(2, 'paused'));
      expect(await store.list()).toEqual([aLife(2, 'paused')]);
    });

    it('keep who paused it, when and why', async () => {
      const store = await lives();
      const act = { kind: 'paused', by: 'ops', at: AT, reason: 'a wrong price' } as const;
      await store.keep(aLife(1));
      expect(await store.keep({ ...aLife(2, 'paused'), acts: [act] })).toBe(true);
      expect(await store.find('month-cycle')).toEqual({ ...aLife(2, 'paused'), acts: [act] });
    });

    it('refuse a change that was made on a life of before', async () => {
      const store = await lives();
      await store.keep(aLife(1));
      const answers = await Promise.all([store.keep(aLife(1)), store.keep(aLife(2, 'paused'))]);
      expect(answers).toEqual([false, true]);
      expect(await store.keep(aLife(2, 'ended'))).toBe(false);
      expect(await store.keep(aLife(4, 'ended'))).toBe(false);
      expect((await store.find('month-cycle'))?.state).toBe('paused');
    });
  });
}
