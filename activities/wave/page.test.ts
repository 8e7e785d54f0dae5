import type { Channel } from '../../ports/channel';
import type { CalendarLife } from '../../rules/calendar/life';
import { endLife, newLife, pauseLife, resumeLife } from '../../rules/calendar/lifeChanges';
import type { PlannedSlot } from '../../rules/calendar/plan';
import { waveId } from '../../rules/calendar/wave';
import type { Profile } from '../../rules/contact/contact';
import type { QuotaLimits } from '../../rules/gate/quota';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { wordsFor } from '../../rules/words/words';
import { scriptedChannel } from '../../test/fakes/channel';
import { Crash, crashAt, type Moment } from '../../test/fakes/crash';
import { NOON } from '../../test/fakes/touchScenario';
import { aSlot, aWaveScenario, WAVE, type WaveScenario } from '../../test/fakes/waveScenario';
import { reviewWaveTasks } from './review';

const ID = waveId(WAVE);
const marketing = ['marketing' as const];

describe('a wave', () => {
  it('touches everybody who is due on its date, once, under the id of the occurrence', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms]);
    expect(await wave.page()).toMatchObject({ state: 'ended', isWalked: true });
    expect(await wave.states()).toEqual(['c-1 sent', 'c-2 sent', 'c-3 sent']);
    expect(sms.book.map(({ touchId }) => touchId)).toEqual([
      'month/balance/2026-03-02/c-1',
      'month/balance/2026-03-02/c-2',
      'month/balance/2026-03-02/c-3',
    ]);
    expect(await wave.stores.waves.find(ID)).toMatchObject({ state: 'ended', template: 't@1' });
    await wave.page();
    expect(sms.book).toHaveLength(3);
  });

  it('takes its audience and the bill day from the plan, whatever the database was asked', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], {
      count: 5,
      slot: { anchor: { kind: 'billDay', offsetDays: 1 }, audience: { brand: 'globe' } },
      profiles: {
        'c-1': { brand: 'globe', billDay: 1 },
        'c-2': { brand: 'globe', billDay: 2 },
        'c-3': { brand: 'm-zone', billDay: 1 },
        'c-4': { brand: 'globe', billDay: 1 },
      },
    });
    await wave.page();
    expect(await wave.states()).toEqual(['c-1 sent', 'c-4 sent']);
  });

  it('picks by nothing personal for marketing to who has turned personalisation off, in whatever words it speaks', async () => {
    const off = { personalisation: false };
    const profiles = { 'c-1': { brand: 'globe', ...off }, 'c-2': { brand: 'globe' }, 'c-3': off };
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], { slot: { audience: { brand: 'globe' } }, profiles });
    await wave.page();
    expect(await wave.states()).toEqual(['c-1 suppressed personalisation', 'c-2 sent']);
    const [row] = await wave.stores.touches.timeline('c-1');
    expect(row).toMatchObject({
      ...{ reason: 'personalisation', rule: 'brand' },
      basis: { personalisation: 'refused', personalFeature: 'brand' },
    });

    const toAll = await aWaveScenario([scriptedChannel('sms')], {
      ...{ slot: { audience: { city: 'yunfu' } }, profiles, text: '新套餐上架，欢迎了解' },
    });
    await toAll.page();
    expect(await toAll.states()).toEqual(['c-1 sent', 'c-2 sent', 'c-3 sent']);
  });

  it('says in the ledger whose touches they were', async () => {
    const wave = await aWaveScenario([scriptedChannel('sms')], { count: 1 });
    await wave.page();
    const [row] = await wave.stores.touches.timeline('c-1');
    expect(row).toMatchObject({
      journey: 'calendar/month',
      step: 'balance',
      workflowId: ID,
      category: 'upsell',
      expiresAt: '2026-03-03T04:00:00.000Z',
    });
  });

  it('keeps those whose minute has not come, and takes them up then', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], { count: 9, slot: { spreadMinutes: 240 } });
    const { next, numbers } = await wave.page();
    expect(numbers.waiting).toBeGreaterThan(5);
    expect(Date.parse(next ?? '')).toBeGreaterThan(NOON);
    expect(await wave.duePage()).toMatchObject({ numbers });
    wave.later(4 * HOUR_MS);
    expect(await wave.duePage()).toMatchObject({ state: 'ended', numbers: { sent: 9 } });
    expect(sms.book).toHaveLength(9);
  });

  it('asks again, as the next attempt, for those whom the gate has deferred', async () => {
    const lunch = { id: 'lunch', classes: marketing, from: '11:00', to: '14:00' };
    const wave = await aWaveScenario([scriptedChannel('sms')], {
      count: 2,
      policy: { quietHours: [lunch] },
    });
    expect(await wave.page()).toMatchObject({ state: 'running', next: '2026-03-02T06:00:00.000Z' });
    expect(await wave.states()).toEqual(['c-1 waiting quiet-hours', 'c-2 waiting quiet-hours']);
    wave.later(2 * HOUR_MS);
    expect(await wave.duePage()).toMatchObject({ state: 'ended' });
    const rows = await wave.stores.touches.timeline('c-1');
    expect(rows.flatMap((row) => (row.kind === 'decision' ? row.attempt : []))).toEqual([1, 2]);
  });

  it('counts who was refused by the gate, by the channel and by time apart', async () => {
    const sms = scriptedChannel('sms', [{ refuse: 'PHONE_INVALID' }]);
    const wave = await aWaveScenario([sms]);
    await wave.stores.contacts.block('c-2', { channel: 'sms', reason: 'opt-out' });
    await wave.page();
    expect(await wave.states()).toEqual([
      'c-1 failed refused',
      'c-2 suppressed blocked',
      'c-3 sent',
    ]);
  });

  it('is missed when all of it has expired before it could begin', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], { slot: { expiresAfterHours: 2 } });
    wave.later(2 * HOUR_MS);
    expect(await wave.page()).toMatchObject({ state: 'missed', isWalked: true });
    expect(sms.book).toEqual([]);
    expect(await wave.states()).toEqual([]);
  });

  it('sends nothing to those whose offer has expired while nobody worked', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], { slot: { spreadMinutes: 60, expiresAfterHours: 3 } });
    await wave.page();
    const before = sms.book.length;
    wave.later(9 * HOUR_MS);
    await wave.duePage();
    expect(sms.book).toHaveLength(before);
    expect((await wave.states()).filter((state) => state.endsWith('missed expired'))).toHaveLength(
      3 - before,
    );
  });

  it('tries again in a minute what a channel has put off, and holds up nobody else', async () => {
    const sms = scriptedChannel('sms', ['throttle']);
    const wave = await aWaveScenario([sms]);
    expect(await wave.page()).toMatchObject({ state: 'running' });
    expect(await wave.states()).toEqual(['c-1 waiting THROTTLED', 'c-2 sent', 'c-3 sent']);
    wave.later(MINUTE_MS);
    expect(await wave.duePage()).toMatchObject({ state: 'ended', numbers: { sent: 3 } });
  });

  it('does nothing while it is paused', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], { slot: { spreadMinutes: 60 } });
    await wave.page();
    await wave.stores.waves.move(ID, ['running'], 'paused', 'x');
    const before = sms.book.length;
    wave.later(HOUR_MS);
    expect(await wave.duePage()).toMatchObject({ state: 'paused' });
    expect(sms.book).toHaveLength(before);
  });
});

describe('a wave under its calendar', () => {
  const at = new Date(NOON).toISOString();
  const act = { by: 'ops', at, reason: '系统割接' };
  const takeovers = [{ version: 1, from: at, author: 'ann', approvedBy: 'bob', at }];
  const active: CalendarLife = { ...newLife('month'), takeovers, revision: 1 };
  const paused = pauseLife(active, act);
  const resumed = resumeLife(paused, act);

  /** In its minutes: some are touched, the others wait. */
  async function inItsMiddle() {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], { count: 9, slot: { spreadMinutes: 60 } });
    const { calendarLives, waves } = wave.stores;
    await calendarLives.keep(active);
    await wave.page();
    const before = sms.book.length;
    wave.later(HOUR_MS);
    return { ...wave, sms, before, keep: calendarLives.keep, find: () => waves.find(ID) };
  }

  it('is held by a pause that nobody has told it of', async () => {
    const { sms, before, keep, find, duePage } = await inItsMiddle();
    await keep(paused);
    expect(await duePage()).toMatchObject({ state: 'paused' });
    expect(sms.book).toHaveLength(before);
    expect(await find()).toMatchObject({ state: 'held' });
  });

  it('goes on once the calendar is resumed, and touches each once', async () => {
    const { sms, keep, duePage } = await inItsMiddle();
    await keep(paused);
    await duePage();
    await keep(resumed);
    expect(await duePage()).toMatchObject({ state: 'ended', numbers: { sent: 9 } });
    expect(sms.book).toHaveLength(9);
  });

  it('touches nobody when it begins under a pause', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms]);
    await wave.stores.calendarLives.keep(active);
    await wave.stores.calendarLives.keep(paused);
    expect(await wave.page()).toMatchObject({ state: 'paused', isWalked: false });
    expect(sms.book).toEqual([]);
    expect(await wave.states()).toEqual([]);
  });

  it('is not left held by a pause that is over when the hold is kept', async () => {
    const { keep, duePage, stores } = await inItsMiddle();
    await keep(paused);
    const { move } = stores.waves;
    stores.waves.move = async (...given) => {
      stores.waves.move = move;
      await keep(resumed); // finds nothing held, and wakes nobody
      return await move(...given);
    };
    expect(await duePage()).toMatchObject({ state: 'ended', numbers: { sent: 9 } });
  });

  it('is cancelled with a calendar that is ended so, and finishes with one that is not', async () => {
    const cancelled = await inItsMiddle();
    await cancelled.keep(endLife(active, { ...act, waves: 'cancel' }));
    await cancelled.duePage();
    expect(cancelled.sms.book).toHaveLength(cancelled.before);
    expect(await cancelled.find()).toMatchObject({ state: 'cancelled' });
    expect((await cancelled.states()).join()).not.toContain('waiting');

    const finished = await inItsMiddle();
    await finished.keep(endLife(active, { ...act, waves: 'finish' }));
    expect(await finished.duePage()).toMatchObject({ state: 'ended', numbers: { sent: 9 } });
  });

  it('touches nobody of the pages after the one during which it was paused', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], { count: 600, slot: { spreadMinutes: 60 } });
    const { calendarLives } = wave.stores;
    await calendarLives.keep(active);
    await wave.page();
    await wave.page();
    const before = sms.book.length;
    wave.later(HOUR_MS);
    const { deliverMany } = sms;
    sms.deliverMany = async (...given) => {
      sms.deliverMany = deliverMany;
      await calendarLives.keep(paused);
      return await deliverMany(...given);
    };
    expect(await wave.duePage()).toMatchObject({ state: 'paused' });
    expect(sms.book).toHaveLength(before + 500);
  });
});

describe('waves of the same day', () => {
  const cap = {
    ...{ id: 'day', classes: marketing, counts: marketing, limit: 1 },
    window: { kind: 'calendar' as const, unit: 'day' as const },
  };
  const high = aSlot({ id: 'high', at: '15:00', priority: 50, audience: { brand: 'globe' } });

  it('the lower one gives way, contact by contact, and says to which touch', async () => {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([sms], {
      ...{ count: 2, policy: { caps: [cap] }, profiles: { 'c-2': { brand: 'globe' } } },
      others: { slots: [aSlot({ expiresAfterHours: 2 }), high] },
    });
    const at = '2026-01-01T00:00:00.000Z';
    await wave.stores.calendarLives.keep({
      ...{ calendarId: 'month', state: 'active', revision: 1 },
      takeovers: [{ version: 1, from: at, author: 'a', approvedBy: 'b', at }],
    });
    await wave.page();
    expect(await wave.states()).toEqual(['c-1 sent', 'c-2 suppressed yields-to']);
    const [row] = await wave.stores.touches.timeline('c-2');
    expect(row).toMatchObject({
      ...{ verdict: 'suppressed', reason: 'yields-to', rule: 'month/high/2026-03-02/c-2' },
    });
    if (row?.kind === 'decision')
      expect(wordsFor(row, 'zh-CN')).toBe(
        '不触达：让位于优先级更高的触达「month/high/2026-03-02/c-2」',
      );
  });
});

test('a wave touches with the product that its slot means, whatever version of the catalogue that pins', async () => {
  const touch = { channel: 'sms', class: 'marketing' as const, product: 'p-58@3', template: 't@1' };
  const wave = await aWaveScenario([scriptedChannel('sms')], { count: 1, slot: { touch } });
  await wave.page();
  expect(await wave.stores.touches.timeline('c-1')).toMatchObject([{ product: 'p-58' }, {}]);
});

describe('a wave over WeCom', () => {
  const slot = {
    touch: { channel: 'wecom', class: 'marketing' as const, category: 'upsell', template: 't@1' },
  };
  const aTasked = async (over: Parameters<typeof aWaveScenario>[1] = {}) => {
    const wave = await aWaveScenario([scriptedChannel('wecom', [], 'tasked')], { slot, ...over });
    await wave.page();
    return wave;
  };

  it('waits for staff, and learns how its tasks ended by looking at them', async () => {
    const wave = await aTasked();
    expect(await wave.states()).toEqual(['c-1 tasked', 'c-2 tasked', 'c-3 tasked']);
    const { settle } = wave.stores.touches;
    const at = new Date(NOON).toISOString();
    await settle('c-1', 'month/balance/2026-03-02/c-1', { settled: 'sent', at });
    await settle('c-2', 'month/balance/2026-03-02/c-2', {
      settled: 'released',
      reason: { kind: 'unconfirmed' },
      at,
    });
    wave.later(15 * MINUTE_MS);
    expect(await wave.duePage()).toMatchObject({ state: 'running' });
    expect(await wave.states()).toEqual(['c-1 sent', 'c-2 failed unconfirmed', 'c-3 tasked']);
    expect(wave.engine.signalled).toEqual([]);
  });

  it('looks at open tasks with longer and longer pauses, and after their deadline', async () => {
    const wave = await aTasked({ count: 1 });
    const looks: (string | undefined)[] = [];
    for (let look = 0; look < 7; look++) {
      const { dueAt = '' } = (await wave.contact('c-1')) ?? {};
      looks.push(dueAt.slice(8, 16));
      wave.time.now = Date.parse(dueAt);
      await wave.duePage();
    }
    expect(looks).toEqual([
      ...['02T04:15', '02T05:00', '02T07:00', '02T12:00', '03T00:00'],
      ...['03T04:30', '03T04:45'],
    ]);
  });

  it('takes back what has become wrong while it was handed over', async () => {
    const wecom = scriptedChannel('wecom', [], 'tasked');
    const wave = await aWaveScenario([wecom], { slot, count: 2 });
    const { deliverMany } = wecom;
    wecom.deliverMany = async (...given) => {
      await wave.stores.contacts.block('c-2', { channel: 'wecom', reason: 'opt-out' });
      return deliverMany(...given);
    };
    await wave.page();
    expect(await wave.states()).toEqual(['c-1 tasked', 'c-2 tasked blocked']);
    expect(wave.engine.withdrawn).toEqual([
      { msgid: 'wecom-2', touchId: 'month/balance/2026-03-02/c-2' },
    ]);
  });

  it('judges the tasks of a customer again as soon as somebody hastens them', async () => {
    const wave = await aTasked();
    await wave.stores.contacts.block('c-2', { channel: 'wecom', reason: 'opt-out' });
    await wave.stores.waves.hasten(['c-2'], new Date(0).toISOString());
    expect(await reviewWaveTasks(wave.call())).toEqual({ more: false });
    expect(wave.engine.withdrawn.map(({ touchId }) => touchId)).toEqual([
      'month/balance/2026-03-02/c-2',
    ]);
    const at = new Date(NOON).toISOString();
    await wave.stores.touches.settle('c-2', 'month/balance/2026-03-02/c-2', {
      settled: 'released',
      reason: { kind: 'withdrawn', rule: 'blocked:opt-out' },
      at,
    });
    wave.later(MINUTE_MS);
    await wave.duePage();
    expect(await wave.contact('c-2')).toMatchObject({ state: 'suppressed', reason: 'withdrawn' });
  });

  it('takes all of its open tasks back when it is cancelled, and touches nobody else', async () => {
    const wave = await aTasked({ count: 6, slot: { ...slot, spreadMinutes: 120 } });
    wave.later(HOUR_MS);
    const { numbers } = await wave.duePage();
    expect(numbers.waiting).toBeGreaterThan(0);
    expect(numbers.tasked).toBeGreaterThan(0);

    await wave.stores.waves.move(ID, ['running'], 'cancelled', 'x');
    const { next } = await wave.duePage();
    expect(next).toBeDefined();
    expect(wave.engine.withdrawn).toHaveLength(numbers.tasked);
    await wave.duePage();
    expect(wave.engine.withdrawn).toHaveLength(numbers.tasked);
    const states = await wave.states();
    expect(states.filter((state) => state.endsWith('suppressed cancelled'))).toHaveLength(
      numbers.waiting,
    );
  });
});

/** The channel, to which the number of one contact is no number. */
function refusing(channel: Channel, contactId: string): Channel {
  const refused = { kind: 'refused', reason: 'PHONE_INVALID', retryable: false } as const;
  return {
    ...channel,
    deliverMany: async (deliveries, isOver) => {
      const others = deliveries.filter((each) => each.contactId !== contactId);
      const answers = await channel.deliverMany(others, isOver);
      return deliveries.map((each) => {
        const answer = answers[others.indexOf(each)];
        return answer ?? { status: 'fulfilled', value: refused };
      });
    },
  };
}

describe('a wave that is paced to its staff', () => {
  const touch = {
    ...{ channel: 'wecom', class: 'marketing' as const, category: 'upsell', template: 't@1' },
  };
  const friend = (staffId: string, externalUserId: string, addedAt: string) => ({
    ...{ staffId, externalUserId, state: 'friend' as const, addedAt },
  });
  const both = (n: number): Partial<Profile> => ({
    relations: [
      friend('s-1', `wm-${n}`, '2026-02-02T00:00:00.000Z'),
      friend('s-2', `wm-${n}`, '2026-01-01T00:00:00.000Z'),
    ],
  });
  const at = new Date(NOON).toISOString();

  async function limited(limits: QuotaLimits, slot: Partial<PlannedSlot> = {}) {
    const wave = await aWaveScenario([scriptedChannel('wecom', [], 'tasked')], {
      slot: { touch, ...slot },
      profiles: { 'c-1': both(1), 'c-2': both(2), 'c-3': both(3) },
    });
    await wave.stores.quotas.draft('default', limits, 'test', at);
    await wave.stores.quotas.publish('default', 1, 'test', at);
    return wave;
  }

  it('asks a member for so many confirmations at once, and for the next when one is settled', async () => {
    const wave = await limited({ staffOpen: 2 });
    await wave.page();
    expect(await wave.states()).toEqual(['c-1 tasked', 'c-2 tasked', 'c-3 waiting quota']);
    expect(await wave.contact('c-3')).toMatchObject({
      ...{ rule: 'staff-open/s-1', dueAt: '2026-03-02T04:30:00.000Z' },
    });
    const used = async () => (await wave.stores.quotaUnits.used(['staff-open/s-1']))[0];
    expect(await used()).toBe(2);
    await wave.stores.touches.settle('c-1', 'month/balance/2026-03-02/c-1', {
      settled: 'sent',
      at,
    });
    expect(await used()).toBe(1);
    wave.later(30 * MINUTE_MS);
    await wave.duePage();
    expect(await wave.states()).toEqual(['c-1 sent', 'c-2 tasked', 'c-3 tasked']);
    expect(await used()).toBe(2);
  });

  it('goes on through another member who is a friend, where the slot says so', async () => {
    const wave = await limited({ staffPerDay: 1 }, { delivery: { whenStaffFull: 'reroute' } });
    await wave.page();
    await wave.duePage();
    expect(await wave.states()).toEqual(['c-1 tasked', 'c-2 tasked', 'c-3 waiting quota']);
    expect(await wave.contact('c-2')).toMatchObject({ staffId: 's-2', attempt: 2 });
    expect(await wave.contact('c-3')).toMatchObject({ dueAt: '2026-03-02T16:00:00.000Z' });
  });
});

describe('a wave that goes on elsewhere', () => {
  it('touches on the next channel whom the first one cannot reach, as a touch of its own', async () => {
    const touch = { channel: 'wecom', class: 'marketing' as const, template: 't@1' };
    const sms = scriptedChannel('sms');
    const wecom = scriptedChannel('wecom', [{ refuse: '84061' }], 'tasked');
    const wave = await aWaveScenario([wecom, sms], {
      slot: { touch, delivery: { fallback: ['sms'] } },
      profiles: {
        'c-2': { relations: [], channels: { sms: { reachable: true } } },
      },
    });
    await wave.page();
    await wave.duePage();
    expect(await wave.states()).toEqual(['c-1 sent', 'c-2 sent', 'c-3 tasked']);
    expect(sms.book.map(({ touchId }) => touchId)).toEqual([
      'month/balance/2026-03-02/c-1/sms',
      'month/balance/2026-03-02/c-2/sms',
    ]);
  });

  describe('whom no member of staff confirmed in time', () => {
    const touch = { channel: 'wecom', class: 'marketing' as const, template: 't@1' };
    const delivery = { fallback: ['sms' as const], confirmWithinHours: 2 };

    /** Its task has ended so, and the wave looks at it two and a half hours after it asked. */
    async function unconfirmed(
      slot: Partial<PlannedSlot>,
      beforeLook?: (wave: WaveScenario) => Promise<void>,
    ) {
      const sms = scriptedChannel('sms');
      const wecom = scriptedChannel('wecom', [], 'tasked');
      const wave = await aWaveScenario([wecom, sms], {
        ...{ count: 1, slot: { touch, delivery, ...slot } },
        profiles: { 'c-1': { channels: { sms: { reachable: true } } } },
      });
      await wave.page();
      await wave.stores.touches.settle('c-1', 'month/balance/2026-03-02/c-1', {
        ...{ settled: 'released', reason: { kind: 'unconfirmed' } },
        at: new Date(NOON + 2 * HOUR_MS).toISOString(),
      });
      wave.later(2.5 * HOUR_MS);
      await beforeLook?.(wave);
      await wave.duePage();
      await wave.duePage();
      return { sms: sms.book.map(({ touchId }) => touchId), states: await wave.states() };
    }

    it('is touched on the next channel while the offer lives', async () => {
      expect(await unconfirmed({})).toEqual({
        sms: ['month/balance/2026-03-02/c-1/sms'],
        states: ['c-1 sent'],
      });
    });

    it('has failed when the offer has expired, or the slot has no other channel', async () => {
      const failed = { sms: [], states: ['c-1 failed unconfirmed'] };
      expect(await unconfirmed({ expiresAfterHours: 2 })).toEqual(failed);
      expect(await unconfirmed({ delivery: { confirmWithinHours: 2 } })).toEqual(failed);
    });

    it('is left alone when the task was taken back as wrong before', async () => {
      const found = await unconfirmed({}, async ({ stores, contact }) => {
        const task = await contact('c-1');
        if (!task) throw new Error('no c-1');
        const { revision } = task;
        await stores.waves.keep([{ ...task, takenBack: 'suppressed', revision: revision + 1 }]);
      });
      expect(found).toEqual({ sms: [], states: ['c-1 failed unconfirmed'] });
    });
  });

  it('gives each contact a run of the journey instead, once', async () => {
    const wave = await aWaveScenario([], {
      count: 2,
      slot: { delivery: { journey: 'monthStart' } },
    });
    expect(await wave.page()).toMatchObject({ state: 'ended', numbers: { run: 2 } });
    await wave.page();
    expect(wave.engine.starts.map(({ workflowId, city }) => [workflowId, city])).toEqual([
      ['monthStart/c-1/2026-03-02', 'yunfu'],
      ['monthStart/c-2/2026-03-02', 'yunfu'],
    ]);
  });

  it('starts the run of the very bill that has come out, and of the date where none is known', async () => {
    const billed = (billedAt: string) => ({ billDay: 1, facts: { billedAt } });
    const wave = await aWaveScenario([], {
      count: 3,
      slot: { delivery: { journey: 'monthStart' } },
      profiles: {
        'c-1': billed('2026-02-28T17:00:00.000Z'), // the first of March in Shanghai
        'c-2': billed('2026-02-01T02:00:00.000Z'),
      },
    });
    await wave.page();
    expect(wave.engine.starts.map(({ workflowId }) => workflowId)).toEqual([
      'monthStart/c-1/2026-03-01',
      'monthStart/c-2/2026-03-02',
      'monthStart/c-3/2026-03-02',
    ]);
  });
});

describe('a wave whose worker dies', () => {
  const lunch = {
    id: 'lunch',
    classes: marketing,
    channels: ['sms' as const],
    from: '11:00',
    to: '12:30',
  };
  const audience = { 'facts.a': { $exists: true } };

  async function play(step: number, moment: Moment) {
    const sms = scriptedChannel('sms');
    const wave = await aWaveScenario([refusing(sms, 'c-2')], {
      count: 5,
      slot: { spreadMinutes: 30, audience },
      policy: { quietHours: [lunch] },
      profiles: Object.fromEntries(
        ['c-1', 'c-2', 'c-4', 'c-5'].map((id) => [id, { facts: { a: 1 } }]),
      ),
    });
    await wave.stores.contacts.block('c-4', { channel: 'sms', reason: 'opt-out' });
    const crash = crashAt(step, moment);

    for (let turn = 0; turn < 12; turn++) {
      try {
        const { isWalked, state } = turn === 0 ? await wave.page(crash.wrap) : await wave.page();
        if (state === 'ended') break;
        if (isWalked) wave.later(15 * MINUTE_MS);
        if (isWalked) await wave.duePage(crash.wrap);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
    const rows = await Promise.all(
      ['c-1', 'c-2', 'c-4', 'c-5'].map((id) => wave.stores.touches.timeline(id)),
    );
    return {
      steps: crash.steps,
      states: await wave.states(),
      delivered: sms.book.map(({ contactId }) => contactId).sort(),
      rows: rows.map((all) =>
        all.map((row) => (row.kind === 'decision' ? `${row.verdict} ${row.attempt}` : row.settled)),
      ),
    };
  }

  it('after any step touches nobody twice and loses nobody', async () => {
    const { steps, ...undisturbed } = await play(Number.POSITIVE_INFINITY, 'before');
    expect(undisturbed.states).toHaveLength(4);
    expect(undisturbed.delivered).toHaveLength(2);
    expect(steps).toBeGreaterThan(40);

    for (let step = 1; step <= steps; step++)
      for (const moment of ['before', 'after'] as const) {
        const { states, delivered } = await play(step, moment);
        expect({ step, moment, states, delivered }).toEqual({
          ...{ step, moment },
          ...{ states: undisturbed.states, delivered: undisturbed.delivered },
        });
      }
  });
});
