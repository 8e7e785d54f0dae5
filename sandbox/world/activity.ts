// What happens of itself: so many additions, bills, megabytes and leads a minute, spread over the customers by chance.

import { isCodedError } from '../../rules/base/errors';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import type { Deps } from '../deps';
import { poolLead } from '../iop/leads';
import { resign } from '../people/confirming';
import { bill, chat, pay, useData } from '../people/deeds';
import { addFriend, deleteFriend, friendsOf } from '../people/friendship';
import type { Random } from '../random';
import type { Customer } from '../state';
import type { WorldOptions } from './options';

const YEAR_MINUTES = 525_600;
const CHINA_MS = 8 * HOUR_MS;
const CLOSING_HOUR = 20;
/** Attempts at finding somebody whom a deed suits, before it is left. */
const TRIES = 20;
/** One customer in so many is lively. */
const LIVELY_IN = 100;
const SCENES = ['store-01', 'store-02', 'hotline', 'app', 'poster'];

interface Deed {
  readonly perMinute: (world: WorldOptions, deps: Deps) => number;
  /** Does it once, for somebody it suits. */
  readonly act: (deps: Deps, random: Random) => void;
}

const DEEDS: Readonly<Record<string, Deed>> = {
  friend: { perMinute: (world) => world.friendsPerMinute, act: join },
  usage: {
    perMinute: (world) => world.usagePerMinute,
    act: (deps, random) =>
      withCustomer(
        deps,
        random,
        () => true,
        ({ contactId, dataUsedPct }) =>
          useData(deps, contactId, Math.round(dataUsedPct + 2 + random.exponential(18))),
      ),
  },
  bill: {
    perMinute: (world) => world.billsPerMinute,
    act: (deps, random) =>
      withCustomer(
        deps,
        random,
        ({ billDueFen }) => billDueFen === 0,
        ({ contactId, monthlySpendFen }) =>
          bill(
            deps,
            contactId,
            Math.max(800, Math.round(monthlySpendFen * (0.8 + random.next() * 0.4))),
          ),
      ),
  },
  payment: {
    perMinute: (world) => world.paymentsPerMinute,
    act: (deps, random) =>
      withCustomer(
        deps,
        random,
        ({ billDueFen }) => billDueFen > 0,
        ({ contactId }) => pay(deps, contactId),
      ),
  },
  lead: {
    perMinute: (world) => world.leadsPerMinute,
    act: (deps, random) =>
      withCustomer(
        deps,
        random,
        () => true,
        ({ contactId }) => pool(deps, random, contactId),
      ),
  },
  chat: {
    perMinute: (world) => world.chatsPerMinute,
    act: (deps, random) =>
      withCustomer(
        deps,
        random,
        ({ contactId }) => friendsOf(deps, contactId).length > 0,
        ({ contactId }) => chat(deps, contactId),
      ),
  },
  deletion: {
    perMinute: (world) => world.deletionsPerMinute,
    act: (deps, random) =>
      withCustomer(
        deps,
        random,
        ({ contactId }) => friendsOf(deps, contactId).length > 0,
        ({ contactId }) =>
          deleteFriend(deps, contactId, { by: random.chance(0.9) ? 'customer' : 'staff' }),
      ),
  },
  resignation: {
    perMinute: (world, deps) => (world.turnoverPerYear * deps.state.staff.size) / YEAR_MINUTES,
    act(deps, random) {
      const active = deps.state.staff.all().filter((staff) => staff.state === 'active');
      if (active.length > 1) resign(deps, random.pick(active).staffId);
    },
  },
};

/** @returns what makes so many milliseconds of world time happen. */
export function createActivity(deps: Deps): (elapsedMs: number) => void {
  const owed = new Map<string, number>();
  return (elapsedMs) => {
    if (deps.state.customers.size === 0 || deps.state.staff.size === 0) return;

    const world = deps.world();
    const minutes = (elapsedMs / MINUTE_MS) * intensity(deps.clock.now(), world.eveningShare);

    for (const [name, deed] of Object.entries(DEEDS)) {
      const random = deps.random(name);
      // Owing a memoryless amount of work for each deed makes the arrivals memoryless too.
      let due = (owed.get(name) ?? random.exponential(1)) - deed.perMinute(world, deps) * minutes;
      for (; due <= 0; due += random.exponential(1)) deed.act(deps, random);
      owed.set(name, due);
    }
  };
}

/** How busy an hour is, one being the day's mean: so large a share falls after 20:00, Chinese time. */
function intensity(now: number, eveningShare: number): number {
  const hour = Math.floor((now + CHINA_MS) / HOUR_MS) % 24;
  const eveningHours = 24 - CLOSING_HOUR;

  return hour >= CLOSING_HOUR
    ? (eveningShare * 24) / eveningHours
    : ((1 - eveningShare) * 24) / CLOSING_HOUR;
}

/** Somebody by chance whom the deed suits; nobody when chance finds none. */
function withCustomer(
  deps: Deps,
  random: Random,
  suits: (customer: Customer) => boolean,
  act: (customer: Customer) => unknown,
): void {
  const customers = deps.state.customers.ids();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const among = random.chance(deps.world().livelyShare)
      ? Math.ceil(customers.length / LIVELY_IN)
      : customers.length;
    const customer = deps.state.customers.get(customers[random.int(among)] ?? '');
    if (customer && suits(customer)) {
      act(customer);
      return;
    }
  }
}

function join(deps: Deps, random: Random): void {
  const staff = random.pick(deps.state.staff.all());
  withCustomer(
    deps,
    random,
    (customer) =>
      (customer.city === undefined || staff.city === undefined || customer.city === staff.city) &&
      friendsOf(deps, customer.contactId).length === 0,
    ({ contactId }) =>
      unlessConflict(() =>
        addFriend(deps, contactId, { staffId: staff.staffId, state: random.pick(SCENES) }),
      ),
  );
}

function pool(deps: Deps, random: Random, contactId: string): void {
  const products = deps.state.products.all().filter((product) => product.kind !== 'plan');
  const outcome = random.weighted({ 'not-reached': 0.6, busy: 0.2, hesitating: 0.2 });

  poolLead(deps, {
    contactId,
    outcome,
    ...(products.length > 0 ? { product: random.pick(products).id } : {}),
  });
}

/** Chance may pick a member who has resigned, or a tie that is in the way: then nothing happens. */
function unlessConflict(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!isCodedError(error) || error.code !== 'CONFLICT') throw error;
  }
}
