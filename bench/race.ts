// The race: campaigns, workers and people reach for the same contacts at the same instant, and the ledger has to prove it.

import type { Connection } from 'mongoose';
import { touch } from '../activities/touch/touch';
import { createStores } from '../models/mongo/stores';
import type { Stores } from '../ports/stores';
import { checkLedger } from '../reports/proof/check';
import { isCodedError } from '../rules/base/errors';
import type { LedgerRow } from '../rules/ledger/rows';
import { scriptedChannel } from '../test/fakes/channel';
import { contactIds, createAsker, loadCustomers, publishPolicy } from './customers';
import { withDatabase } from './database';
import { inParallel, type Part, seeded, stopwatch } from './part';

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

/** Runs it over the database that `connect` opens, and proves the ledger afterwards. */
export async function race(
  connect: () => Promise<Connection>,
  options: RaceOptions,
): Promise<RaceResult> {
  const random = seeded(options.seed);
  // One clock for all, and no two readings are the same: what came first can be told.
  let ticks = 0;
  const clock = { now: () => NOON + ticks++ };
  const iso = () => new Date(clock.now()).toISOString();
  const channel = scriptedChannel('sms');
  const lost = new Map<string, number>();
  const workers: ReturnType<typeof createAsker>[] = [];
  let desk: Stores | undefined; // the API's
  for (let i = 0; i <= options.workers; i++) {
    const stores = createStores(await connect());
    if (i === 0) desk = stores;
    else
      workers.push(
        createAsker({ ...stores, touches: countingLosses(stores.touches, lost) }, channel, clock),
      );
  }
  if (!desk) throw new Error('a race needs a connection');
  const api = desk;
  const ids = contactIds(options.contacts);
  await loadCustomers(api, ids, policyOf(options.cap), iso());

  const verdicts: Record<string, number> = {};
  const withdrawn = new Map<string, string>();
  let gaveUp = 0;
  let policies = 1;

  const campaign = async (contactId: string, number: number): Promise<void> => {
    const ask = workers[number % workers.length];
    if (!ask) throw new Error('a race needs workers');
    const touchId = `overage/${contactId}/campaign-${number}/offer`;
    for (;;) {
      try {
        const { verdict } = await touch(
          ask({ contactId, touchId, campaign: `campaign-${number}` }),
        );
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
        return;
      } catch (error) {
        if (!isCodedError(error) || error.code !== 'CONFLICT') throw error;
        gaveUp += 1; // Temporal asks again
      }
    }
  };

  /** What the API does to a contact meanwhile. */
  const meddle = async (contactId: string): Promise<void> => {
    const dice = random();
    if (dice < 0.2) {
      const change = {
        channel: 'sms',
        class: 'marketing',
        state: 'refused',
        source: 'api',
        at: iso(),
      } as const;
      await api.contacts.consent(contactId, [change]);
      withdrawn.set(contactId, iso());
    } else if (dice < 0.5) await api.contacts.patch(contactId, { name: `客户 ${dice}` });
    else if (dice < 0.8) {
      const contact = await api.contacts.find(contactId);
      const sent = contact?.touches.find(({ state }) => state === 'sent');
      // A failed receipt gives the slot back.
      if (sent)
        await api.touches.settle(contactId, sent.touchId, {
          settled: 'released',
          reason: { kind: 'sms', code: 'UNDELIV' },
          at: iso(),
        });
    } else {
      policies += 1;
      await publishPolicy(api, policyOf(Math.max(1, options.cap - (policies % 2))), iso());
    }
  };

  await inParallel(ids, options.contactsAtOnce, async (contactId) => {
    const rivals = Array.from({ length: options.campaigns }, (_, number) =>
      campaign(contactId, number),
    );
    const meddlers = Array.from({ length: options.meddlers }, () => meddle(contactId));
    await Promise.all([...rivals, ...meddlers]);
  });

  const rows: LedgerRow[] = [];
  for await (const row of api.touches.export()) rows.push(row);
  return {
    touches: options.contacts * options.campaigns,
    verdicts,
    ...(await prove(api, rows)),
    afterWithdrawal: rows.filter(
      (row) => isPass(row) && row.at > (withdrawn.get(row.contactId) ?? '~'),
    ).length,
    withdrawals: withdrawn.size,
    policies,
    retries: histogram(lost, options.contacts * options.campaigns),
    gaveUp,
    twice: channel.book.length - new Set(channel.book.map(({ touchId }) => touchId)).size,
  };
}

const isPass = (row: LedgerRow): boolean => row.kind === 'decision' && row.verdict === 'pass';

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

const sum = (counts: readonly number[]): number =>
  counts.reduce((total, count) => total + count, 0);

const races = (contacts: number): Readonly<Record<string, Omit<RaceOptions, 'seed'>>> => ({
  race: { contacts, campaigns: 50, workers: 4, contactsAtOnce: 4, cap: 3, meddlers: 2 },
  'hot contact': {
    contacts: 1,
    campaigns: 50,
    workers: 4,
    contactsAtOnce: 1,
    cap: 60,
    meddlers: 0,
  },
});

export const racePart: Part = async ({ seed, contacts, log }) => {
  const figures = [];
  for (const [name, options] of Object.entries(races(contacts))) {
    const watch = stopwatch();
    const result = await withDatabase(log, (connect) => race(connect, { ...options, seed }));
    log(`${name}: ${JSON.stringify(result)}`);
    const counts = {
      touches: result.touches,
      violations: result.violations,
      'passes after a withdrawal': result.afterWithdrawal,
      'taken twice': result.twice,
      withdrawals: result.withdrawals,
      'policies published': result.policies,
      'gave up': result.gaveUp,
      'most retries of a touch': result.retries.length - 1,
      'touches without a retry': result.retries[0] ?? 0,
      'touches with 1 retry': result.retries[1] ?? 0,
      'touches with 2 to 4 retries': sum(result.retries.slice(2, 5)),
      'touches with 5 retries or more': sum(result.retries.slice(5)),
    };
    for (const [what, value] of Object.entries(counts))
      figures.push({ name: `${name}: ${what}`, value, unit: '' });
    figures.push({ name: `${name}: taken`, value: Math.round(watch.stop().wall), unit: 's' });
  }
  return figures;
};
