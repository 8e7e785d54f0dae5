import { createMemoryStores } from '../models/memory/stores';
import type { CalendarLife } from '../rules/calendar/life';
import type { CalendarPlan } from '../rules/calendar/plan';
import { calendarAgenda } from './agenda';

const touch = { channel: 'wecom', class: 'marketing', template: 't-1' } as const;
const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const NOW = '2026-12-01T00:00:00Z';
const APPROVED = { author: 'ann', approvedBy: 'bob', at: NOW };

const aPlan = (at: string, slots = 1): CalendarPlan => ({
  id: 'written-otherwise',
  version: 1,
  timezone: 'UTC',
  slots: Array.from({ length: slots }, (_, i) => ({
    ...{ id: `s${i}`, anchor: { kind: 'weekly', weekdays: EVERY_DAY }, at, touch },
  })),
});

async function calendar(
  plans: readonly CalendarPlan[],
  takeovers: readonly { readonly version: number; readonly from: string }[],
  state: CalendarLife['state'] = 'active',
) {
  const stores = createMemoryStores();
  for (const plan of plans) await stores.calendars.draft('month', plan, 'ann', NOW);
  await stores.calendarLives.keep({
    ...{ calendarId: 'month', state, revision: 1 },
    takeovers: takeovers.map((each) => ({ ...each, ...APPROVED })),
  });
  const ask = (after?: string, now = NOW) =>
    calendarAgenda(
      { stores, clock: { now: () => Date.parse(now) } },
      { calendarId: 'month', ...(after !== undefined && { after }) },
    );

  return { ask, stores };
}

describe('the agenda of a calendar, as its flow asks for it', () => {
  it('looks a day ahead, under the name of the calendar', async () => {
    const { ask } = await calendar([aPlan('10:00')], [{ version: 1, from: NOW }]);
    expect(await ask(NOW)).toEqual({
      state: 'active',
      entries: [
        {
          ...{ calendarId: 'month', calendarVersion: 1, slotId: 's0', date: '2026-12-01' },
          ...{ startsAt: '2026-12-01T10:00:00.000Z', expiresAt: '2026-12-02T10:00:00.000Z' },
          priority: 0,
        },
      ],
      until: '2026-12-02T00:00:00.000Z',
    });
  });

  it('begins with what starts at the very instant of the first takeover', async () => {
    const { ask } = await calendar([aPlan('00:00')], [{ version: 1, from: NOW }]);
    const { entries } = await ask();
    expect(entries.map(({ startsAt }) => startsAt)).toEqual([
      '2026-12-01T00:00:00.000Z',
      '2026-12-02T00:00:00.000Z',
    ]);
  });

  it('answers what was missed while nothing ran, and no more than a page of it, whole instants at a time', async () => {
    const { ask } = await calendar([aPlan('10:00', 20)], [{ version: 1, from: NOW }]);
    const page = await ask(NOW, '2026-12-11T00:00:00Z');
    expect(page.entries).toHaveLength(60);
    expect(page.until).toBe('2026-12-03T10:00:00.000Z');
    const next = await ask(page.until, '2026-12-11T00:00:00Z');
    expect(next.entries[0]?.startsAt).toBe('2026-12-04T10:00:00.000Z');
  });

  it('starts nothing of a calendar that is paused, ended, or was never approved', async () => {
    const from = [{ version: 1, from: NOW }];
    expect((await (await calendar([aPlan('10:00')], from, 'paused')).ask(NOW)).entries).toEqual([]);
    expect(await (await calendar([aPlan('10:00')], from, 'ended')).ask(NOW)).toMatchObject({
      ...{ state: 'ended', entries: [] },
    });
    const clock = { now: () => Date.parse(NOW) };
    const never = calendarAgenda({ stores: createMemoryStores(), clock }, { calendarId: 'month' });
    expect(await never).toMatchObject({ state: 'none', entries: [] });
  });

  it('follows the rest days in force', async () => {
    const plan = aPlan('10:00');
    const [slot] = plan.slots;
    const skipping = { ...plan, slots: slot ? [{ ...slot, shift: 'skip' as const }] : [] };
    const { ask, stores } = await calendar([skipping], [{ version: 1, from: NOW }]);
    expect((await ask(NOW)).entries).toHaveLength(1);

    const table = { days: { '2026-12-01': 'rest' as const }, names: {} };
    await stores.holidays.draft('cn', table, 'ann', NOW);
    await stores.holidays.publish('cn', 1, 'ann', NOW);
    expect((await ask(NOW)).entries).toEqual([]);
  });

  it('starts no wave on a date on which every city is blacked out', async () => {
    const { ask, stores } = await calendar([aPlan('10:00')], [{ version: 1, from: NOW }]);
    const day = { from: '2026-12-01', to: '2026-12-01', reason: '系统割接', by: '省公司' };
    await stores.blackouts.draft('default', { blackouts: [day] }, 'ann', NOW);
    await stores.blackouts.publish('default', 1, 'ann', NOW);
    expect((await ask(NOW)).entries).toEqual([]);
  });
});
