import fc from 'fast-check';
import { createMemoryStores } from '../../models/memory/stores';
import type { Stores } from '../../ports/stores';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { type EventOutcome, takeEvents } from '../../rules/trigger/takeEvents';
import type { OpportunityEvent, Trigger } from '../../rules/trigger/trigger';
import { Crash, crashAt } from '../../test/fakes/crash';
import { createFakeEngine } from '../../test/fakes/engine';
import { enableTrigger, OVERAGE } from '../../test/fakes/triggers';
import { rowsOfEvent } from '../../test/support/rowsOfEvent';
import { type FireDeps, fireTriggers } from './fire';
import { triggersInForce } from './inForce';

const NOON = Date.parse('2026-03-02T04:00:00.000Z');
const TIMEZONE = 'Asia/Shanghai';
const at = (hours: number): string => new Date(NOON + hours * HOUR_MS).toISOString();

const usage = (eventId: string, change: Partial<OpportunityEvent> = {}): OpportunityEvent => ({
  ...{ eventId, type: 'usage', contactId: 'c-1', data: { dataUsedPct: 120 } },
  ...{ occurredAt: at(0), receivedAt: at(0) },
  ...change,
});

const CONTACTS = [
  { contactId: 'c-1', city: 'guangzhou' },
  { contactId: 'c-2', city: 'guangzhou', timezone: 'Asia/Urumqi', billDay: 5 },
  { contactId: 'c-3', city: 'yunfu' },
];

async function aCity(triggers: Readonly<Record<string, Partial<typeof OVERAGE>>>) {
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  await stores.contacts.upsertMany(CONTACTS);
  for (const [id, change] of Object.entries(triggers))
    await enableTrigger(stores, id, { ...OVERAGE, ...change });

  const clock = { now: () => NOON };
  const inForce = triggersInForce(stores);
  const deps: FireDeps = { stores, engine, clock, timezone: TIMEZONE, triggers: inForce };
  const outcomes = async (...eventIds: readonly string[]) => {
    const rows = await Promise.all(eventIds.map((id) => rowsOfEvent(stores, id)));
    return rows.flat().map(({ triggerId, answer }) => `${triggerId} ${answer.outcome}`);
  };
  return { stores, engine, deps, outcomes };
}

describe('an event and the triggers in force', () => {
  it('starts the journey of the one that fires, named by trigger, contact and event', async () => {
    const { deps, engine, outcomes } = await aCity({
      gz: { city: 'guangzhou' },
      yf: { city: 'yunfu' },
    });
    await fireTriggers(deps, usage('e-1'));
    await fireTriggers(deps, usage('e-2', { data: { dataUsedPct: 20 } }));
    await fireTriggers(deps, usage('e-3', { type: 'balance' }));

    expect(engine.starts).toEqual([
      expect.objectContaining({
        ...{ journey: 'overage', workflowId: 'opportunity/gz/c-1/e-1', city: 'guangzhou' },
        input: expect.objectContaining({ triggerId: 'gz', product: 'pack', expiresAt: at(2) }),
      }),
    ]);
    expect(await outcomes('e-1', 'e-2', 'e-3')).toEqual(['gz fired']);
  });

  it('says why it fires no more', async () => {
    const { deps, stores } = await aCity({ gz: {} });
    await fireTriggers(deps, usage('e-1'));
    await fireTriggers(deps, usage('e-2', { occurredAt: at(-1) }));
    const [row] = await rowsOfEvent(stores, 'e-2');
    expect(row).toEqual({
      ...{ triggerId: 'gz', version: 1, eventId: 'e-2', contactId: 'c-1', city: 'guangzhou' },
      ...{ occurredAt: at(-1), receivedAt: at(0), date: '2026-03-02', at: at(0) },
      answer: { outcome: 'cooldown', firedAt: at(0), hours: 72 },
    });
  });

  it('follows what is enabled, and what is disabled, at the next event', async () => {
    const { deps, stores, outcomes } = await aCity({});
    await fireTriggers(deps, usage('e-1'));
    await enableTrigger(stores, 'gz', { ...OVERAGE, dailyBudget: 0 });
    await fireTriggers(deps, usage('e-2'));
    await enableTrigger(stores, 'gz', OVERAGE);
    await fireTriggers(deps, usage('e-3'));
    expect(await outcomes('e-1', 'e-2', 'e-3')).toEqual(['gz budget', 'gz fired']);
  });

  it('never spends more than the budget, however many customers come at once', async () => {
    const { deps, stores, engine } = await aCity({ gz: { dailyBudget: 7 } });
    const contacts = Array.from({ length: 40 }, (_, i) => ({ contactId: `x-${i}`, city: 'gz' }));
    await stores.contacts.upsertMany(contacts);
    await Promise.all(
      contacts.map(({ contactId }) => fireTriggers(deps, usage(`e-${contactId}`, { contactId }))),
    );
    expect(engine.starts).toHaveLength(7);
    expect(await stores.quotaUnits.used(['trigger/gz/gz/2026-03-02'])).toEqual([7]);
  });

  it('fires once for a customer of whom two events are tested at once, and takes one unit', async () => {
    const { deps, stores, engine } = await aCity({ gz: { dailyBudget: 9 } });
    await Promise.all(Array.from({ length: 8 }, (_, i) => fireTriggers(deps, usage(`e-${i}`))));
    expect(engine.starts).toHaveLength(1);
    expect(await stores.quotaUnits.used(['trigger/gz/guangzhou/2026-03-02'])).toEqual([1]);
  });

  it('counts what fired for a record that went into this one', async () => {
    const { deps, stores, outcomes } = await aCity({ gz: {} });
    await fireTriggers(deps, usage('e-1', { contactId: 'c-2' }));
    await stores.contacts.absorb('c-1', 'c-2');
    const { profileRevision = 0 } = (await stores.contacts.find('c-2')) ?? {};
    expect(await stores.contacts.retire('c-2', 'c-1', profileRevision)).toBe(true);
    await fireTriggers(deps, usage('e-2'));
    expect(await outcomes('e-2')).toEqual(['gz cooldown']);
  });
});

const trigger = fc.record(
  {
    city: fc.constantFrom('*', 'guangzhou', 'yunfu'),
    when: fc.constantFrom({}, { 'event.dataUsedPct': { $gte: 100 } }, { 'contact.city': 'yunfu' }),
    expiresAfterMinutes: fc.constantFrom(30, 120),
    cooldownHours: fc.constantFrom(1, 24),
    maxPerContact: fc.constantFrom(
      { count: 1, per: 'day' as const },
      { count: 2, per: 'billCycle' as const },
    ),
    dailyBudget: fc.constantFrom(0, 1, 2),
    priority: fc.constantFrom(0, 5),
    activeFrom: fc.constantFrom('08:00', '13:00'),
    activeTo: fc.constantFrom('03:00', '21:00'),
  },
  { requiredKeys: ['city', 'when', 'expiresAfterMinutes'] },
);

const happening = fc.record({
  contactId: fc.constantFrom('c-1', 'c-2', 'c-3'),
  hours: fc.constantFrom(-30, -1.5, 0, 0.25, 3, 12, 26, 80),
  lateMinutes: fc.constantFrom(0, 30, 31),
  dataUsedPct: fc.constantFrom(50, 100),
});

/** The n-th call of a store or the engine dies; the event is tried again until it is through. */
async function fireThroughDeaths(deps: FireDeps, event: OpportunityEvent, deathAt: number) {
  const death = crashAt(deathAt, deathAt % 2 === 0 ? 'before' : 'after');
  const dying = Object.fromEntries(
    Object.entries(deps.stores).map(([name, store]) => [name, death.wrap(store)]),
  ) as unknown as Stores;
  try {
    await fireTriggers({ ...deps, stores: dying, engine: death.wrap(deps.engine) }, event);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    await fireTriggers(deps, event);
  }
}

it('comes to what the rule says of the same events in order, whatever dies on the way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(trigger, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(happening, fc.nat(14)), { minLength: 1, maxLength: 8 }),
      async (rules, happenings) => {
        const ids = rules.map((_, i) => `t-${i}`);
        const { deps, engine, stores } = await aCity(
          Object.fromEntries(
            rules.map((rule, i) => {
              const { cooldownHours: _cooldown, ...others } = OVERAGE;
              return [`t-${i}`, { ...others, cooldownHours: undefined, ...rule }];
            }),
          ),
        );
        const events = happenings.map(([{ contactId, hours, lateMinutes, dataUsedPct }], i) =>
          usage(`e-${i}`, {
            contactId,
            occurredAt: at(hours),
            receivedAt: new Date(Date.parse(at(hours)) + lateMinutes * MINUTE_MS).toISOString(),
            data: { dataUsedPct },
          }),
        );
        for (const [i, event] of events.entries())
          await fireThroughDeaths(deps, event, happenings[i]?.[1] ?? 0);

        const triggers = await Promise.all(
          ids.map(async (id): Promise<Trigger> => {
            const found = await stores.triggers.find(id, 1);
            if (!found) throw new Error(id);
            return { ...found.body, id, version: 1, enabled: true };
          }),
        );
        const expected = takeEvents({ timezone: TIMEZONE, contacts: CONTACTS, triggers, events });
        expect(await keptOf(stores, events)).toEqual(expected.outcomes.map(lineOf).sort());

        const begun = engine.starts.map(({ workflowId }) => workflowId).sort();
        expect(begun).toEqual(runsOf(expected.outcomes, events));
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

const lineOf = (each: EventOutcome): string =>
  `${each.eventId} ${'trigger' in each ? each.trigger : ''} ${each.outcome}`;

async function keptOf(stores: Stores, events: readonly OpportunityEvent[]): Promise<string[]> {
  const rows = await Promise.all(events.map(({ eventId }) => rowsOfEvent(stores, eventId)));
  return rows
    .flat()
    .map(({ eventId, triggerId, answer }) => `${eventId} ${triggerId} ${answer.outcome}`)
    .sort();
}

function runsOf(outcomes: readonly EventOutcome[], events: readonly OpportunityEvent[]): string[] {
  const contactOf = new Map(events.map(({ eventId, contactId }) => [eventId, contactId]));
  return outcomes
    .flatMap((each) =>
      'trigger' in each && each.outcome === 'fired'
        ? `opportunity/${each.trigger}/${contactOf.get(each.eventId)}/${each.eventId}`
        : [],
    )
    .sort();
}
