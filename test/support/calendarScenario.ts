// A calendar of a slot or two on every day, in stores in memory, and the acts of its life at instants of choice.

import { randomUUID } from 'node:crypto';
import { createMemoryStores } from '../../models/memory/stores';
import type { Stores } from '../../ports/stores';
import type { CalendarLife } from '../../rules/calendar/life';
import { approve, endLife, newLife, pauseLife, resumeLife } from '../../rules/calendar/lifeChanges';
import type { PlannedSlot } from '../../rules/calendar/plan';
import { scriptedChannel } from '../fakes/channel';
import { type CalendarServer, openCalendarServer } from './calendarServer';

const BEFORE = '2020-01-01T00:00:00.000Z';
const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const ACTS = { pause: pauseLife, resume: resumeLife, end: endLife } as const;

/** An instant of March 2090 in UTC, in which the calendars are: `06T10:00`. */
export const at = (time: string): string => `2090-03-${time}:00.000Z`;

/** Every day at a time of day; whoever is offered it has until the evening. */
export const daily = (
  id: string,
  time: string,
  fields: Partial<PlannedSlot> = {},
): PlannedSlot => ({
  ...{ id, at: time, anchor: { kind: 'weekly', weekdays: EVERY_DAY }, expiresAfterHours: 12 },
  touch: { channel: 'sms', class: 'service', template: 's' },
  ...fields,
});

export interface CalendarScenario {
  /** Of its own, so that runs of other tests are never met. */
  readonly id: string;
  readonly stores: Stores;
  readonly server: CalendarServer;
  /** A version with these slots takes over at an instant, approved at another (both ISO). */
  approve(slots: readonly PlannedSlot[], from: string, approvedAt?: string): Promise<void>;
  /** @param instant ISO: when it is done; the run is told */
  act(step: keyof typeof ACTS, instant: string): Promise<void>;
  /** The waves that have begun: `slot day@version`, and day and time at which it was. */
  begun(): readonly string[];
}

export async function aCalendar(): Promise<CalendarScenario> {
  const id = `month-${randomUUID()}`;
  const stores = await published();
  const server = await openCalendarServer({ stores, channels: [scriptedChannel('sms')] });

  const change = async (next: (life: CalendarLife) => CalendarLife) => {
    const life = (await stores.calendarLives.find(id)) ?? newLife(id);
    if (!(await stores.calendarLives.keep(next(life)))) throw new Error('changed meanwhile');
  };

  return {
    ...{ id, stores, server },
    async approve(slots, from, approvedAt = from) {
      const plan = { id, version: 1, timezone: 'UTC', slots };
      const { version } = await stores.calendars.draft(id, plan, 'ann', BEFORE);
      const approval = { version, author: 'ann', approvedBy: 'bob', at: approvedAt, from };
      await change((life) => approve(life, approval));
    },
    async act(step, instant) {
      await change((life) => ACTS[step](life, { by: 'bob', at: instant, reason: 'as asked' }));
      await server.changed(id);
    },
    begun: () =>
      server.waves.map(({ input: { slotId, date, calendarVersion }, at: began }) => {
        return `${slotId} ${date.slice(8)}@${calendarVersion} ${began.slice(8, 16)}`;
      }),
  };
}

async function published(): Promise<Stores> {
  const stores = createMemoryStores();
  const policy = { id: 'default', version: 1, timezone: 'UTC' };
  await stores.policies.draft('default', policy, 'ann', BEFORE);
  await stores.policies.publish('default', 1, 'ann', BEFORE);
  const text = { class: 'service', channel: 'sms', text: '您的账单已出' } as const;
  await stores.templates.draft('s', text, 'ann', BEFORE);
  await stores.templates.publish('s', 1, 'ann', BEFORE);
  const customer = { contactId: 'c-1', city: 'yunfu', phone: '+8613800000000' };
  await stores.contacts.upsertMany([customer], BEFORE);

  return stores;
}
