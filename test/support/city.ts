// A small operator in memory: the real activities over in-memory stores, providers that act as scripted, and skipped time.

import { randomUUID } from 'node:crypto';
import { createActivities } from '../../activities';
import { activityClock } from '../../activities/clock';
import { createSequenceDoor } from '../../intake/sequences/sequenceDoor';
import { createMemoryStores } from '../../models/memory/stores';
import type { Channel } from '../../ports/channel';
import type { Library } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import type { Facts, Profile } from '../../rules/contact/contact';
import type { JourneyResult } from '../../rules/journey/messages';
import { standingUses } from '../../rules/journey/textFit';
import type { Policy } from '../../rules/policy/policy.schema';
import { HOUR_MS } from '../../rules/time/durations';
import { createJourneyEnvironment, type StartOptions } from '../../testing/journeyEnvironment';
import type { TimedRun } from '../../testing/timedRun';
import { type Act, deliverOne, type ScriptedChannel, scriptedChannel } from '../fakes/channel';
import { createFakeEngine, type FakeEngine } from '../fakes/engine';

/** Before the tests and before the real clock too, which local activities go by. */
const BEFORE = '2020-01-01T00:00:00.000Z';
const TEXTS = ['bill-balance', 'plan-upsell', 'plan-reminder', 't-overage'];
const POLICY: Policy = {
  id: 'default',
  version: 1,
  timezone: 'Asia/Shanghai',
  consent: [
    { classes: ['marketing'], channels: ['sms'], need: 'granted' },
    { classes: ['marketing'], channels: ['wecom'], need: 'not-refused' },
  ],
  quietHours: [
    { id: 'night', classes: ['marketing'], from: '21:00', to: '09:00' },
    { id: 'rest-day', classes: ['marketing'], from: '00:00', to: '00:00', dayKinds: ['rest'] },
  ],
  caps: [
    { id: 'day', classes: ['marketing'], limit: 1, window: { kind: 'calendar', unit: 'day' } },
  ],
};

/** Rest days of the city, on top of Saturdays and Sundays. */
const HOLIDAYS = { '2090-03-08': 'rest', '2090-03-09': 'rest' } as const;

/** What a customer, and the providers that reach it, are like. */
export interface Setup {
  /** A customer of an earlier run, met again. */
  readonly contactId?: string;
  readonly profile?: Partial<Profile>;
  readonly facts?: Facts;
  readonly wecom?: readonly Act[];
  readonly sms?: readonly Act[];
}

export interface CityRun extends TimedRun {
  readonly contactId: string;
  /** What the providers took for this customer. */
  readonly channels: { readonly wecom: ScriptedChannel; readonly sms: ScriptedChannel };
  /** `step verdict at` of every decision in the ledger, oldest first; `at` in local time to the minute. */
  decisions(): Promise<string[]>;
  end(): Promise<string>;
}

export interface City {
  readonly stores: Stores;
  readonly engine: FakeEngine;
  /** Keys the CRM made an order for. */
  readonly orders: ReadonlySet<string>;
  /** Starts a journey for a customer of its own. `at`: where the clock of the run begins. */
  start(workflow: string, input: object, at: string, setup?: Setup): Promise<CityRun>;
  /** Starts any workflow over the same stores, under an id of one's own. */
  startAs(workflow: string, options: StartOptions): Promise<TimedRun>;
  close(): Promise<void>;
}

export async function openCity(address = process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS): Promise<City> {
  if (!address) throw new Error('SOPFLOW_TEST_TEMPORAL_ADDRESS names no Temporal server');
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  const orders = new Set<string>();
  const providers = {
    wecom: new Map<string, ScriptedChannel>(),
    sms: new Map<string, ScriptedChannel>(),
  };
  await publish(stores);
  const activities = createActivities({
    ...absent,
    stores,
    engine,
    channels: new Map([
      ['wecom', perContact('wecom', providers.wecom)],
      ['sms', perContact('sms', providers.sms)],
    ]),
    orderDesk: {
      async place({ orderKey }) {
        orders.add(orderKey);
        return { orderId: `o-${orders.size}`, state: 'accepted' };
      },
    },
    clock: activityClock(),
    sequenceDoor: createSequenceDoor({
      ...{ stores, engine, clock: activityClock(), timezone: 'Asia/Shanghai', log: absent.log },
    }),
  });
  const workflows = { path: require.resolve('../../workflows/index') };
  const journeys = await createJourneyEnvironment({ address, workflows, activities });

  return {
    stores,
    engine,
    orders,
    async start(workflow, input, at, setup = {}) {
      const { contactId = `c-${randomUUID()}` } = setup;
      const entry = randomUUID();
      await stores.contacts.upsertMany([{ ...CUSTOMER, contactId, ...setup.profile }]);
      const facts = { billDueFen: 3800, ...setup.facts };
      await stores.contacts.learn(contactId, facts, { asOf: at });
      const wecom = scriptedChannel('wecom', setup.wecom);
      const sms = scriptedChannel('sms', setup.sms);
      providers.wecom.set(contactId, wecom);
      providers.sms.set(contactId, sms);
      const workflowId = `${workflow}/${contactId}/${entry}`;
      const run = await journeys.start(workflow, {
        workflowId,
        args: [{ version: 1, contactId, entry, ...input }],
        at,
      });
      return {
        ...run,
        contactId,
        channels: { wecom, sms },
        async decisions() {
          const rows = await stores.touches.timeline(contactId);
          return rows.flatMap((row) =>
            row.kind === 'decision'
              ? [`${row.step} ${row.verdict}${row.rule ? ` ${row.rule}` : ''} ${local(row.at)}`]
              : [],
          );
        },
        end: async () => (await run.runToEnd<JourneyResult>()).outcome,
      };
    },
    startAs: (workflow, options) => journeys.start(workflow, options),
    close: () => journeys.close(),
  };
}

const CUSTOMER = {
  city: 'guangzhou',
  phone: '19900000001',
  plan: { id: 'p-38', fee: 38 },
  channels: { wecom: { reachable: true }, sms: { reachable: true } },
  consents: { sms: { marketing: 'granted' } },
  relations: [{ staffId: 's-1', externalUserId: 'w-1', state: 'friend', addedAt: BEFORE }],
} as const;

/** One provider to the activities; to each customer the one that a test has scripted. */
function perContact(
  name: 'wecom' | 'sms',
  scripted: ReadonlyMap<string, ScriptedChannel>,
): Channel {
  const of = (contactId: string): ScriptedChannel => {
    const channel = scripted.get(contactId);
    if (!channel) throw new Error(`no provider is scripted for ${contactId}`);
    return channel;
  };
  return {
    name,
    maxBytes: 4000,
    deliverMany: (deliveries) =>
      Promise.allSettled(
        deliveries.map((delivery) => deliverOne(of(delivery.contactId), delivery)),
      ),
    lookup: (delivery) => of(delivery.contactId).lookup(delivery),
  };
}

const local = (at: string): string =>
  new Date(Date.parse(at) + 8 * HOUR_MS).toISOString().slice(5, 16);

const never = (what: string) => (): never => {
  throw new Error(`${what} has no part in this scenario`);
};

/** Systems that no scenario here calls on. */
const absent = {
  wecom: {
    customer: never('customer'),
    tag: async () => {},
    massSendResult: never('massSendResult'),
    massSendResults: never('massSendResults'),
    hasSent: never('hasSent'),
    remindMassSend: never('remindMassSend'),
    cancelMassSend: never('cancelMassSend'),
    members: never('members'),
    followsOf: never('followsOf'),
    massSendsMade: never('massSendsMade'),
    massSendRows: never('massSendRows'),
    stopMassSend: never('stopMassSend'),
  },
  leadPool: { fetch: never('fetch'), report: never('report') },
  callbackBooks: new Map(),
  late: {
    wecom: never('wecom'),
    system: never('system'),
    leads: never('leads'),
    acceptances: never('acceptances'),
  },
  log: { debug() {}, info() {}, warn() {}, error() {} },
};

async function publish(stores: Stores): Promise<void> {
  const plan = { kind: 'plan', onShelf: true } as const;
  const products = [
    { ...plan, id: 'p-38', name: '38', fee: 38 },
    { ...plan, id: 'p-58', name: '58', fee: 58 },
  ];
  const migrations = [{ id: 'm-1', from: 'p-38', to: 'p-58', when: {}, priority: 1 }];
  for (const id of TEXTS) {
    const [use] = standingUses(id);
    const texts = { wecom: '您好', sms: '您好', call: '您好' };
    await put(stores.templates, id, { class: use?.class ?? 'marketing', texts });
  }
  await put(stores.policies, 'default', POLICY);
  await put(stores.holidays, 'cn', { days: HOLIDAYS, names: {} });
  await put(stores.catalogues, 'default', { products, migrations });
}

async function put<T>(library: Library<T>, id: string, body: T): Promise<void> {
  await library.draft(id, body, 'test', BEFORE);
  await library.publish(id, 1, 'test', BEFORE);
}
