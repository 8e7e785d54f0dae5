import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { scriptedChannel } from '../../test/fakes/channel';
import { aScenario, NOON, type Scenario } from '../../test/fakes/touchScenario';
import type { TouchInput, TouchVerdict } from '../contract';
import { settleTouch } from '../settlement';
import { touch } from './touch';

const GAP = { id: 'gap-4h', hours: 4, openCounts: 'deadline' as const };
const DEADLINE = NOON + 24 * HOUR_MS;
const CHANGED = { signal: 'changed', body: { what: 'slots' } };
const iso = (ms: number) => new Date(ms).toISOString();

/** Two journeys of one contact, the first with a task that waits for staff. */
async function withOpenTask(more: object = {}) {
  const scenario = await aScenario({ policy: { gaps: [{ ...GAP, ...more }] } });
  for (const entry of ['e-1', 'e-2']) await running(scenario, `overage/c-1/${entry}`);
  const wecom = scriptedChannel('wecom', [], 'tasked');
  const touched = (touchId: string, over: Partial<TouchInput> = {}) =>
    touch(scenario.ask([wecom, scriptedChannel('sms')], { channel: 'wecom', touchId, ...over }));
  await touched('first');

  return { ...scenario, touched };
}

async function running({ stores, engine }: Scenario, workflowId: string): Promise<void> {
  const run = { workflowId, journey: 'overage', contactId: 'c-1', city: 'yunfu' } as const;
  await stores.runs.open({ ...run, startedAt: iso(NOON) });
  await engine.start('overage', workflowId, {} as never);
}

const settle = (scenario: Scenario, over: object = {}) =>
  settleTouch(scenario.ask([]).deps, {
    touchId: 'first',
    contactId: 'c-1',
    settled: 'sent',
    deliveredAt: iso(scenario.time.now),
    ...over,
  });

const untilOf = (verdict: TouchVerdict) =>
  verdict.verdict === 'deferred' ? Date.parse(verdict.until) : Number.NaN;

describe('behind an open task', () => {
  it('a touch waits for the whole gap after the deadline, and is asked again once staff have confirmed', async () => {
    const scenario = await withOpenTask();
    const { time, engine, touched } = scenario;

    time.now = NOON + 5 * HOUR_MS;
    expect(await touched('second')).toMatchObject({
      verdict: 'deferred',
      until: iso(DEADLINE + 4 * HOUR_MS),
      heldByOpen: true,
    });

    time.now = NOON + 6 * HOUR_MS;
    await settle(scenario);
    expect(engine.signalled).toEqual([
      { workflowId: 'overage/c-1/e-1', message: CHANGED },
      { workflowId: 'overage/c-1/e-2', message: CHANGED },
    ]);

    const again = await touched('second', { attempt: 2 });
    expect(again).toMatchObject({ verdict: 'deferred', until: iso(NOON + 10 * HOUR_MS) });
    expect(again).not.toHaveProperty('heldByOpen');
  });

  it('a settlement that was repeated after a crash wakes them, too', async () => {
    const scenario = await withOpenTask();
    scenario.engine.away = true;
    await expect(settle(scenario)).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    scenario.engine.away = false;
    expect(await settle(scenario)).toBe(false);
    expect(scenario.engine.signalled).toHaveLength(2);
  });

  it('no two deliveries come closer than the gap, whenever staff confirm (property)', async () => {
    const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
    await fc.assert(
      fc.asyncProperty(minutes, minutes, async (askedAfter, confirmedAfter) => {
        const scenario = await withOpenTask();
        const { time, touched } = scenario;
        const confirmedAt = NOON + confirmedAfter * MINUTE_MS;
        const sms = { channel: 'sms' } as const;

        time.now = NOON + askedAfter * MINUTE_MS;
        if (confirmedAt < time.now) await settle(scenario, { deliveredAt: iso(confirmedAt) });
        let verdict = await touched('second', sms);
        if (confirmedAt >= time.now) {
          expect(untilOf(verdict)).toBe(DEADLINE + 4 * HOUR_MS);
          time.now = confirmedAt;
          await settle(scenario);
          verdict = await touched('second', { ...sms, attempt: 2 });
        }
        if (verdict.verdict === 'deferred') {
          time.now = untilOf(verdict);
          verdict = await touched('second', { ...sms, attempt: 3 });
        }

        expect(verdict.verdict).toBe('sent');
        expect(time.now).toBe(Math.max(NOON + askedAfter * MINUTE_MS, confirmedAt + 4 * HOUR_MS));
      }),
      { numRuns: 40 },
    );
  });

  it('what ends while it is handed over wakes others only where a gap counts from deadlines on its channel', async () => {
    const everywhere = await withOpenTask();
    await everywhere.touched('text', { channel: 'sms', class: 'service' });
    expect(everywhere.engine.signalled).toEqual([]); // held itself

    const free = await withOpenTask({ classes: ['marketing'] });
    await free.touched('text', { channel: 'sms', class: 'service' });
    expect(free.engine.signalled).toHaveLength(2);

    const onWecom = await withOpenTask({ channels: ['wecom'] });
    await onWecom.touched('text', { channel: 'sms' });
    expect(onWecom.engine.signalled).toEqual([]);
  });
});

it('a slot that a refused hand-over gives back wakes what a cap holds', async () => {
  const window = { kind: 'calendar', unit: 'day' } as const;
  const scenario = await aScenario({ policy: { caps: [{ id: 'day', limit: 1, window }] } });
  await running(scenario, 'overage/c-1/e-2');

  const refusing = scriptedChannel('sms', [{ refuse: 'PHONE_INVALID' }]);
  await touch(scenario.ask([refusing], { touchId: 'first' }));
  expect(scenario.engine.signalled).toEqual([{ workflowId: 'overage/c-1/e-2', message: CHANGED }]);
});

it('a reservation that was left past its deadline is asked anew instead of handed over', async () => {
  const scenario = await aScenario();
  const wecom = scriptedChannel('wecom', ['throttle'], 'tasked');
  const asked = { channel: 'wecom', confirmWithinHours: 1 } as const;
  await expect(touch(scenario.ask([wecom], asked))).rejects.toMatchObject({ type: 'THROTTLED' });

  scenario.time.now = NOON + HOUR_MS;
  expect(await touch(scenario.ask([wecom], asked))).toMatchObject({
    verdict: 'deferred',
    reason: 'held',
    rule: 'deadline',
  });
  expect(await touch(scenario.ask([wecom], { ...asked, attempt: 2 }))).toMatchObject({
    verdict: 'tasked',
    deadline: iso(NOON + 2 * HOUR_MS),
  });
});
