// Events of many customers, some told twice, under many triggers, taken by servers that are killed in the middle of things. What
// became of them is compared with a second reading of the specification, which takes the same events one after the other.

import type { Connection } from 'mongoose';
import { createHandler } from '../../intake/handlers';
import { inboundEvent } from '../../intake/inbound';
import { createStores } from '../../models/mongo/stores';
import type { Inbound } from '../../ports/inbox';
import type { Stores } from '../../ports/stores';
import { opportunityId } from '../../rules/base/ids';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { refusalReader } from '../../rules/contact/refusal';
import { customerEvent } from '../../rules/event/event.schema';
import { localDate } from '../../rules/time/localDate';
import { enableVersion, newTriggerLife } from '../../rules/trigger/life';
import type { OpportunityRow } from '../../rules/trigger/opportunity';
import { budgetScope } from '../../rules/trigger/testTriggers';
import type { OpportunityEvent, Trigger } from '../../rules/trigger/trigger';
import { createFakeEngine, type FakeEngine } from '../fakes/engine';
import { runDyingServers, type ServerMeans } from './dyingServers';
import { rowsOfEvent } from './rowsOfEvent';
import { MEANT_CONDITIONS, secondReading } from './secondReading';

export interface TriggerChaosOptions {
  readonly events: number;
  readonly contacts: number;
  readonly triggers: number;
  readonly kills: number;
  readonly random: () => number;
  readonly connect: () => Promise<Connection>;
}

export interface TriggerChaosResult {
  readonly killed: number;
  /** Told, those told twice included. */
  readonly told: number;
  readonly outcomes: number;
  readonly fired: number;
  /** `event trigger: kept, expected`: where the two differ. */
  readonly different: readonly string[];
  /** Budgets of a city and day of which more was spent than there was. */
  readonly overspent: readonly string[];
  /** Budgets that were called spent while units were left. */
  readonly refusedEarly: readonly string[];
  /** Opportunities without a run, and runs without an opportunity or begun twice. */
  readonly wrongRuns: readonly string[];
  readonly left: number;
}

const TIMEZONE = 'Asia/Shanghai';
const CITIES = ['gz', 'qy', 'yf'];
const FIRST = Date.parse('2026-03-02T00:00:00.000Z');
const SPREAD_MS = 3 * 86_400_000;
const TOLD_TWICE = 0.05;

export async function runTriggerChaos(options: TriggerChaosOptions): Promise<TriggerChaosResult> {
  const { kills, random, connect } = options;
  const stores = createStores(await connect());
  const contacts = contactsOf(options);
  const triggers = triggersOf(options);
  await load(stores, contacts, triggers);

  const events = eventsOf(options);
  const items = withRepeats(events.map(itemOf), random);
  // One Temporal for all of them, which knows a run by its id.
  const engine = createFakeEngine();
  const { killed, pending, parked } = await runDyingServers({
    ...{ items, kills, random, connect },
    handlerOf: (means) => handlerOf(means, engine),
  });

  const rows = (await mapInParallel(events, ({ eventId }) => rowsOfEvent(stores, eventId))).flat();
  const asked = { timezone: TIMEZONE, contacts, triggers, events };
  return {
    killed,
    told: items.length,
    outcomes: rows.length,
    fired: rows.filter(({ answer }) => answer.outcome === 'fired').length,
    different: differences(rows, asked),
    ...(await budgetFaults(stores, rows, triggers)),
    wrongRuns: runFaults(rows, engine),
    left: pending + parked,
  };
}

function handlerOf({ stores, living, time }: ServerMeans, engine: FakeEngine) {
  const mine = Object.fromEntries(
    Object.entries(stores).map(([name, store]) => [name, living(store)]),
  ) as unknown as Stores; // the same stores, each as its server is
  return createHandler({
    stores: mine,
    engine: living(engine),
    wecom: { customer: async () => null },
    readAnswer: refusalReader(),
    clock: time.clock,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    timezone: TIMEZONE,
  });
}

const pick = <T>(random: () => number, ...from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

function contactsOf({ contacts, random }: TriggerChaosOptions) {
  return Array.from({ length: contacts }, (_, i) => ({
    contactId: `c-${i}`,
    city: pick(random, ...CITIES),
    ...pick(random, {}, { timezone: 'Asia/Urumqi' }, { billDay: 3 }),
    ...pick(random, {}, { plan: { id: 'p-58', fee: 58 } }, { plan: { id: 'p-129', fee: 129 } }),
  }));
}

function triggersOf({ triggers, events, random }: TriggerChaosOptions): readonly Trigger[] {
  return Array.from({ length: triggers }, (_, i) => ({
    ...{ id: `t-${i}`, version: 1, enabled: true, city: pick(random, '*', ...CITIES) },
    event: pick(random, 'usage', 'usage', 'balance'),
    when: pick(random, ...MEANT_CONDITIONS)[0],
    offer: { product: 'pack', template: 't', channel: 'sms' as const },
    journey: 'overage',
    ...pick(random, { expiresAfterMinutes: 30 }, { expiresAfterMinutes: 120 }),
    ...pick(random, {}, { cooldownHours: 1 }, { cooldownHours: 30 }),
    ...pick(random, {}, { maxPerContact: { count: 2, per: 'day' as const } }),
    ...pick(random, {}, {}, { dailyBudget: Math.ceil(events / 400) }),
    ...pick(random, {}, { priority: 5 }),
    ...pick(random, {}, {}, { activeFrom: '08:00', activeTo: '21:00' }),
  }));
}

async function load(
  { contacts, triggers, triggerLives }: Stores,
  people: ReturnType<typeof contactsOf>,
  rules: readonly Trigger[],
): Promise<void> {
  const at = new Date(FIRST).toISOString();
  for (let i = 0; i < people.length; i += 500) await contacts.upsertMany(people.slice(i, i + 500));
  for (const { id, version, enabled: _, ...body } of rules) {
    await triggers.draft(id, body, 'test', at);
    await triggerLives.keep(enableVersion(newTriggerLife(id), { version, by: 'test', at }));
  }
}

/** In the order in which they are told. */
function eventsOf({ events, contacts, random }: TriggerChaosOptions): readonly OpportunityEvent[] {
  return Array.from({ length: events }, (_, i) => {
    const occurred = FIRST + Math.floor(random() * SPREAD_MS);
    const received = occurred + Math.floor(random() * random() * 150) * 60_000;
    const type = pick(random, 'usage', 'usage', 'usage', 'balance');
    return {
      ...{ eventId: `e-${i}`, type, contactId: `c-${Math.floor(random() * contacts)}` },
      occurredAt: new Date(occurred).toISOString(),
      receivedAt: new Date(received).toISOString(),
      data: type === 'usage' ? { dataUsedPct: pick(random, 50, 100, 130) } : { balanceFen: 100 },
    };
  });
}

function itemOf({ receivedAt, ...event }: OpportunityEvent): Inbound {
  return inboundEvent(customerEvent.parse(event), Date.parse(receivedAt));
}

/** Some are told again later. */
function withRepeats(items: readonly Inbound[], random: () => number): readonly Inbound[] {
  const told = items.map((item, i) => ({ item, at: i }));
  const again = told
    .filter(() => random() < TOLD_TWICE)
    .map(({ item, at }) => ({ item, at: at + random() * (items.length - at) }));
  return [...told, ...again].sort((a, b) => a.at - b.at).map(({ item }) => item);
}

type Asked = Parameters<typeof secondReading>[0];

/** Budgets go in the order in which they are taken, which no other reading knows: whether one was left is taken from the rows. */
function differences(rows: readonly OpportunityRow[], asked: Asked): readonly string[] {
  const kept = new Map(rows.map((row) => [`${row.eventId} ${row.triggerId}`, row.answer.outcome]));
  const { outcomes } = secondReading(
    asked,
    ({ id }, { eventId }) => kept.get(`${eventId} ${id}`) !== 'budget',
  );
  const expected = new Map(
    outcomes.map((each) => [
      `${each.eventId} ${'trigger' in each ? each.trigger : ''}`,
      each.outcome,
    ]),
  );

  return [...new Set([...kept.keys(), ...expected.keys()])]
    .filter((key) => kept.get(key) !== expected.get(key))
    .map((key) => `${key}: ${kept.get(key)}, ${expected.get(key)}`);
}

async function budgetFaults(
  { quotaUnits }: Stores,
  rows: readonly OpportunityRow[],
  triggers: readonly Trigger[],
): Promise<Pick<TriggerChaosResult, 'overspent' | 'refusedEarly'>> {
  const limits = new Map(triggers.map(({ id, dailyBudget }) => [id, dailyBudget]));
  const scopeOf = ({ triggerId, city, occurredAt }: OpportunityRow): string =>
    budgetScope({ triggerId, city, date: localDate(occurredAt, TIMEZONE) });

  const spent = new Map<string, number>();
  for (const row of rows)
    if (row.answer.outcome === 'fired') spent.set(scopeOf(row), (spent.get(scopeOf(row)) ?? 0) + 1);

  const limited = rows.filter(({ triggerId }) => limits.get(triggerId) !== undefined);
  const scopes = [...new Map(limited.map((row) => [scopeOf(row), limits.get(row.triggerId) ?? 0]))];
  const used = await quotaUnits.used(scopes.map(([scope]) => scope));
  const refused = new Set(
    limited.filter(({ answer }) => answer.outcome === 'budget').map((row) => scopeOf(row)),
  );

  return {
    overspent: scopes
      .filter(([scope, limit], i) => (spent.get(scope) ?? 0) > limit || (used[i] ?? 0) > limit)
      .map(([scope]) => scope),
    refusedEarly: scopes
      .filter(([scope, limit]) => refused.has(scope) && (spent.get(scope) ?? 0) < limit)
      .map(([scope]) => scope),
  };
}

function runFaults(rows: readonly OpportunityRow[], engine: FakeEngine): readonly string[] {
  const wanted = rows
    .filter(({ answer }) => answer.outcome === 'fired')
    .map(({ triggerId, contactId, eventId }) => opportunityId(triggerId, contactId, eventId));
  const begun = engine.starts.map(({ workflowId }) => workflowId);
  const twice = begun.filter((id, i) => begun.indexOf(id) !== i);
  const known = new Set(begun);
  const asked = new Set(wanted);
  return [
    ...wanted.filter((id) => !known.has(id)),
    ...begun.filter((id) => !asked.has(id)),
    ...twice,
  ];
}
