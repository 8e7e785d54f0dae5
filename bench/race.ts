// The race: campaigns, workers and people reach for the same contacts at the same instant, and the ledger has to prove it.

import type { Connection } from 'mongoose';
import { touch } from '../activities/touch/touch';
import { createStores } from '../models/mongo/stores';
import type { Stores } from '../ports/stores';
import { checkLedger } from '../reports/proof/check';
import { isCodedError } from '../rules/base/errors';
import type { LedgerRow } from '../rules/ledger/rows';
import { type ScriptedChannel, scriptedChannel } from '../test/fakes/channel';
import { contactIds, createAsker, loadCustomers, publishPolicy } from './customers';
import { inParallel, seeded } from './part';

export interface RaceOptions {
  readonly contacts: number;
  readonly campaigns: number;
  /** Each with a connection and caches of its own, as a process has. */
  readonly workers: number;
  /** Contacts that all campaigns reach for at once. */
  readonly contactsAtOnce: number;
  /** Touches a contact may have. */
  readonly cap: number;
  /** Changes of each contact by people and other systems in the middle. */
  readonly meddlers: number;
  readonly seed: number;
}

export interface RaceResult {
  readonly touches: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly violations: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Passes for a contact whose withdrawal had been taken before they were judged. */
  readonly afterWithdrawal: number;
  readonly withdrawals: number;
  readonly policies: number;
  /** Reservations lost to a rival, by touch: `retries[2]` touches had to read the contact again twice. */
  readonly retries: readonly number[];
  /** Touches given back to Temporal's own retry because they lost too often. */
  readonly gaveUp: number;
  /** Touches that the channel took more than once. */
  readonly twice: number;
}

const NOON = Date.parse('2026-03-20T04:00:00.000Z');
const marketing = ['marketing' as const];
const policyOf = (cap: number) => ({
  timezone: 'Asia/Shanghai',
  consent: [{ classes: marketing, channels: ['sms'], need: 'granted' as const }],
  quietHours: [{ id: 'night', classes: marketing, from: '21:00', to: '09:00' }],
  caps: [
    {
      id: 'day',
      classes: marketing,
      limit: cap,
      window: { kind: 'calendar' as const, unit: 'day' as const },
    },
  ],
});

interface RaceState {
  readonly options: RaceOptions;
  readonly random: () => number;
  /** ISO. */
  readonly now: () => string;
  /** The stores as the API has them. */
  readonly api: Stores;
  readonly workers: readonly ReturnType<typeof createAsker>[];
  readonly channel: ScriptedChannel;
  /** Reservations lost to a rival, by touch. */
  readonly lost: Map<string, number>;
  readonly verdicts: Record<string, number>;
  /** ISO: when the withdrawal had been taken, by contact. */
  readonly withdrawn: Map<string, string>;
  gaveUp: number;
  policies: number;
}

/** Runs it over the database that `connect` opens, and proves the ledger afterwards. */
export async function race(
  connect: () => Promise<Connection>,
  options: RaceOptions,
): Promise<RaceResult> {
  const state = await openRace(connect, options);
  const ids = contactIds(options.contacts);
  await loadCustomers(state.api, ids, policyOf(options.cap), state.now());

  await inParallel(ids, options.contactsAtOnce, (contactId) => raceFor(state, contactId));

  return await resultOf(state);
}

async function openRace(
  connect: () => Promise<Connection>,
  options: RaceOptions,
): Promise<RaceState> {
  // One clock for all, and no two readings are the same: what came first can be told.
  let ticks = 0;
  const clock = { now: () => NOON + ticks++ };
  const channel = scriptedChannel('sms');
  const lost = new Map<string, number>();

  const api = createStores(await connect());
  const workers = [];

  for (let i = 0; i < options.workers; i++) {
    const stores = createStores(await connect());
    const touches = countingLosses(stores.touches, lost);
    workers.push(createAsker({ ...stores, touches }, channel, clock));
  }

  return {
    options,
    random: seeded(options.seed),
    now: () => new Date(clock.now()).toISOString(),
    api,
    workers,
    channel,
    lost,
    verdicts: {},
    withdrawn: new Map(),
    gaveUp: 0,
    policies: 1,
  };
}

/** All campaigns reach for the contact while people and other systems change it. */
async function raceFor(state: RaceState, contactId: string): Promise<void> {
  const { campaigns, meddlers } = state.options;
  const rivals = Array.from({ length: campaigns }, (_, number) =>
    runCampaign(state, contactId, number),
  );
  const changes = Array.from({ length: meddlers }, () => meddle(state, contactId));

  await Promise.all([...rivals, ...changes]);
}

async function runCampaign(state: RaceState, contactId: string, number: number): Promise<void> {
  const ask = state.workers[number % state.workers.length];
  if (!ask) throw new Error('a race needs workers');

  const campaign = `campaign-${number}`;
  const touchId = `overage/${contactId}/${campaign}/offer`;

  for (;;) {
    try {
      const { verdict } = await touch(ask({ contactId, touchId, campaign }));
      state.verdicts[verdict] = (state.verdicts[verdict] ?? 0) + 1;
      return;
    } catch (error) {
      if (!isCodedError(error) || error.code !== 'CONFLICT') throw error;
      state.gaveUp += 1; // Temporal asks again
    }
  }
}

/** What the API does to a contact meanwhile. */
async function meddle(state: RaceState, contactId: string): Promise<void> {
  const dice = state.random();

  if (dice < 0.2) await withdrawConsent(state, contactId);
  else if (dice < 0.5) await state.api.contacts.patch(contactId, { name: `客户 ${dice}` });
  else if (dice < 0.8) await reportUndelivered(state, contactId);
  else await changePolicy(state);
}

async function withdrawConsent(state: RaceState, contactId: string): Promise<void> {
  const change = {
    channel: 'sms',
    class: 'marketing',
    state: 'refused',
    source: 'api',
    receivedAt: state.now(),
    own: true,
  } as const;

  await state.api.contacts.consent(contactId, [change]);
  state.withdrawn.set(contactId, state.now());
}

/** A failed receipt gives the slot back. */
async function reportUndelivered({ api, now }: RaceState, contactId: string): Promise<void> {
  const contact = await api.contacts.find(contactId);
  const sent = contact?.touches.find((each) => each.state === 'sent');
  if (!sent) return;

  await api.touches.settle(contactId, sent.touchId, {
    settled: 'released',
    reason: { kind: 'sms', code: 'UNDELIV' },
    at: now(),
  });
}

async function changePolicy(state: RaceState): Promise<void> {
  state.policies += 1;
  const cap = Math.max(1, state.options.cap - (state.policies % 2));

  await publishPolicy(state.api, policyOf(cap), state.now());
}

async function resultOf(state: RaceState): Promise<RaceResult> {
  const { options, api, channel, lost, verdicts, withdrawn, policies, gaveUp } = state;
  const touches = options.contacts * options.campaigns;
  const received = channel.book.map(({ touchId }) => touchId);

  const rows: LedgerRow[] = [];
  for await (const row of api.touches.export()) rows.push(row);

  return {
    touches,
    verdicts,
    ...(await prove(api, rows)),
    afterWithdrawal: rows.filter((row) => isPassAfter(withdrawn, row)).length,
    withdrawals: withdrawn.size,
    policies,
    retries: histogram(lost, touches),
    gaveUp,
    twice: received.length - new Set(received).size,
  };
}

function isPassAfter(withdrawn: ReadonlyMap<string, string>, row: LedgerRow): boolean {
  if (row.kind !== 'decision' || row.verdict !== 'pass') return false;

  const since = withdrawn.get(row.contactId);
  return since !== undefined && row.at > since;
}

/** The book, with every reservation counted that found the contact moved. */
function countingLosses(book: Stores['touches'], lost: Map<string, number>): Stores['touches'] {
  return {
    ...book,
    async reserveMany(reservations) {
      const won = await book.reserveMany(reservations);
      reservations.forEach(({ row }, i) => {
        if (!won[i]) lost.set(row.touchId, (lost.get(row.touchId) ?? 0) + 1);
      });
      return won;
    },
  };
}

async function prove(
  stores: Stores,
  rows: readonly LedgerRow[],
): Promise<Pick<RaceResult, 'violations' | 'byKind'>> {
  const source = async function* () {
    yield* rows;
  };

  const versions = {
    policy: async (id: string, version: number) =>
      (await stores.policies.find(id, version))?.body ?? null,
    holidays: async () => null,
  };

  for await (const finding of checkLedger({ rows: source(), versions }))
    if ('summary' in finding)
      return { violations: finding.summary.violations, byKind: finding.summary.byKind };

  throw new Error('the check ended without a summary');
}

function histogram(lost: ReadonlyMap<string, number>, touches: number): number[] {
  const counts = Array.from({ length: Math.max(0, ...lost.values()) + 1 }, () => 0);
  counts[0] = touches - lost.size;
  for (const times of lost.values()) counts[times] = (counts[times] ?? 0) + 1;
  return counts;
}
