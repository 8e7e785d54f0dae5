// A whole month of the ready calendar over three hundred customers, on the real server with skipped time: holidays, deferrals, a
// pause in mid-wave, a version that takes over in mid-wave, and days on which nothing ran. What is expected is worked out anew.

import type { WaveContact, WaveRecord } from '../../ports/waves';
import { checkLedger } from '../../reports/proof/check';
import type { CalendarPlan } from '../../rules/calendar/plan';
import { waveId } from '../../rules/calendar/wave';
import { allTouchesOf, type Contact } from '../../rules/contact/contact';
import type { DecisionRow, LedgerRow } from '../../rules/ledger/rows';
import { DAY_MS, HOUR_MS } from '../../rules/time/durations';
import { createMatcher } from '../../rules/trigger/matcher';
import { type CalendarServer, openCalendarServer } from '../support/calendarServer';
import { aMonth, at, HOLIDAYS, type MonthScenario } from '../support/monthScenario';

jest.setTimeout(300_000);

const TAKEOVER = at('11T09:34');
const PAUSED = at('06T09:35');
const MINUTE_LATER = at('06T09:36');
const RESUMED = at('06T12:00');
const DOWN = at('26T18:00');
const UP = at('29T20:00');
const ON_HOLD = 'wave/month-start/balance/2090-03-06';

let month: MonthScenario;
let server: CalendarServer;
let waves: readonly WaveRecord[];
let contactsOf: ReadonlyMap<string, readonly WaveContact[]>;
let rows: readonly LedgerRow[];
/** Taken by the channels when the wave was paused, and just before it was resumed. */
let takenAtPause: readonly [number, number];

beforeAll(async () => {
  month = await aMonth();
  server = await openCalendarServer({ ...month, onWave: month.noteWave });
  await server.begin(month.id, at('01T00:00'));
  await firstDays();
  await pause();
  await changeOfVersion();
  await dataPacks();
  await lastDays();

  const { stores } = month;
  waves = await stores.waves.list({ limit: 1000 });
  contactsOf = new Map(
    await Promise.all(
      waves.map(async (wave) => {
        return [wave.waveId, await stores.waves.contacts(wave.waveId, { limit: 1000 })] as const;
      }),
    ),
  );
  const found: LedgerRow[] = [];
  for await (const row of stores.touches.export()) found.push(row);
  rows = found;
});
afterAll(() => server.close());

async function firstDays(): Promise<void> {
  for (const time of ['02T18:00', '03T14:20', '03T21:00', '04T00:20']) {
    await server.until(at(time));
    await staffDecide(at(time));
  }

  const opened = (await whoGot('month-balance', 'month-offer')).filter((_, i) => i % 3 === 0);
  for (const [i, { contactId, campaign }] of opened.entries()) {
    await month.happened(contactId, 'opened', at('04T21:00'), { campaign });
    const plan = { id: 'plan-58', fee: 58 };
    if (i % 4 === 0) await month.happened(contactId, 'plan-changed', at('05T10:00'), { plan });
  }
}

async function pause(): Promise<void> {
  const { waves: records } = month.stores;
  await server.until(PAUSED);
  expect(await records.move(ON_HOLD, ['running'], 'paused', PAUSED)).toBe(true);
  await server.wake(ON_HOLD);

  const taken = () =>
    month.book().filter(({ touchId }) => ON_HOLD.endsWith(waveOf(touchId))).length;
  const before = taken();
  await server.until(RESUMED);
  takenAtPause = [before, taken()];
  await records.move(ON_HOLD, ['paused'], 'running', RESUMED);
  await server.wake(ON_HOLD);
}

async function changeOfVersion(): Promise<void> {
  await server.until(at('09T12:00'));
  await month.takeOver(secondVersion(month.plan(1)), TAKEOVER, at('09T12:00'));
  await server.changed(month.id);
}

/** Other texts, and one more slot at the month's end. */
function secondVersion(plan: CalendarPlan): CalendarPlan {
  const slots = plan.slots.map((slot) => {
    const { template } = slot.touch;
    if (template !== 'month-balance' && template !== 'data-pack') return slot;
    return { ...slot, touch: { ...slot.touch, template: `${template}-2` } };
  });
  const [limit] = slots.filter(({ id }) => id === 'near-limit');
  if (!limit) throw new Error('no near-limit');

  const anchor = { kind: 'monthDay', day: -4 } as const;
  const late = { ...limit, id: 'late-limit', anchor, at: '15:00', expiresAfterHours: 48 };
  return { ...plan, version: 2, slots: [...slots, late] };
}

async function dataPacks(): Promise<void> {
  await server.until(at('17T20:00'));
  const opened = (await whoGot('data-pack')).filter((_, i) => i % 2 === 0);
  for (const [i, { contactId, campaign }] of opened.entries()) {
    await month.happened(contactId, 'opened', at('17T20:30'), { campaign });
    const product = { product: 'data-10g' };
    if (i % 3 === 0) await month.happened(contactId, 'purchase', at('17T20:40'), product);
  }
}

async function lastDays(): Promise<void> {
  await server.until(DOWN);
  await server.down(UP);
  await server.until(new Date(Date.parse(at('31T12:00')) + DAY_MS).toISOString());
}

/** Members confirm at once what is for a customer of an even number; the others' time runs out. */
async function staffDecide(now: string): Promise<void> {
  for (const contact of await month.contacts())
    for (const { touchId, state, settleBy, at: tasked } of allTouchesOf(contact)) {
      if (state !== 'tasked') continue;
      const { contactId } = contact;
      const { touches } = month.stores;

      if (isEven(contactId))
        await touches.settle(contactId, touchId, { settled: 'sent', deliveredAt: tasked, at: now });
      else if (settleBy !== undefined && settleBy <= now) {
        const reason = { kind: 'unconfirmed' } as const;
        await touches.settle(contactId, touchId, { settled: 'released', reason, at: now });
      }
    }
}

const isEven = (contactId: string): boolean => Number(contactId.slice(-1)) % 2 === 0;

/** `month-start/balance/2090-03-06` of the id of a touch. */
const waveOf = (touchId: string): string => touchId.split('/').slice(0, 3).join('/');

async function whoGot(...campaigns: readonly string[]) {
  return (await month.contacts()).flatMap(({ contactId, touches }) => {
    const touch = touches.find(
      ({ campaign = '', state }) => state === 'sent' && campaigns.includes(campaign),
    );
    return touch ? [{ contactId, campaign: touch.campaign }] : [];
  });
}

// What is due, worked out by hand: the dates of the slots of fixed days, and the days after the bill of the others.

const DATES: Readonly<Record<string, string>> = {
  'hot-topics': '2090-03-02', // the second work day
  'data-pack': '2090-03-17', // the 15th and 16th are days of rest
  'data-remind': '2090-03-18', // a Saturday on which people work
  'near-limit': '2090-03-27',
  'late-limit': '2090-03-28',
  reset: '2090-03-29',
};
const AFTER_BILL: Readonly<Record<string, number>> = {
  ...{ 'upsell-88': 1, 'upsell-58': 1, balance: 1, 'offer-88': 2, 'offer-58': 2, remind: 5 },
};

function dueIn(
  { calendarVersion, slotId, date }: WaveRecord,
  people: readonly Contact[],
): string[] {
  const slot = month.plan(calendarVersion).slots.find(({ id }) => id === slotId);
  const matches = createMatcher(slot?.audience ?? {});
  const within = slot?.delivery?.openedWithinDays;

  return people
    .filter((contact) => isDated(slotId, date, contact.billDay) && matches(contact))
    .filter(({ facts }) => within === undefined || daysSince(facts?.openedAt, date) <= within)
    .map(({ contactId }) => contactId);
}

function isDated(slotId: string, date: string, billDay = 0): boolean {
  if (DATES[slotId] !== undefined) return DATES[slotId] === date;
  return Number(date.slice(8)) === billDay + (AFTER_BILL[slotId] ?? 0);
}

const daysSince = (instant: string | undefined, date: string): number =>
  instant === undefined
    ? Number.POSITIVE_INFINITY
    : (Date.parse(date) - Date.parse(local(instant).slice(0, 10))) / DAY_MS;

/** As the clock in Shanghai shows it: `2090-03-06T09:35`. */
const local = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * HOUR_MS).toISOString().slice(0, 16);

const waveNamed = (slotId: string, date: string): WaveRecord => {
  const wave = waves.find((each) => each.slotId === slotId && each.date === date);
  if (!wave) throw new Error(`no wave ${slotId} of ${date}`);
  return wave;
};
const peopleOf = (wave: WaveRecord): readonly WaveContact[] => contactsOf.get(wave.waveId) ?? [];

/** Passes that were not released again. */
function passes(): readonly DecisionRow[] {
  const passed = new Map<string, DecisionRow>();
  const byTime = rows.toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));

  for (const row of byTime)
    if (row.kind === 'decision' && row.verdict === 'pass') passed.set(row.touchId, row);
    else if (row.kind === 'settlement' && row.settled === 'released') passed.delete(row.touchId);

  return [...passed.values()];
}

function byContact(of: readonly DecisionRow[]): readonly (readonly DecisionRow[])[] {
  const groups = new Map<string, DecisionRow[]>();
  for (const row of of) groups.set(row.contactId, [...(groups.get(row.contactId) ?? []), row]);
  return [...groups.values()];
}

describe('a month of the ready calendar', () => {
  it('takes into each wave exactly those who were due when it began, and brings each to an end', () => {
    const [first] = waves;
    expect(first).toBeDefined();
    expect(server.waves.map(({ input }) => waveId(input)).sort()).toEqual(
      waves.map((wave) => wave.waveId).sort(),
    );

    for (const wave of waves) {
      const due = dueIn(wave, month.atBegin.get(wave.waveId) ?? []);
      const taken = peopleOf(wave);
      if (wave.state === 'missed') expect([wave.waveId, taken]).toEqual([wave.waveId, []]);
      else {
        expect([wave.waveId, wave.state]).toEqual([wave.waveId, 'ended']);
        expect([wave.waveId, taken.map(({ contactId }) => contactId)]).toEqual([
          wave.waveId,
          due.sort(),
        ]);
        expect(taken.filter(({ state }) => ['waiting', 'tasked'].includes(state))).toEqual([]);
      }
    }
  });

  it('reaches a customer at most once in a slot and on a date, on whatever channel', () => {
    const taken = month.book().map(({ touchId }) => touchId);
    expect(new Set(taken).size).toBe(taken.length);

    const reached = passes()
      .filter(({ touchId }) => touchId.startsWith('month-start/'))
      .map(({ touchId, contactId }) => `${waveOf(touchId)}/${contactId}`);
    expect(reached.length).toBeGreaterThan(400);
    expect(new Set(reached).size).toBe(reached.length);
  });

  it('is proved by its ledger, and by a count of its own', async () => {
    const { stores } = month;
    const violations: unknown[] = [];
    const versions = {
      policy: async (id: string, version: number) =>
        (await stores.policies.find(id, version))?.body ?? null,
      holidays: async (id: string, version: number) =>
        (await stores.holidays.find(id, version))?.body ?? null,
    };
    for await (const event of checkLedger({ rows: stores.touches.export(), versions }))
      if ('kind' in event) violations.push(event);
    expect(violations).toEqual([]);

    for (const own of byContact(passes())) {
      const marketing = own.filter((row) => row.class === 'marketing').map((row) => row.at);
      const service = own.filter((row) => row.class === 'service').map((row) => row.at);
      for (const instants of [marketing, service])
        expect(new Set(instants.map((instant) => local(instant).slice(0, 10))).size).toBe(
          instants.length,
        );
      for (const [i, instant] of marketing.sort().entries()) {
        const next = marketing[i + 1];
        if (next) expect(Date.parse(next) - Date.parse(instant)).toBeGreaterThanOrEqual(3 * DAY_MS);
      }
    }
  });

  it('offers nothing at night, at noon, and on days of rest', () => {
    const days: Readonly<Record<string, string>> = HOLIDAYS.days;
    const instants = passes().flatMap((row) => (row.class === 'marketing' ? [local(row.at)] : []));
    expect(instants.length).toBeGreaterThan(80);

    for (const instant of instants) {
      const [date = '', time = ''] = instant.split('T');
      const isWeekend = [0, 6].includes(new Date(date).getUTCDay());
      expect([instant, days[date] ?? (isWeekend ? 'rest' : 'work')]).toEqual([instant, 'work']);
      expect([
        instant,
        (time >= '09:00' && time < '10:36') || (time >= '14:00' && time < '21:00'),
      ]).toEqual([instant, true]);
    }
  });

  it('meets with every kind of trouble on its way', () => {
    const deferred = rows.flatMap((row) =>
      row.kind === 'decision' && row.verdict === 'deferred' ? [row.rule ?? row.reason] : [],
    );
    for (const rule of ['noon', 'rest-day', 'marketing-3-days', 'service-day'])
      expect([rule, deferred.includes(rule)]).toEqual([rule, true]);

    const states = new Set([...contactsOf.values()].flat().map(({ state }) => state));
    expect([...states].sort()).toEqual(['failed', 'missed', 'run', 'sent', 'suppressed']);
  });

  it('stands still while a wave is paused, and goes on where it stood', () => {
    const [atPause, beforeResume] = takenAtPause;
    expect(atPause).toBeGreaterThan(3);
    expect(beforeResume).toBe(atPause);

    const taken = peopleOf(waveNamed('balance', '2090-03-06'));
    const after = taken.filter((each) => each.at >= RESUMED && each.state === 'sent');
    expect(after.length).toBeGreaterThan(3);
    expect(taken.filter((each) => each.at > MINUTE_LATER && each.at < RESUMED)).toEqual([]);
  });

  it('has a wave under way end under its version, and those that start later under the next', () => {
    const under = waveNamed('balance', '2090-03-11');
    expect(under).toMatchObject({ calendarVersion: 1, template: 'month-balance@1' });
    const sent = peopleOf(under).filter(({ state }) => state === 'sent');
    expect(sent.filter((each) => each.at > TAKEOVER).length).toBeGreaterThan(3);
    const isNew = (text: string) => text.includes('新版');
    const said = (wave: string) => month.book().filter(({ touchId }) => waveOf(touchId) === wave);
    expect(said('month-start/balance/2090-03-11').some(({ text }) => isNew(text))).toBe(false);
    expect(said('month-start/data-pack/2090-03-17').every(({ text }) => isNew(text))).toBe(true);

    for (const { startedAt, calendarVersion, waveId: id } of waves)
      expect([id, calendarVersion]).toEqual([id, startedAt < TAKEOVER ? 1 : 2]);
    expect(waveNamed('data-pack', '2090-03-17').template).toBe('data-pack-2@1');
  });

  it('catches up once, in order, what has not expired while nothing ran, and records the rest as missed', () => {
    const late = server.waves
      .filter(({ at: began }) => began >= UP)
      .map(({ input }) => `${input.slotId} ${input.date}`);
    const dated = late.filter((wave) => DATES[wave.split(' ')[0] ?? ''] !== undefined);
    expect(dated).toEqual(['near-limit 2090-03-27', 'late-limit 2090-03-28', 'reset 2090-03-29']);

    const [missed, ...caught] = dated.map((wave) =>
      waveNamed(...(wave.split(' ') as [string, string])),
    );
    expect(missed).toMatchObject({ state: 'missed' });
    expect(passes().filter(({ touchId }) => touchId.includes('/near-limit/'))).toEqual([]);
    for (const wave of caught) {
      expect(wave).toMatchObject({ state: 'ended' });
      expect(peopleOf(wave).length).toBeGreaterThan(10);
    }
  });

  it('reminds those who opened a link and did not order, and nobody else', () => {
    const reminded = waves.filter(({ slotId }) => slotId === 'remind').flatMap(peopleOf);
    expect(reminded.length).toBeGreaterThan(10);
    const packs = peopleOf(waveNamed('data-remind', '2090-03-18'));
    expect(packs.length).toBeGreaterThan(3);
  });

  it('brings every run that a slot started to its end', async () => {
    const runs = [...contactsOf.values()].flat().filter(({ state }) => state === 'run');
    expect(runs.length).toBeGreaterThan(15);
    for (const { contactId } of runs)
      expect(await month.stores.runs.ofContact(contactId)).toMatchObject([
        { journey: 'monthStart', state: 'closed' },
      ]);
  });
});
