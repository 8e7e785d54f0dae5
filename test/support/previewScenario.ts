// Two calendars over the turn of a year, and customers of every kind, on stores in memory: as often as asked for, each time the same.

import { createMemoryStores } from '../../models/memory/stores';
import type { Library } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import { approve, newLife } from '../../rules/calendar/lifeChanges';
import type { CalendarPlan, PlannedSlot } from '../../rules/calendar/plan';
import type { ImportRow } from '../../rules/contact/profile';
import type { QuotaLimits } from '../../rules/gate/quota';
import type { Policy } from '../../rules/policy/policy.schema';

const CUSTOMERS = 180;
const BEFORE = '2020-01-01T00:00:00.000Z';

/** Local dates that are previewed. */
export const FROM = '2090-12-29';
export const TO = '2091-01-03';
/** ISO. Nothing is due on the day any more. */
export const BEGINS = '2090-12-28T12:00:00.000Z';

/** The first days of the new year are arranged, and one of them is worked for. */
const HOLIDAYS = {
  days: { '2090-12-30': 'work', '2091-01-01': 'rest', '2091-01-02': 'rest' },
  names: { 'new-year': ['2091-01-01'] },
} as const;

const POLICY: Policy = {
  id: 'default',
  version: 1,
  timezone: 'Asia/Shanghai',
  maxDeferHours: 48,
  consent: [
    { classes: ['marketing'], channels: ['sms'], need: 'granted' },
    { classes: ['marketing'], channels: ['wecom'], need: 'not-refused' },
  ],
  quietHours: [{ id: 'noon', classes: ['marketing'], from: '10:20', to: '14:00' }],
  gaps: [{ id: 'two-hours', hours: 2 }],
  caps: [
    {
      ...{ id: 'marketing-day', classes: ['marketing'], limit: 1 },
      window: { kind: 'calendar', unit: 'day' },
    },
    {
      ...{ id: 'marketing-3-days', classes: ['marketing'], limit: 2 },
      window: { kind: 'rolling', hours: 71 },
    },
  ],
  holdout: { classes: ['marketing'], percent: 5, salt: 'year-end', by: 'contact' },
};

const QUOTAS: QuotaLimits = { cities: { foshan: 40 }, staffPerDay: 12 };

type Marked = 'id' | 'anchor' | 'at' | 'touch';

const aSlot = (
  id: string,
  channel: 'sms' | 'wecom',
  {
    touch,
    ...fields
  }: Omit<PlannedSlot, Marked> &
    Pick<PlannedSlot, 'anchor' | 'at'> & { readonly touch?: Partial<PlannedSlot['touch']> },
): PlannedSlot => ({
  ...{ id, expiresAfterHours: 30, ...fields },
  touch: { ...{ channel, class: 'marketing', category: id, template: 't' }, ...touch },
});

const on = (date: string) => ({ kind: 'date', date }) as const;

const MONTH: CalendarPlan = {
  ...{ id: 'month', version: 1, timezone: 'Asia/Shanghai' },
  slots: [
    aSlot('balance', 'sms', {
      ...{
        anchor: { kind: 'billDay', offsetDays: 1 },
        at: '09:30',
        spreadMinutes: 10,
        priority: 90,
      },
      touch: { class: 'service', template: 's' },
    }),
    aSlot('first', 'wecom', {
      ...{ anchor: on('2090-12-29'), at: '10:00', spreadMinutes: 30, priority: 50 },
      delivery: { fallback: ['sms'], whenStaffFull: 'reroute' },
    }),
    aSlot('second', 'wecom', {
      ...{ anchor: on('2090-12-30'), at: '10:00', priority: 20, spanDays: 2 },
    }),
    aSlot('last-day', 'sms', { anchor: { kind: 'monthDay', day: -1 }, at: '10:10', priority: 80 }),
    aSlot('new-year', 'wecom', {
      ...{ anchor: { kind: 'monthDay', day: 1 }, shift: 'next', at: '16:00', priority: 40 },
    }),
  ],
};

const FESTIVAL: CalendarPlan = {
  ...{ id: 'festival', version: 1, timezone: 'Asia/Shanghai', cities: ['guangzhou'] },
  slots: [
    aSlot('eve', 'sms', {
      ...{ anchor: on('2090-12-30'), at: '10:00', priority: 70 },
      audience: { brand: 'globe' },
    }),
    aSlot('holiday', 'wecom', {
      ...{
        anchor: { kind: 'holiday', name: 'new-year', offsetDays: 0 },
        at: '15:00',
        priority: 10,
      },
    }),
  ],
};

export const CALENDARS: readonly CalendarPlan[] = [MONTH, FESTIVAL];

export async function aYearEnd(): Promise<Stores> {
  const stores = createMemoryStores();
  await put(stores.policies, 'default', POLICY);
  await put(stores.holidays, 'cn', HOLIDAYS);
  await put(stores.quotas, 'default', QUOTAS);
  await put(stores.templates, 't', {
    class: 'marketing',
    texts: { wecom: '您好，{{name}}', sms: '您好' },
  });
  await put(stores.templates, 's', { class: 'service', channel: 'sms', text: '您的账单已出' });
  await stores.contacts.upsertMany(Array.from({ length: CUSTOMERS }, customer), BEFORE);

  for (const plan of CALENDARS) {
    const { version } = await stores.calendars.draft(plan.id, plan, 'ann', BEGINS);
    const approval = { version, author: 'ann', approvedBy: 'bob', at: BEGINS, from: BEGINS };
    await stores.calendarLives.keep(approve(newLife(plan.id), approval));
  }
  return stores;
}

/** Some have no number, no name, no friend among staff, have refused, or are to be left alone. */
function customer(_: unknown, i: number): ImportRow {
  const is = (nth: number): boolean => i % nth === 0;
  const friends = is(5) ? [] : is(4) ? [`s-${i % 3}`, 's-9'] : [`s-${i % 3}`];

  return {
    ...{ contactId: `c-${String(i).padStart(3, '0')}`, billDay: 1 + (i % 31) },
    ...{ city: is(3) ? 'foshan' : 'guangzhou', brand: is(2) ? 'globe' : 'easy' },
    ...(!is(11) && { name: `客户${i}` }),
    ...(!is(13) && { phone: `+86138${String(i).padStart(8, '0')}` }),
    consents: {
      sms: { marketing: is(7) ? 'refused' : 'granted' },
      ...(is(9) && { wecom: { marketing: 'refused' } }),
    },
    consentsAt: BEFORE,
    relations: friends.map((staffId, j) => ({
      ...{ staffId, externalUserId: `wm-${i}-${j}`, state: 'friend' as const, addedAt: BEFORE },
    })),
    ...(is(17) && { dnd: [{ until: '2091-01-01T16:00:00.000Z' }] }),
  };
}

async function put<T>(library: Library<T>, id: string, body: T): Promise<void> {
  await library.draft(id, body, 'test', BEFORE);
  await library.publish(id, 1, 'test', BEFORE);
}
