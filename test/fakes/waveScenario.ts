// A calendar of one slot over contacts in memory, and the activities of its wave: the smallest scenario of a wave.

import type { WaveStep } from '../../activities/contract';
import { type WaveCall, waveDuePage, wavePage } from '../../activities/wave/page';
import type { Channel } from '../../ports/channel';
import type { WaveContact } from '../../ports/waves';
import type { ChannelPace } from '../../rules/calendar/channelPace';
import type { CalendarPlan, PlannedSlot } from '../../rules/calendar/plan';
import { type WaveInput, waveId } from '../../rules/calendar/wave';
import type { Profile } from '../../rules/contact/contact';
import { aScenario, NOON, type Scenario } from './touchScenario';

/** The day of `NOON`. */
export const WAVE: WaveInput = {
  version: 1,
  calendarId: 'month',
  calendarVersion: 1,
  slotId: 'balance',
  date: '2026-03-02',
};

export const aSlot = (fields: Partial<PlannedSlot> = {}): PlannedSlot => ({
  id: 'balance',
  anchor: { kind: 'monthDay', day: 2 },
  at: '12:00',
  touch: { channel: 'sms', class: 'marketing', category: 'upsell', template: 't@1' },
  ...fields,
});

export interface WaveScenario extends Scenario {
  /** One call of an activity; `wrap` puts something between it and every store and channel. */
  page(wrap?: <T extends object>(target: T) => T): Promise<WaveStep>;
  duePage(wrap?: <T extends object>(target: T) => T): Promise<WaveStep>;
  call(wrap?: <T extends object>(target: T) => T): WaveCall;
  /** `c-1 sent`, `c-2 waiting gap`, by contact. */
  states(): Promise<string[]>;
  contact(contactId: string): Promise<WaveContact | undefined>;
  later(ms: number): void;
}

/** Contacts `c-1` to `c-<count>` of one city. */
export async function aWaveScenario(
  channels: readonly Channel[],
  over: Parameters<typeof aScenario>[0] & {
    readonly count?: number;
    /** Of the channels that are limited. */
    readonly paces?: ReadonlyMap<string, ChannelPace>;
    /** From which the calls come. */
    readonly taskQueue?: string;
    readonly slot?: Partial<PlannedSlot>;
    readonly others?: Partial<CalendarPlan>;
    readonly profiles?: Readonly<Record<string, Partial<Profile>>>;
  } = {},
): Promise<WaveScenario> {
  const { count = 3, slot, others, profiles = {}, paces, taskQueue = 'usual', ...rest } = over;
  const scenario = await aScenario(rest);
  const { stores, time } = scenario;
  await addContacts(scenario, count, profiles);

  const plan: CalendarPlan = {
    ...{ id: 'month', version: 1, timezone: 'Asia/Shanghai', slots: [aSlot(slot)] },
    ...others,
  };
  const at = new Date(NOON).toISOString();
  await stores.calendars.draft('month', plan, 'test', at);

  /** A call after one that died is a further execution. */
  let hasDied = false;
  const call = (wrap?: <T extends object>(target: T) => T): WaveCall => {
    const { deps, published } = scenario.ask(channels, {}, wrap);
    const isRepeat = hasDied;
    return {
      ...{ published, taskQueue, deps: { ...deps, ...(paces && { paces }) } },
      execution: { isRepeat, isOver: () => false },
    };
  };
  const run = async (activity: typeof wavePage, wrap?: <T extends object>(target: T) => T) => {
    const given = call(wrap);
    hasDied = true;
    const step = await activity(given, WAVE);
    hasDied = false;
    return step;
  };

  const contacts = () => stores.waves.contacts(waveId(WAVE), { limit: 1000 });
  return {
    ...scenario,
    call,
    page: (wrap) => run(wavePage, wrap),
    duePage: (wrap) => run(waveDuePage, wrap),
    states: async () =>
      (await contacts()).map(({ contactId, state, reason }) =>
        [contactId, state, ...(reason === undefined ? [] : [reason])].join(' '),
      ),
    contact: async (contactId) => (await contacts()).find((each) => each.contactId === contactId),
    later(ms) {
      time.now += ms;
    },
  };
}

async function addContacts(
  { stores }: Scenario,
  count: number,
  profiles: Readonly<Record<string, Partial<Profile>>>,
): Promise<void> {
  const [first] = await stores.contacts.findMany(['c-1']);
  if (!first) throw new Error('no c-1');

  const { touches, revision, profileRevision, chain, sequence, ...profile } = first;
  await stores.contacts.upsertMany(
    Array.from({ length: count }, (_, i) => ({
      ...profile,
      contactId: `c-${i + 1}`,
      phone: `1990000000${i + 1}`,
      relations: [
        {
          ...{ staffId: 's-1', externalUserId: `wm-${i + 1}`, state: 'friend' as const },
          addedAt: new Date(NOON).toISOString(),
        },
      ],
      ...profiles[`c-${i + 1}`],
    })),
  );
}
