// The world that a rehearsal plays in: what is published, the contacts with all that the gate reads of them, and systems that take
// everything. It is a copy: nothing of it comes back.

import type { ActivityDeps } from '../activities/deps';
import type { ContactRows } from '../models/memory/contacts';
import { createMemoryStores } from '../models/memory/stores';
import type { CalendarLifeStore } from '../ports/calendars';
import type { Delivery } from '../ports/channel';
import type { Clock } from '../ports/clock';
import type { Stores } from '../ports/stores';
import type { WaveContact } from '../ports/waves';
import type { CalendarLife } from '../rules/calendar/life';
import type { PreviewHold } from '../rules/calendar/preview';
import { audiencesOf } from './audiences';
import { type ChannelFrame, rehearsedChannel } from './channels';
import { listenForHolds } from './holds';
import type { Libraries } from './libraries';
import { quotasFrom } from './quotas';

/** A clock that the rehearsal moves. */
export interface MovedClock extends Clock {
  /** Milliseconds; never back. */
  moveTo(instant: number): void;
}

export interface World {
  readonly deps: ActivityDeps;
  readonly clock: MovedClock;
  /** Who was asked to deliver a touch, by its id. */
  readonly staffOf: ReadonlyMap<string, string>;
  /** Why a contact of a wave was held at first; undefined: it never was. */
  readonly heldBy: (contact: WaveContact) => PreviewHold | undefined;
}

interface Given {
  readonly libraries: Libraries;
  /** Only read. */
  readonly quotaUnits: Stores['quotaUnits'];
  readonly contacts: ContactRows;
  /** Whose waves are rehearsed. */
  readonly lives: readonly CalendarLife[];
  /** Of the deployment: texts depend on their limits and notes. */
  readonly channels: readonly ChannelFrame[];
  /** Milliseconds. */
  readonly begins: number;
}

export function createWorld(given: Given): World {
  const { libraries, quotaUnits, contacts, lives, channels, begins } = given;
  const own = createMemoryStores(undefined, contacts);
  const clock = movedClock(begins);
  const staffOf = new Map<string, string>();
  const { waves, firstOf: heldBy } = listenForHolds(own.waves, clock);
  const heard = ({ touchId, staffId }: Delivery): void => {
    if (staffId !== undefined) staffOf.set(touchId, staffId);
  };

  const stores: Stores = {
    ...own,
    contacts: { ...own.contacts, candidates: audiencesOf(contacts) },
    ...libraries,
    waves,
    quotaUnits: quotasFrom(quotaUnits, own.quotaUnits),
    calendarLives: livesAsGiven(lives),
  };

  return {
    deps: {
      stores,
      channels: new Map(
        channels.map((channel) => [channel.name, rehearsedChannel(channel, clock, heard)]),
      ),
      ...{ wecom: absent(), orderDesk: absent(), leadPool: absent() },
      engine: NOBODY_LISTENS,
      clock,
    },
    ...{ clock, staffOf, heldBy },
  };
}

function movedClock(begins: number): MovedClock {
  let now = begins;
  return {
    now: () => now,
    moveTo: (instant) => {
      now = Math.max(now, instant);
    },
  };
}

const livesAsGiven = (lives: readonly CalendarLife[]): CalendarLifeStore => ({
  find: async (calendarId) => lives.find((life) => life.calendarId === calendarId) ?? null,
  list: async () => [...lives],
  keep: async () => false,
});

/** Runs are told of what happens to their contacts; none runs here. */
const NOBODY_LISTENS: ActivityDeps['engine'] = {
  followMassSend: async () => {},
  withdrawMassSend: async () => {},
  reviewWaves: async () => {},
  signal: async () => false,
  start: async () => 'started',
};

const absent = <T extends object>(): T =>
  new Proxy({} as T, {
    get: (_, name) => () =>
      Promise.reject(new Error(`${String(name)} is no part of a rehearsed wave`)),
  });
