import type { Channel } from '../../ports/channel';
import type { Stores } from '../../ports/stores';
import type { QuotaLimits } from '../../rules/gate/quota';
import { proveContact } from '../../rules/ledger/proof/contact';
import type { LedgerRow } from '../../rules/ledger/rows';
import { MINUTE_MS } from '../../rules/time/durations';
import { parseInstant } from '../../rules/time/instant';
import { type Act, scriptedChannel } from '../../test/fakes/channel';
import { Crash, crashAt, type Moment } from '../../test/fakes/crash';
import { aScenario, NOON, type Scenario } from '../../test/fakes/touchScenario';
import { decisionOf } from '../../test/support/singles';
import type { TouchInput } from '../contract';
import { touch, touchPage } from './touch';

const DAY = '2026-03-02';
const MIDNIGHT = '2026-03-02T16:00:00.000Z';

async function publish(stores: Stores, limits: QuotaLimits): Promise<void> {
  const at = new Date(NOON).toISOString();
  await stores.quotas.publish(
    'default',
    (await stores.quotas.draft('default', limits, 'test', at)).version,
    'test',
    at,
  );
}

/** Contacts `c-1` to `c-<count>`, all alike. */
async function aScenarioOf(
  count: number,
  over: Parameters<typeof aScenario>[0] = {},
  limits?: QuotaLimits,
): Promise<Scenario> {
  const scenario = await aScenario(over);
  const [first] = await scenario.stores.contacts.findMany(['c-1']);
  if (!first) throw new Error('no c-1');
  const { touches, revision, profileRevision, chain, sequence, ...profile } = first;
  await scenario.stores.contacts.upsertMany(
    Array.from({ length: count - 1 }, (_, i) => ({
      ...profile,
      contactId: `c-${i + 2}`,
      phone: `1990000000${i + 2}`,
    })),
  );
  if (limits) await publish(scenario.stores, limits);
  return scenario;
}

const inputs = (
  scenario: Scenario,
  count: number,
  over: Partial<TouchInput> = {},
): TouchInput[] => {
  const { input } = scenario.ask([]);
  return Array.from({ length: count }, (_, i) => ({
    ...input,
    touchId: `wave/c-${i + 1}`,
    contactId: `c-${i + 1}`,
    ...over,
  }));
};

const page = (scenario: Scenario, channels: readonly Channel[], touches: readonly TouchInput[]) =>
  touchPage(scenario.ask(channels), { touches });

async function ledger(stores: Stores): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const row of stores.touches.export()) rows.push(row);
  return rows;
}

describe('a page of touches', () => {
  it('answers each contact in the order asked, and delivers once to each that may be reached', async () => {
    const scenario = await aScenarioOf(4);
    await scenario.stores.contacts.block('c-2', { channel: 'sms', reason: 'opt-out' });
    const sms = scriptedChannel('sms', [{ refuse: 'PHONE_INVALID' }]);
    const verdicts = await page(
      scenario,
      [sms],
      [...inputs(scenario, 4), ...inputs(scenario, 1, { contactId: 'gone', touchId: 'wave/gone' })],
    );
    expect(verdicts).toMatchObject([
      { verdict: 'suppressed', reason: 'refused', rule: 'PHONE_INVALID' },
      { verdict: 'suppressed', reason: 'blocked' },
      { verdict: 'sent', channelRef: 'sms-1' },
      { verdict: 'sent', channelRef: 'sms-2' },
      { verdict: 'suppressed', reason: 'unknown-contact' },
    ]);
    expect(sms.book.map(({ contactId }) => contactId)).toEqual(['c-3', 'c-4']);
  });

  it('answers the same when it is asked again, and sends nothing twice', async () => {
    const scenario = await aScenarioOf(3);
    const sms = scriptedChannel('sms');
    const touches = inputs(scenario, 3);
    const first = await page(scenario, [sms], touches);
    expect(await page(scenario, [sms], touches)).toEqual(first);
    expect(sms.book).toHaveLength(3);
  });

  it('takes two touches of one contact one after the other: the second sees the first', async () => {
    const policy = { gaps: [{ id: 'hour', classes: ['marketing' as const], hours: 1 }] };
    const scenario = await aScenarioOf(1, { policy });
    const twice = [...inputs(scenario, 1), ...inputs(scenario, 1, { touchId: 'wave/second' })];
    expect(await page(scenario, [scriptedChannel('sms')], twice)).toMatchObject([
      { verdict: 'sent' },
      { verdict: 'deferred', reason: 'gap' },
    ]);
  });

  it('decides again only on those whose contact moved meanwhile', async () => {
    const scenario = await aScenarioOf(3);
    const ask = scenario.ask([scriptedChannel('sms')]);
    const { touches } = scenario.stores;
    let writes: number[] = [];
    const stores = {
      ...ask.deps.stores,
      touches: {
        ...touches,
        async reserveMany(reservations: Parameters<typeof touches.reserveMany>[0]) {
          if (writes.length === 0) await scenario.stores.contacts.patch('c-2', { brand: 'other' });
          writes = [...writes, reservations.length];
          return touches.reserveMany(reservations);
        },
      },
    };
    const verdicts = await touchPage(
      { ...ask, deps: { ...ask.deps, stores } },
      { touches: inputs(scenario, 3) },
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['sent', 'sent', 'sent']);
    expect(writes).toEqual([3, 1]);
  });

  it('finishes everybody else before it fails because a channel asks to wait, and then goes on with the rest', async () => {
    const scenario = await aScenarioOf(3);
    const sms = scriptedChannel('sms', ['throttle', 'send', 'time-out-after-accepting']);
    await expect(page(scenario, [sms], inputs(scenario, 3))).rejects.toMatchObject({
      type: 'THROTTLED',
      nextRetryDelay: 1,
    });
    expect(sms.book).toHaveLength(2);
    const verdicts = await page(scenario, [sms], inputs(scenario, 3));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['sent', 'sent', 'sent']);
    expect(sms.book).toHaveLength(3);
  });

  it('refuses more than 500 touches', async () => {
    const scenario = await aScenarioOf(1);
    const [one] = inputs(scenario, 1);
    const tooMany = Array.from({ length: 501 }, () => one as TouchInput);
    await expect(page(scenario, [], tooMany)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await page(scenario, [], [])).toEqual([]);
  });

  it('lets racing pages share a cap: nobody is reached twice', async () => {
    const policy = {
      caps: [
        {
          id: 'one',
          classes: ['marketing' as const],
          limit: 1,
          window: { kind: 'rolling' as const, hours: 24 },
        },
      ],
    };
    const scenario = await aScenarioOf(8, { policy });
    const sms = scriptedChannel('sms');
    const waves = ['a', 'b', 'c'].map((wave) =>
      inputs(scenario, 8).map((input) => ({ ...input, touchId: `${wave}/${input.contactId}` })),
    );
    const verdicts = await Promise.all(waves.map((touches) => page(scenario, [sms], touches)));
    expect(verdicts.flat().filter(({ verdict }) => verdict === 'sent')).toHaveLength(8);
    expect(new Set(sms.book.map(({ contactId }) => contactId)).size).toBe(8);
  });
});

describe('a quota', () => {
  const city = `city/yunfu/${DAY}`;
  const used = async (scenario: Scenario, scope: string) =>
    (await scenario.stores.quotaUnits.used([scope]))[0];

  it('of a city defers what exceeds it to the next midnight, before anything is reserved', async () => {
    const scenario = await aScenarioOf(3, {}, { default: 2 });
    const sms = scriptedChannel('sms');
    expect(await page(scenario, [sms], inputs(scenario, 3))).toMatchObject([
      { verdict: 'sent' },
      { verdict: 'sent' },
      { verdict: 'deferred', reason: 'quota', rule: city, until: MIDNIGHT },
    ]);
    expect((await scenario.stores.contacts.find('c-3'))?.touches).toEqual([]);
    expect(await decisionOf(scenario.stores.touches, 'wave/c-3', 1, 'c-3')).toMatchObject({
      verdict: 'deferred',
      reason: 'quota',
      rule: city,
    });
    scenario.time.now = Date.parse(MIDNIGHT);
    expect(await page(scenario, [sms], inputs(scenario, 3, { attempt: 2 }).slice(2))).toMatchObject(
      [{ verdict: 'sent' }],
    );
    expect(await used(scenario, city)).toBe(2);
  });

  it('of a campaign as a whole suppresses what exceeds it', async () => {
    const scenario = await aScenarioOf(2, {}, { campaigns: { 'k-1': { total: 1 } } });
    expect(
      await page(scenario, [scriptedChannel('sms')], inputs(scenario, 2, { campaign: 'k-1' })),
    ).toMatchObject([
      { verdict: 'sent' },
      { verdict: 'suppressed', reason: 'quota', rule: 'campaign/k-1/total' },
    ]);
  });

  it('of a member of staff counts the confirmations asked of them, whoever was asked for', async () => {
    const scenario = await aScenarioOf(3, {}, { staffPerDay: 2 });
    const wecom = scriptedChannel('wecom', [], 'tasked');
    expect(
      await page(scenario, [wecom], inputs(scenario, 3, { channel: 'wecom', staffId: 's-gone' })),
    ).toMatchObject([
      { verdict: 'tasked' },
      { verdict: 'tasked' },
      { verdict: 'deferred', reason: 'quota', rule: `staff/s-1/${DAY}` },
    ]);
    expect(
      await page(
        scenario,
        [scriptedChannel('sms')],
        inputs(scenario, 3, { touchId: 'text/c-1', contactId: 'c-1' }).slice(2),
      ),
    ).toMatchObject([{ verdict: 'sent' }]);
  });

  it('is given back by whatever releases the touch', async () => {
    const scenario = await aScenarioOf(2, {}, { default: 1 });
    const refusing = scriptedChannel('sms', [{ refuse: 'PHONE_INVALID' }]);
    expect(await page(scenario, [refusing], inputs(scenario, 1))).toMatchObject([
      { verdict: 'suppressed', reason: 'refused' },
    ]);
    expect(await used(scenario, city)).toBe(0);
    const wecom = scriptedChannel('wecom', [], 'tasked');
    const [, second] = inputs(scenario, 2, { channel: 'wecom' });
    expect(await page(scenario, [wecom], [second as TouchInput])).toMatchObject([
      { verdict: 'tasked' },
    ]);
    expect(await used(scenario, city)).toBe(1);
    await scenario.stores.touches.settle('c-2', 'wave/c-2', {
      settled: 'released',
      reason: { kind: 'unconfirmed' },
      at: MIDNIGHT,
    });
    expect(await used(scenario, city)).toBe(0);
  });

  it('is never exceeded by racing touches, and all of it is used', async () => {
    const scenario = await aScenarioOf(9, {}, { default: 5 });
    const sms = scriptedChannel('sms');
    const verdicts = await Promise.all(
      inputs(scenario, 9).map((input) => touch(scenario.ask([sms], input))),
    );
    expect(verdicts.filter(({ verdict }) => verdict === 'sent')).toHaveLength(5);
    expect(sms.book).toHaveLength(5);
  });
});

describe('the deadline of a tasked touch', () => {
  const night = {
    quietHours: [{ id: 'night', classes: ['marketing' as const], from: '21:00', to: '09:00' }],
  };
  const NIGHT = '2026-03-02T13:00:00.000Z';

  it('is the next quiet time of the contact, and the ledger says so', async () => {
    const scenario = await aScenario({ policy: night });
    const wecom = scriptedChannel('wecom', [], 'tasked');
    const verdict = { verdict: 'tasked', channelRef: 'wecom-1', deadline: NIGHT };
    expect(await touch(scenario.ask([wecom], { channel: 'wecom' }))).toEqual(verdict);
    expect(scenario.engine.massSends).toMatchObject([{ deadline: NIGHT }]);
    expect((await scenario.stores.touches.timeline('c-1'))[0]).toMatchObject({ settleBy: NIGHT });
    expect(await touch(scenario.ask([wecom], { channel: 'wecom' }))).toEqual(verdict);
  });

  it("is the customer's own do-not-disturb, the expiry or the time to confirm, whichever comes first", async () => {
    const dnd = [{ from: '2026-03-02T10:00:00Z', until: '2026-03-03T10:00:00Z' }];
    const scenario = await aScenario({ policy: night, profile: { dnd } });
    const deadlineWith = async (input: Partial<TouchInput>) => {
      const wecom = scriptedChannel('wecom', [], 'tasked');
      const verdict = await touch(
        scenario.ask([wecom], { channel: 'wecom', touchId: JSON.stringify(input), ...input }),
      );
      return verdict.verdict === 'tasked' ? verdict.deadline : verdict;
    };
    expect(await deadlineWith({})).toBe('2026-03-02T10:00:00.000Z');
    expect(await deadlineWith({ expiresAt: '2026-03-02T09:00:00Z' })).toBe(
      '2026-03-02T09:00:00.000Z',
    );
    expect(await deadlineWith({ confirmWithinHours: 1 })).toBe('2026-03-02T05:00:00.000Z');
  });

  it('does not bind what goes out by itself', async () => {
    const scenario = await aScenario({ policy: night });
    await touch(scenario.ask([scriptedChannel('sms')]));
    expect((await scenario.stores.touches.timeline('c-1'))[0]).toMatchObject({
      settleBy: '2026-03-03T04:00:00.000Z',
    });
  });

  it('keeps what staff sent after it: recorded, counted again, and the proof calls it late by staff', async () => {
    const scenario = await aScenario({
      policy: {
        ...night,
        caps: [
          { id: 'one', classes: ['marketing'], limit: 1, window: { kind: 'rolling', hours: 24 } },
        ],
      },
    });
    const wecom = scriptedChannel('wecom', [], 'tasked');
    await touch(scenario.ask([wecom], { channel: 'wecom' }));
    const id = scenario.ask([]).input.touchId;
    await scenario.stores.touches.settle('c-1', id, {
      settled: 'released',
      reason: { kind: 'unconfirmed' },
      at: NIGHT,
    });
    const deliveredAt = new Date((parseInstant(NIGHT) ?? 0) + 5 * MINUTE_MS).toISOString();
    await scenario.stores.touches.settle('c-1', id, {
      settled: 'sent',
      reason: { kind: 'other', reason: 'late' },
      channelRef: 'wecom-1',
      deliveredAt,
      at: deliveredAt,
    });

    scenario.time.now = Date.parse('2026-03-03T02:00:00.000Z');
    const next = await touch(scenario.ask([scriptedChannel('sms')], { touchId: 'next' }));
    expect(next).toMatchObject({ verdict: 'deferred', reason: 'cap', rule: 'one' });
    const timeline = await scenario.stores.touches.timeline('c-1');
    const policy = (await scenario.stores.policies.current('default'))?.body;
    const violations = proveContact(
      timeline,
      () => (policy ? { policy, holidays: {} } : undefined),
      '2026-03-04T00:00:00.000Z',
    );
    expect(violations.map(({ kind, touchId }) => [kind, touchId])).toEqual([['late-by-staff', id]]);
  });
});

describe('a page whose process dies', () => {
  const LIMITS: QuotaLimits = { default: 3, campaigns: { 'k-1': { total: 2 } } };
  const QUIET_NOW = {
    quietHours: [{ id: 'lunch', classes: ['marketing' as const], from: '11:00', to: '14:00' }],
  };

  async function untilDone<T>(run: () => Promise<T>): Promise<T> {
    for (let tries = 0; tries < 9; tries++) {
      try {
        return await run();
      } catch (error) {
        const { code, type } = error as { code?: string; type?: string };
        if (!(error instanceof Crash) && !['UNAVAILABLE', 'THROTTLED'].includes(code ?? type ?? ''))
          throw error;
      }
    }
    throw new Error('never came to an end');
  }

  async function runCrashing(
    script: readonly Act[],
    kind: 'sent' | 'tasked',
    policy: object,
    step: number,
    moment: Moment,
  ) {
    const scenario = await aScenarioOf(4, { policy }, LIMITS);
    await scenario.stores.contacts.block('c-1', { channel: 'wecom', reason: 'opt-out' });
    const channel = scriptedChannel('wecom', script, kind);
    const crash = crashAt(step, moment);
    const touches = inputs(scenario, 4, { channel: 'wecom', campaign: 'k-1' });
    const verdicts = await untilDone(() =>
      touchPage(scenario.ask([channel], {}, crash.wrap), { touches }),
    );
    const rows = (await ledger(scenario.stores)).map(
      (row) => `${row.touchId} ${row.kind === 'decision' ? row.verdict : row.settled}`,
    );
    const units = await scenario.stores.quotaUnits.used([
      `city/yunfu/${DAY}`,
      'campaign/k-1/total',
    ]);
    const reached = channel.book.map(({ contactId }) => contactId).sort();
    return {
      outcome: {
        verdicts: verdicts.map(({ verdict }) => verdict),
        rows: rows.sort(),
        units,
        reached,
      },
      scenario,
      steps: crash.steps,
    };
  }

  it.each<{ title: string; script: Act[]; kind: 'sent' | 'tasked'; policy: object }>([
    { title: 'that is sent', script: [], kind: 'sent', policy: {} },
    { title: 'that is tasked', script: [], kind: 'tasked', policy: {} },
    { title: 'that is deferred', script: [], kind: 'sent', policy: QUIET_NOW },
    { title: 'of which one is throttled', script: ['throttle'], kind: 'sent', policy: {} },
    {
      title: 'of which one times out after it was accepted',
      script: ['time-out-after-accepting'],
      kind: 'sent',
      policy: {},
    },
  ])(
    '$title comes to the same end after a crash at any step: rows, deliveries and units',
    async ({ script, kind, policy }) => {
      const undisturbed = await runCrashing(script, kind, policy, 0, 'before');
      for (let step = 1; step <= undisturbed.steps + 3; step++)
        for (const moment of ['before', 'after'] as const) {
          const { outcome } = await runCrashing(script, kind, policy, step, moment);
          expect({ step, moment, ...outcome }).toEqual({ step, moment, ...undisturbed.outcome });
        }
    },
  );

  it('that is refused for good gives its units back after a crash at any step', async () => {
    const undisturbed = await runCrashing(
      [{ refuse: '84061' }, { refuse: '84061' }],
      'sent',
      {},
      0,
      'before',
    );
    expect(undisturbed.outcome.units).toEqual([0, 0]);
    for (let step = 1; step <= undisturbed.steps; step++)
      for (const moment of ['before', 'after'] as const) {
        const { outcome } = await runCrashing(
          [{ refuse: '84061' }, { refuse: '84061' }],
          'sent',
          {},
          step,
          moment,
        );
        expect({ step, moment, reached: outcome.reached, units: outcome.units }).toEqual({
          step,
          moment,
          reached: [],
          units: [0, 0],
        });
      }
  });
});
