import { createLateIntake } from '../../intake/late';
import type { Channel } from '../../ports/channel';
import type { MassSendResult, WecomDesk } from '../../ports/wecom';
import { CodedError } from '../../rules/base/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { type Act, scriptedChannel } from '../../test/fakes/channel';
import { aScenario, NOON, type Scenario } from '../../test/fakes/touchScenario';
import type { TouchInput } from '../contract';
import type { BookDeps } from '../deps';
import { requestOfJourney } from '../touch/asked';
import { STEPS, type Steps, touchMany } from '../touch/page';
import { touch } from '../touch/touch';
import { reapPage } from './reap';

const TOUCH = 'overage/c-1/e-1/offer';
/** Of a touch without anything shorter. */
const SETTLE_BY = NOON + DAY_MS;

const iso = (ms: number) => new Date(ms).toISOString();
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

function depsOf(scenario: Scenario, channel: Channel, desk: Partial<WecomDesk> = {}): BookDeps {
  const { deps } = scenario.ask([channel]);
  return {
    ...deps,
    engine: scenario.engine,
    log: quiet,
    wecom: desk as WecomDesk,
    callbackBooks: new Map(),
    late: createLateIntake(scenario.stores, deps.clock),
  };
}

/** A run that asked for the touch and is still there to hear of its end. */
async function aRun(scenario: Scenario): Promise<void> {
  await scenario.engine.start('overage', 'overage/c-1/e-1', {} as never);
}

/** Asks for the touch; `death`: the process dies before this step. */
async function ask(
  scenario: Scenario,
  channel: Channel,
  { death, ...input }: Partial<TouchInput> & { readonly death?: keyof Steps } = {},
) {
  const {
    input: asked,
    caller,
    ...context
  } = scenario.ask([channel], {
    channel: channel.name,
    ...input,
  });
  const dies = async (): Promise<never> => {
    throw new Error('died');
  };
  const steps = death === undefined ? STEPS : { ...STEPS, [death]: dies };
  return await touchMany(context, [requestOfJourney(asked, caller)], steps).catch(() => 'died');
}

async function reap(scenario: Scenario, deps: BookDeps, atMs = SETTLE_BY + 11 * MINUTE_MS) {
  scenario.time.now = atMs;
  const to = new Date(atMs - 10 * MINUTE_MS).toISOString();
  return await reapPage(deps, { to, cursor: null });
}

const lastRow = async (scenario: Scenario) =>
  (await scenario.stores.touches.timeline('c-1')).at(-1);
const told = ({ engine }: Scenario) => engine.signalled.map(({ message }) => message.body);

describe('the reaper', () => {
  it('leaves alone what still has time, and what was settled in it', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms');
    await ask(scenario, sms, { death: 'deliver' });
    await ask(scenario, sms, { touchId: 'other' });

    const deps = depsOf(scenario, sms);
    expect(await reap(scenario, deps, SETTLE_BY + 10 * MINUTE_MS)).toEqual({
      looked: 0,
      found: {},
      next: null,
    });
  });

  it('releases what a crash kept from its channel, tells the run, and has nothing to do twice', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms');
    await aRun(scenario);
    await ask(scenario, sms, { death: 'deliver' });

    const deps = depsOf(scenario, sms);
    expect(await reap(scenario, deps)).toEqual({
      looked: 1,
      found: { 'reaped-released': 1 },
      next: null,
    });
    expect(await lastRow(scenario)).toMatchObject({
      settled: 'released',
      why: 'reaped:never-sent',
    });
    expect(told(scenario)).toEqual([
      { touchId: TOUCH, settled: 'released', why: 'reaped:never-sent' },
    ]);
    expect(await reap(scenario, deps)).toMatchObject({ looked: 0 });
  });

  it('wakes what waits for the slot that it gives back', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms');
    const other = { workflowId: 'overage/c-1/e-2', journey: 'overage', contactId: 'c-1' } as const;
    await scenario.stores.runs.open({ ...other, city: 'yunfu', startedAt: iso(NOON) });
    await scenario.engine.start('overage', other.workflowId, {} as never);
    await ask(scenario, sms, { death: 'deliver' });

    await reap(scenario, depsOf(scenario, sms));
    expect(scenario.engine.signalled).toEqual([
      { workflowId: other.workflowId, message: { signal: 'changed', body: { what: 'slots' } } },
    ]);
  });

  it('settles as sent what the channel has although its answer was lost', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms', ['time-out-after-accepting']);
    await aRun(scenario);
    await ask(scenario, sms);

    expect(await reap(scenario, depsOf(scenario, sms))).toMatchObject({
      found: { 'reaped-sent': 1 },
    });
    expect(await lastRow(scenario)).toMatchObject({ settled: 'sent', channelRef: 'sms-1' });
    expect(told(scenario)).toEqual([{ touchId: TOUCH, settled: 'sent' }]);
  });

  it('settles by the answer that was kept before a crash', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms', [{ refuse: 'PHONE_INVALID' }]);
    const { stores } = scenario;
    const dying = {
      ...stores.touches,
      settleMany: () => Promise.reject(new Error('died')),
    };
    const asked = scenario.ask([sms]);
    const withDeath = { ...asked, deps: { ...asked.deps, stores: { ...stores, touches: dying } } };
    await expect(touch(withDeath)).rejects.toThrow('died');

    await reap(scenario, depsOf(scenario, sms));
    expect(await lastRow(scenario)).toMatchObject({ why: 'refused:PHONE_INVALID' });
    expect(sms.calls.lookup).toBe(0);
  });

  it.each<readonly [string, Error, number, string | undefined]>([
    ['at once when it is refused for good', new CodedError('INVALID_INPUT', 'x'), 0, 'unknown'],
    ['not while the channel is away', new CodedError('UNAVAILABLE', 'x'), 0, undefined],
    ['after a day when it stays away', new CodedError('UNAVAILABLE', 'x'), DAY_MS, 'unknown'],
  ])('gives up a look-up %s', async (_, error, laterMs, found) => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms', ['time-out-after-accepting']);
    await ask(scenario, sms);

    const away = { ...sms, lookup: () => Promise.reject(error) };
    const at = SETTLE_BY + 11 * MINUTE_MS + laterMs;
    const page = await reap(scenario, depsOf(scenario, away), at);
    if (found === undefined) expect(page.found).toEqual({ unanswered: 1 });
    else expect(await lastRow(scenario)).toMatchObject({ why: `reaped:${found}` });
  });

  it('lets the run wait for it when the look-up is refused: it does not fail, and then goes on', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms', ['time-out-after-accepting']);
    const refusing = {
      ...sms,
      lookup: () => Promise.reject(new CodedError('INVALID_INPUT', 'no such question')),
    };
    await ask(scenario, refusing);
    expect(await ask(scenario, refusing)).toEqual([
      { failure: expect.objectContaining({ type: 'IN_DOUBT', nonRetryable: false }) },
    ]);

    await reap(scenario, depsOf(scenario, refusing));
    expect(await ask(scenario, refusing)).toEqual([
      { verdict: { verdict: 'suppressed', reason: 'reaped', rule: 'unknown' } },
    ]);
    expect(sms.book).toHaveLength(1);
  });

  it('does not take silence for a no while a call may still land', async () => {
    const scenario = await aScenario();
    const slow = (acts: readonly Act[]) => ({
      ...scriptedChannel('sms', acts),
      landsWithinMs: () => 2 * HOUR_MS,
    });
    const sms = slow(['time-out-before']);
    const expiresAt = new Date(NOON + HOUR_MS).toISOString();
    await ask(scenario, sms, { expiresAt });

    const deps = depsOf(scenario, sms);
    const first = await reap(scenario, deps, NOON + HOUR_MS + 15 * MINUTE_MS);
    expect(first.found).toEqual({ 'in-doubt': 1 });
    const second = await reap(scenario, deps, NOON + 2 * HOUR_MS);
    expect(second.found).toEqual({ 'reaped-released': 1 });
  });

  it('counts no end that somebody else has found meanwhile', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms', ['time-out-after-accepting']);
    const overtaken = {
      ...sms,
      async lookup(...asked: Parameters<Channel['lookup']>) {
        const at = new Date(NOON + HOUR_MS).toISOString();
        await scenario.stores.touches.settle('c-1', TOUCH, { settled: 'sent', at });
        return await sms.lookup(...asked);
      },
    };
    await ask(scenario, sms);
    expect(await reap(scenario, depsOf(scenario, overtaken))).toEqual({
      next: null,
      looked: 1,
      found: {},
    });
  });

  it('takes the touch from an execution that stalled before its call: it hands nothing over any more', async () => {
    const scenario = await aScenario();
    const sms = scriptedChannel('sms');
    const deps = depsOf(scenario, sms);
    const { input, caller, ...context } = scenario.ask([sms]);
    const stalling: Steps = {
      ...STEPS,
      async deliver(given, reserved) {
        if (reserved.length > 0) await reap(scenario, deps);
        return STEPS.deliver(given, reserved);
      },
    };

    const ends = await touchMany(context, [requestOfJourney(input, caller)], stalling);
    expect(ends).toEqual([{ failure: expect.objectContaining({ type: 'OVERTAKEN' }) }]);
    expect(sms.book).toEqual([]);
    expect(await lastRow(scenario)).toMatchObject({ why: 'reaped:never-sent' });
  });
});

describe('the reaper and a task of staff', () => {
  const sent: MassSendResult = { kind: 'sent', deliveredAt: NOON + HOUR_MS };

  async function tasked(answers: readonly (MassSendResult | null)[]) {
    const scenario = await aScenario();
    const wecom = scriptedChannel('wecom', ['task']);
    await ask(scenario, wecom);

    const cancelled: string[] = [];
    let asked = 0;
    const deps = depsOf(scenario, wecom, {
      massSendResult: async () => answers[Math.min(asked++, answers.length - 1)] ?? null,
      cancelMassSend: async (msgid) => void cancelled.push(msgid),
    });
    return { scenario, deps, cancelled };
  }

  it('learns that staff had confirmed', async () => {
    const { scenario, deps, cancelled } = await tasked([sent]);
    expect((await reap(scenario, deps)).found).toEqual({ 'reaped-sent': 1 });
    expect(await lastRow(scenario)).toMatchObject({
      settled: 'sent',
      channelRef: 'wecom-1',
      deliveredAt: new Date(NOON + HOUR_MS).toISOString(),
    });
    expect(cancelled).toEqual([]);
    expect(await scenario.stores.deliveries.openTasks({ limit: 9 })).toEqual([]);
  });

  it('cancels what nobody has confirmed, and releases it only when it is still unconfirmed then', async () => {
    const late = await tasked([{ kind: 'waiting' }, sent]);
    expect((await reap(late.scenario, late.deps)).found).toEqual({ 'reaped-sent': 1 });

    const never = await tasked([{ kind: 'waiting' }]);
    expect((await reap(never.scenario, never.deps)).found).toEqual({ 'reaped-released': 1 });
    expect(never.cancelled).toEqual(['wecom-1']);
    expect(await lastRow(never.scenario)).toMatchObject({ why: 'reaped:unconfirmed' });
  });

  it('releases under its reason what WeCom could not bring, and leaves what is being dispatched', async () => {
    const failed = await tasked([{ kind: 'failed', why: 'platform-cap' }]);
    await reap(failed.scenario, failed.deps);
    expect(await lastRow(failed.scenario)).toMatchObject({ why: 'platform-cap' });

    const dispatching = await tasked([null]);
    expect((await reap(dispatching.scenario, dispatching.deps)).found).toEqual({ 'in-doubt': 1 });
  });
});
