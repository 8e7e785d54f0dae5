import type { SystemCallback } from '../../ports/callbacks';
import type { WaveContact } from '../../ports/waves';
import type { SlotDelivery } from '../../rules/calendar/plan';
import { waveId } from '../../rules/calendar/wave';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { NOW } from '../../test/fakes/api';
import { AT, aWorld } from '../../test/fakes/world';
import { openOne, reserveOne } from '../../test/support/singles';

const KEY = { calendarId: 'month', calendarVersion: 1, slotId: 'offer', date: '2026-03-02' };
const WAVE = waveId(KEY);
const TOUCH = 'month/offer/2026-03-02/c-1';
const instant = (ms: number) => new Date(NOW + ms).toISOString();

interface Scenario {
  readonly delivery?: SlotDelivery;
  /** Of the wave. */
  readonly state?: 'running' | 'ended' | 'cancelled';
  readonly contact?: Partial<WaveContact>;
}

/** A text that a wave has sent, whose account says so, and a receipt of it. */
async function aSentText({ delivery, state = 'running', contact }: Scenario = {}) {
  const world = await aWorld();
  world.time.now = NOW + MINUTE_MS;
  const { calendars, deliveries, touches, waves } = world.stores;
  const touch = { channel: 'sms', class: 'marketing', template: 't@1' } as const;
  const slot = { id: 'offer', anchor: { kind: 'monthDay', day: 2 }, at: '10:00', touch } as const;
  const body = {
    id: 'month',
    version: 1,
    timezone: 'Asia/Shanghai',
    slots: [{ ...slot, ...(delivery && { delivery }) }],
  };
  await calendars.draft('month', body, 'test', AT);
  await waves.open({ waveId: WAVE, ...KEY, state, startedAt: AT, isWalked: true });
  await waves.enrol([
    {
      ...{ waveId: WAVE, contactId: 'c-1', city: 'guangzhou', state: 'sent', plannedAt: AT },
      ...{ channel: 'sms', attempt: 1, at: AT, revision: 1 },
      ...contact,
    },
  ]);

  const known = await world.contact();
  await reserveOne(touches, known, {
    ...{ kind: 'decision', touchId: TOUCH, attempt: 1, contactId: 'c-1', city: 'guangzhou' },
    ...{ channel: 'sms', class: 'marketing', at: AT, verdict: 'pass', explain: [] },
    ...{ policy: 'default@1', journey: 'calendar', step: 'offer' },
    ...{ workflowId: WAVE, runId: '', revision: known.revision + 1 },
  });
  await openOne(deliveries, {
    ...{ touchId: TOUCH, attempt: 1, contactId: 'c-1', channel: 'sms', workflowId: WAVE },
    ...{ text: '您好', askedAt: NOW },
  });
  const at = instant(0);
  await touches.settle('c-1', TOUCH, {
    ...{ settled: 'sent', channelRef: 'm1', parts: 1, acceptedAt: at, at },
  });

  const receipt = (status: 'failed' | 'delivered', second = 1) =>
    world.system({
      ...{ system: 'sms', type: 'receipt', id: `r-${status}-${second}`, messageId: 'm1' },
      ...{ clientMessageId: TOUCH, status, at: instant(second * 1000) },
      ...(status === 'failed' && { code: 'UNDELIV' }),
    } as SystemCallback);
  const account = async () => (await waves.findContacts(WAVE, ['c-1']))[0];
  const wave = async () => (await waves.find(WAVE))?.state;
  return { ...world, receipt, account, wave };
}

const fallback = { fallback: ['call'] } as const;

describe('a text of a wave that did not arrive', () => {
  it('has failed in the account of the wave, which is told of nothing', async () => {
    const world = await aSentText();
    await world.receipt('failed');
    expect(await world.account()).toMatchObject({
      ...{ state: 'failed', reason: 'sms', rule: 'UNDELIV', attempt: 1 },
    });
    expect(world.engine.wokenWaves).toEqual([]);
  });

  it('is sent again when a later receipt says that it arrived', async () => {
    const world = await aSentText();
    await world.receipt('failed');
    await world.receipt('delivered', 5);
    const account = await world.account();
    expect(account).toMatchObject({ state: 'sent' });
    expect(account?.reason).toBeUndefined();
  });

  it('is followed by a touch on the next channel, at the next quarter of an hour', async () => {
    const world = await aSentText({ delivery: fallback });
    await world.receipt('failed');
    expect(await world.account()).toMatchObject({
      ...{ state: 'waiting', channel: 'call', attempt: 1, reason: 'sms' },
      dueAt: instant(15 * MINUTE_MS),
    });
    expect(world.engine.wokenWaves).toEqual([{ version: 1, ...KEY }]);
  });

  it('has a wave go on that had ended', async () => {
    const world = await aSentText({ delivery: fallback, state: 'ended' });
    await world.receipt('failed');
    expect(await world.wave()).toBe('running');
  });

  it('has failed when its offer expires before, or the wave was cancelled', async () => {
    const plannedAt = instant(5 * MINUTE_MS - 24 * HOUR_MS);
    const late = await aSentText({ delivery: fallback, contact: { plannedAt } });
    const cancelled = await aSentText({ delivery: fallback, state: 'cancelled' });
    for (const world of [late, cancelled]) {
      await world.receipt('failed');
      expect(await world.account()).toMatchObject({ state: 'failed', reason: 'sms' });
      expect(world.engine.wokenWaves).toEqual([]);
    }
  });

  it('wakes no wave that looks at others by then', async () => {
    const world = await aSentText({ delivery: fallback });
    const one = await world.account();
    await world.stores.waves.enrol([
      { ...(one as WaveContact), contactId: 'c-2', state: 'waiting', dueAt: AT },
    ]);
    await world.receipt('failed');
    expect(await world.account()).toMatchObject({ state: 'waiting', channel: 'call' });
    expect(world.engine.wokenWaves).toEqual([]);
  });

  it('is told again after a Temporal that was away', async () => {
    const world = await aSentText({ delivery: fallback });
    world.engine.away = true;
    await expect(world.receipt('failed')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    world.engine.away = false;
    await world.receipt('failed');
    expect(world.engine.wokenWaves).toHaveLength(1);
    expect(await world.account()).toMatchObject({ state: 'waiting', channel: 'call', revision: 2 });
  });

  it('is asked after once more when the account does not say yet that it was sent', async () => {
    const handedOver = { state: 'waiting', dueAt: AT } as const;
    const world = await aSentText({ contact: handedOver });
    const before = await world.account();
    await world.receipt('failed');
    // What the page that handed it over is about to keep comes too late.
    await world.stores.waves.keep([{ ...(before as WaveContact), state: 'sent', revision: 2 }]);
    expect(await world.account()).toMatchObject({ state: 'waiting', isAsked: true, attempt: 1 });
  });

  it('says nothing of another attempt, or of a touch on another channel', async () => {
    for (const contact of [{ attempt: 2 }, { channel: 'call' }]) {
      const world = await aSentText({ contact });
      await world.receipt('failed');
      expect(await world.account()).toMatchObject({ state: 'sent', revision: 1 });
    }
  });
});
