// A month of the ready calendar over three hundred customers of the demo province, on stores in memory.

import { readyCalendar } from '../../embedded/readyCalendar';
import { createHandler } from '../../intake/handlers';
import { inboundEvent } from '../../intake/inbound';
import { createMemoryStores } from '../../models/memory/stores';
import type { Channel, Delivery } from '../../ports/channel';
import type { Library } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import { approve, newLife } from '../../rules/calendar/lifeChanges';
import type { CalendarPlan, PlannedSlot } from '../../rules/calendar/plan';
import { readPlan } from '../../rules/calendar/plan.schema';
import { type WaveInput, waveId } from '../../rules/calendar/wave';
import type { Template } from '../../rules/catalogue/texts';
import type { Contact } from '../../rules/contact/contact';
import { refusalReader } from '../../rules/contact/refusal';
import { type CustomerEvent, customerEvent } from '../../rules/event/event.schema';
import { parseWith } from '../../rules/input/parse';
import type { Policy } from '../../rules/policy/policy.schema';
import { createProvince } from '../../sandbox/province/province';
import { type ScriptedChannel, scriptedChannel } from '../fakes/channel';
import { createFakeEngine } from '../fakes/engine';

const CUSTOMERS = 300;
/** Before the tests and before the real clock too, which local activities go by. */
const BEFORE = '2020-01-01T00:00:00.000Z';

/** A Wednesday and a Thursday of rest, and a Saturday on which people work for them. */
export const HOLIDAYS = {
  days: { '2090-03-15': 'rest', '2090-03-16': 'rest', '2090-03-18': 'work' },
  names: {},
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
  quietHours: [
    { id: 'night', classes: ['marketing'], from: '21:00', to: '09:00' },
    { id: 'noon', classes: ['marketing'], from: '10:36', to: '14:00' },
    { id: 'rest-day', classes: ['marketing'], from: '00:00', to: '00:00', dayKinds: ['rest'] },
  ],
  caps: [
    {
      ...{ id: 'marketing-day', classes: ['marketing'], limit: 1 },
      window: { kind: 'calendar', unit: 'day' },
    },
    {
      ...{ id: 'marketing-3-days', classes: ['marketing'], limit: 1 },
      window: { kind: 'rolling', hours: 72 },
    },
    {
      ...{ id: 'service-day', classes: ['service'], limit: 1 },
      window: { kind: 'calendar', unit: 'day' },
    },
  ],
};

/** An instant of the month as it is in Shanghai: `06T10:00`. */
export const at = (local: string): string => new Date(`2090-03-${local}:00+08:00`).toISOString();

export interface MonthScenario {
  readonly id: string;
  readonly stores: Stores;
  readonly channels: readonly Channel[];
  /** All that the channels took, in order. */
  book(): readonly Delivery[];
  /** The contacts as they were when a wave began, by its id. */
  readonly atBegin: ReadonlyMap<string, readonly Contact[]>;
  plan(version: number): CalendarPlan;
  noteWave(input: WaveInput): Promise<void>;
  /** Puts the next version in force from an instant (ISO) on, approved at another. */
  takeOver(next: CalendarPlan, from: string, approvedAt: string): Promise<void>;
  /** Something that a customer did, taken by the intake. */
  happened(contactId: string, type: string, occurredAt: string, data: object): Promise<void>;
  contacts(): Promise<readonly Contact[]>;
}

export async function aMonth(): Promise<MonthScenario> {
  const stores = createMemoryStores();
  const { id, body } = readyCalendar();
  const plans: CalendarPlan[] = [];
  const atBegin = new Map<string, readonly Contact[]>();
  const { channels, book } = theChannels();
  await publishAll(stores);

  const contacts = () => stores.contacts.page(null, 2 * CUSTOMERS);
  const takeOver: MonthScenario['takeOver'] = async (next, from, approvedAt) => {
    plans.push(next);
    const { version } = await stores.calendars.draft(id, next, 'ann', approvedAt);
    const life = (await stores.calendarLives.find(id)) ?? newLife(id);
    const approval = { version, author: 'ann', approvedBy: 'bob', at: approvedAt, from };
    await stores.calendarLives.keep(approve(life, approval));
  };
  await takeOver(narrowed(readPlan(body, id, '')), at('01T00:00'), at('01T00:00'));

  return {
    ...{ id, stores, channels, book, atBegin, takeOver, contacts },
    plan: (version) => plans[version - 1] ?? { id, version, timezone: 'UTC', slots: [] },
    async noteWave(input) {
      atBegin.set(waveId(input), await contacts());
    },
    happened: happening(stores),
  };
}

/** A tenth of the minutes that slots spread their contacts over, so that a month is soon over. */
const narrowed = (plan: CalendarPlan): CalendarPlan => ({
  ...plan,
  slots: plan.slots.map(
    ({ spreadMinutes = 0, ...slot }): PlannedSlot => ({
      ...slot,
      spreadMinutes: Math.ceil(spreadMinutes / 10),
    }),
  ),
});

/** Everything is taken at once, but for some trouble at first; members of staff must confirm what is said of hot topics. */
function theChannels(): Pick<MonthScenario, 'channels' | 'book'> {
  const sms = scriptedChannel('sms', [
    ...(['send', 'throttle', 'time-out-after-accepting', 'time-out-before'] as const),
    { refuse: 'PHONE_INVALID' },
  ]);
  const wecom = scriptedChannel('wecom', ['throttle', 'time-out-after-accepting']);
  const tasks = scriptedChannel('wecom', [], 'tasked');
  const of = ({ touchId }: Delivery): ScriptedChannel =>
    touchId.includes('/hot-topics/') ? tasks : wecom;

  return {
    channels: [
      sms,
      {
        ...wecom,
        deliverMany: async (deliveries, isOver) =>
          (
            await Promise.all(deliveries.map((each) => of(each).deliverMany([each], isOver)))
          ).flat(),
        lookup: (delivery) => of(delivery).lookup(delivery),
      },
    ],
    book: () => [...sms.book, ...wecom.book, ...tasks.book],
  };
}

async function publishAll(stores: Stores): Promise<void> {
  const { catalogue, templates, customers } = createProvince(1);
  const second = { 'month-balance-2': 'month-balance', 'data-pack-2': 'data-pack' };
  for (const [id, body] of Object.entries(templates)) await put(stores.templates, id, body);
  for (const [id, of] of Object.entries(second))
    await put(stores.templates, id, renewed(templates[of]));

  await put(stores.catalogues, 'default', catalogue);
  await put(stores.policies, 'default', POLICY);
  await put(stores.holidays, 'cn', HOLIDAYS);
  await stores.contacts.upsertMany(customers.slice(0, CUSTOMERS), BEFORE);
}

/** Another version of a text, which can be told from the first. */
function renewed(template: Template | undefined): Template {
  if (!template || !('texts' in template)) throw new Error('no texts');
  const texts = Object.entries(template.texts).map(([channel, text]) => [channel, `新版：${text}`]);
  return { ...template, texts: Object.fromEntries(texts) };
}

async function put<T>(library: Library<T>, id: string, body: T): Promise<void> {
  await library.draft(id, body, 'test', BEFORE);
  await library.publish(id, 1, 'test', BEFORE);
}

function happening(stores: Stores): MonthScenario['happened'] {
  const silent = () => {};
  let events = 0;

  return async (contactId, type, occurredAt, data) => {
    const handle = createHandler({
      ...{ stores, engine: createFakeEngine(), readAnswer: refusalReader() },
      wecom: { customer: async () => null },
      clock: { now: () => Date.parse(occurredAt) },
      log: { debug: silent, info: silent, warn: silent, error: silent },
      timezone: 'Asia/Shanghai',
    });
    const told = { eventId: `e-${events++}`, type, contactId, occurredAt, data };
    const event = parseWith<CustomerEvent>(customerEvent, told, '');
    await handle(inboundEvent(event, Date.parse(occurredAt)));
  };
}
