import { createMemoryStores } from '../models/memory/stores';
import type { PreviewAsked, PreviewProgress } from '../ports/previews';
import type { Stores } from '../ports/stores';
import type { CalendarPlan, PlannedSlot } from '../rules/calendar/plan';
import type { PreviewedTouch } from '../rules/calendar/preview';
import { CHANNEL_NAMES } from '../rules/contact/contact';
import type { Policy } from '../rules/policy/policy.schema';
import { previewCalendar } from './preview';

const NOW = '2026-12-01T00:00:00.000Z'; // 08:00 in Shanghai, a Tuesday
const channels = CHANNEL_NAMES.map((name) => ({ name, maxBytes: 2000 }));
const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const aSlot = (fields: Partial<PlannedSlot> = {}): PlannedSlot => ({
  id: 'upsell',
  anchor: { kind: 'weekly', weekdays: EVERY_DAY },
  at: '10:00',
  touch: { channel: 'wecom', class: 'marketing', category: 'plan-upsell', template: 't' },
  ...fields,
});

interface Given {
  readonly slots?: readonly PlannedSlot[];
  readonly policy?: Partial<Policy>;
  readonly contacts?: number;
  readonly plan?: Partial<CalendarPlan>;
}

async function aProvince({ slots = [aSlot()], policy, contacts = 3, plan }: Given = {}) {
  const stores = createMemoryStores();
  await publish(stores, 'policies', 'default', {
    ...{ id: 'default', version: 1, timezone: 'Asia/Shanghai' },
    ...policy,
  });
  const texts = { wecom: '您好，{{productName}}', sms: '您好', call: '您好' };
  await publish(stores, 'templates', 't', {
    class: 'marketing',
    texts: { ...texts, wecom: '您好' },
  });
  await stores.contacts.upsertMany(
    Array.from({ length: contacts }, (_, i) => ({
      ...{ contactId: `c-${i + 1}`, city: 'guangzhou', billDay: i + 1 },
      phone: `1380000${String(i).padStart(4, '0')}`,
      channels: { sms: { reachable: true }, wecom: { reachable: true } },
      relations: [
        {
          ...{ staffId: `s-${i % 2}`, externalUserId: `wm-${i}`, state: 'friend' as const },
          addedAt: '2026-01-01T00:00:00Z',
        },
      ],
    })),
    NOW,
  );
  const body: CalendarPlan = { id: 'month', version: 1, timezone: 'Asia/Shanghai', slots, ...plan };
  await stores.calendars.draft('month', body, 'ann', NOW);

  return { stores, preview: (over: Partial<PreviewAsked> = {}) => preview(stores, over) };
}

async function publish(
  stores: Stores,
  library: 'policies' | 'templates' | 'holidays' | 'blackouts' | 'quotas',
  id: string,
  body: object,
): Promise<void> {
  const into = stores[library] as Stores['policies'];
  const { version } = await into.draft(id, body as Policy, 'ann', NOW);
  await into.publish(id, version, 'ann', NOW);
}

async function inForce(stores: Stores, id: string, slots: readonly PlannedSlot[]): Promise<void> {
  const plan: CalendarPlan = { id, version: 1, timezone: 'Asia/Shanghai', slots };
  await stores.calendars.draft(id, plan, 'ann', NOW);
  await stores.calendarLives.keep({
    ...{ calendarId: id, state: 'active', revision: 1 },
    takeovers: [{ version: 1, from: NOW, author: 'ann', approvedBy: 'bob', at: NOW }],
  });
}

const ASKED = { calendarId: 'month', version: 1, from: '2026-12-01', to: '2026-12-01' };

const preview = (
  stores: Stores,
  over: Partial<PreviewAsked> = {},
  progress: (progress: PreviewProgress) => void = () => {},
) =>
  previewCalendar(
    { ...ASKED, author: 'ann', ...over },
    {
      ...{ stores, channels, clock: { now: () => Date.parse(NOW) }, progress },
      signal: new AbortController().signal,
    },
  );

/** Notes every call as `store.method`. */
function watched(stores: Stores, asked: Set<string>): Stores {
  const watch = <T extends object>(name: string, store: T): T =>
    new Proxy(store, {
      get(of, method: string) {
        asked.add(`${name}.${method}`);
        return Reflect.get(of, method);
      },
    });
  const entries = Object.entries(stores).map(([name, store]) => [name, watch(name, store)]);
  return Object.fromEntries(entries) as unknown as Stores;
}

const line = ({ slotId, date, contactId, outcome, reason = '', at }: PreviewedTouch): string =>
  `${date} ${slotId} ${contactId} ${outcome}${reason && ` ${reason}`} ${at.slice(5, 16)}`;

const CAP = {
  caps: [
    {
      id: 'week',
      scope: { class: ['marketing'] },
      limit: 1,
      window: { kind: 'calendar', unit: 'week' },
    },
  ],
};

describe('a preview', () => {
  it('warns of a year whose rest days nobody has arranged, and leaves out blacked-out dates', async () => {
    const { stores, preview: asked } = await aProvince();
    expect((await asked()).report.holidays).toMatchObject([
      { kind: 'unarranged-year', year: 2026 },
    ]);

    await publish(stores, 'holidays', 'cn', { days: { '2026-10-01': 'rest' }, names: {} });
    const day = { from: '2026-12-01', to: '2026-12-01', reason: '系统割接', by: '省公司' };
    await publish(stores, 'blackouts', 'default', { blackouts: [day] });
    expect((await asked()).report).toMatchObject({ holidays: [], occurrences: 0 });
  });

  it('says of every occurrence what would become of it, and who would be asked to confirm it', async () => {
    const { preview: asked } = await aProvince();
    const { report, touches } = await asked();
    expect(touches.map(line)).toEqual([
      '2026-12-01 upsell c-1 passed 12-01T02:00',
      '2026-12-01 upsell c-2 passed 12-01T02:00',
      '2026-12-01 upsell c-3 passed 12-01T02:00',
    ]);
    expect(report).toMatchObject({ contacts: 3, occurrences: 3, passed: 3, problems: [] });
    expect(report.staff).toEqual([
      { staffId: 's-0', date: '2026-12-01', confirmations: 2 },
      { staffId: 's-1', date: '2026-12-01', confirmations: 1 },
    ]);
  });

  it('changes nothing: no touch, no row, no wave', async () => {
    const { stores, preview: asked } = await aProvince();
    const before = JSON.stringify(await stores.contacts.findMany(['c-1', 'c-2', 'c-3']));
    await asked();
    expect(JSON.stringify(await stores.contacts.findMany(['c-1', 'c-2', 'c-3']))).toBe(before);
    expect(await stores.waves.list({ limit: 10 })).toEqual([]);
    expect(await stores.touches.totals()).toEqual([]);
  });

  it('asks the live stores for nothing but what they know', async () => {
    const { stores } = await aProvince({ policy: CAP as Partial<Policy> });
    await publish(stores, 'quotas', 'default', { cities: { guangzhou: 2 } });
    const asked = new Set<string>();
    await preview(watched(stores, asked), { to: '2026-12-03' });

    const reads = /^(current|find|publications|list|used|page)$/;
    expect([...asked].filter((call) => !reads.test(call.split('.')[1] ?? ''))).toEqual([]);
    expect(asked).toContain('quotaUnits.used');
  });

  it('counts what it would have sent itself: the second of a week meets the cap of the first', async () => {
    const { preview: asked } = await aProvince({ policy: CAP as Partial<Policy>, contacts: 1 });
    const { touches, report } = await asked({ to: '2026-12-02' });
    expect(touches.map(line)).toEqual([
      '2026-12-01 upsell c-1 passed 12-01T02:00',
      expect.stringMatching(/^2026-12-02 upsell c-1 (suppressed|missed)/),
    ]);
    expect(report.reasons[0]?.count).toBe(1);
  });

  it('holds through quiet hours and goes on afterwards, as the run would', async () => {
    const HELD = { reason: 'quiet-hours', rule: 'morning' };
    const { preview: asked } = await aProvince({
      policy: {
        quietHours: [{ id: 'morning', from: '09:00', to: '14:00', classes: ['marketing'] }],
      },
      contacts: 1,
    });
    const { touches, report } = await asked();
    expect(touches).toMatchObject([
      { outcome: 'passed', heldBy: HELD, at: '2026-12-01T06:00:00.000Z' },
    ]);
    expect(report.reasons).toEqual([{ outcome: 'held', ...HELD, count: 1 }]);
  });

  it('shows whom of the staff it asks on which day, also by the channel to fall back on', async () => {
    const { stores, preview: asked } = await aProvince({
      slots: [
        aSlot({
          touch: { channel: 'sms', class: 'marketing', template: 't' },
          delivery: { fallback: ['wecom'] },
        }),
      ],
      contacts: 3,
    });
    const channels = { sms: { reachable: false }, wecom: { reachable: true } };
    const unreachable = ['c-1', 'c-2', 'c-3'].map((contactId) => ({ contactId, channels }));
    await stores.contacts.upsertMany(unreachable, NOW);
    await publish(stores, 'quotas', 'default', { staffPerDay: 1 });
    const { touches, report } = await asked();

    expect(touches.map(line)).toEqual([
      '2026-12-01 upsell c-1 passed 12-01T02:00',
      '2026-12-01 upsell c-2 passed 12-01T02:00',
      '2026-12-01 upsell c-3 passed 12-01T16:00',
    ]);
    expect(touches.map(({ heldBy }) => heldBy?.reason)).toEqual([undefined, undefined, 'quota']);
    expect(report.staff).toEqual([
      { staffId: 's-0', date: '2026-12-01', confirmations: 1 },
      { staffId: 's-1', date: '2026-12-01', confirmations: 1 },
      { staffId: 's-0', date: '2026-12-02', confirmations: 1 },
    ]);
  });

  it('does not call an offer held that goes on at once through another member', async () => {
    const { stores, preview: asked } = await aProvince({
      slots: [aSlot({ delivery: { whenStaffFull: 'reroute' } })],
      contacts: 3,
    });
    const [contact] = await stores.contacts.findMany(['c-3']);
    const [friend] = contact?.relations ?? [];
    if (!friend) throw new Error('no friend');
    const relations = [friend, { ...friend, staffId: 's-9', externalUserId: 'wm-9' }];
    await stores.contacts.upsertMany([{ contactId: 'c-3', relations }], NOW);
    await publish(stores, 'quotas', 'default', { staffPerDay: 1 });

    const { touches, report } = await asked();
    expect(touches.at(-1)).toMatchObject({ contactId: 'c-3', outcome: 'passed', staffId: 's-9' });
    expect(report).toMatchObject({ passed: 3, held: 0 });
  });

  it('asks who was touched before as it is when each wave begins', async () => {
    const touch = { channel: 'wecom', class: 'marketing', template: 't', campaign: 'k-1' } as const;
    const audience = { 'touches.campaign': 'k-1' };
    const { preview: asked } = await aProvince({
      slots: [
        aSlot({ touch, anchor: { kind: 'date', date: '2026-12-02' } }),
        aSlot({ id: 'again', audience }),
      ],
    });

    const { report } = await asked({ to: '2026-12-03' });
    expect(report.slots.map(({ slotId, occurrences }) => [slotId, occurrences])).toEqual([
      ['again', 3],
      ['upsell', 3],
    ]);
  });

  it('starts from what was sent before, and from what shared limits have left', async () => {
    const { stores, preview: asked } = await aProvince({
      slots: [aSlot({ expiresAfterHours: 4 })],
    });
    await publish(stores, 'quotas', 'default', { cities: { guangzhou: 2 } });
    const scope = 'city/guangzhou/2026-12-01';
    await stores.quotaUnits.take([{ key: 'before', takes: [{ scope, limit: 2 }] }]);
    const { report } = await asked();
    expect(report.passed).toBe(1);
    expect(await stores.quotaUnits.used([scope])).toEqual([1]);
  });

  it('gives way to nothing that was due before the calendar would be in force', async () => {
    const anchor = { kind: 'date', date: '2026-12-01' } as const;
    const { preview: asked } = await aProvince({
      slots: [aSlot({ id: 'early', anchor, at: '07:00', priority: 90 }), aSlot({ priority: 10 })],
      policy: CAP as Partial<Policy>,
      contacts: 1,
    });
    const { touches } = await asked();
    expect(touches.map(line)).toEqual(['2026-12-01 upsell c-1 passed 12-01T02:00']);
  });

  it('shows where another calendar in force meets it', async () => {
    const { stores, preview: asked } = await aProvince({ contacts: 2 });
    await inForce(stores, 'festival', [aSlot()]);
    const { report } = await asked();
    expect(report.collisions).toEqual([
      { slots: ['festival/upsell', 'month/upsell'], contacts: 2, firstDate: '2026-12-01' },
    ]);
    expect(report.occurrences).toBe(2);
  });

  it('names a slot whose text is not published, and goes on with the others', async () => {
    const missing = { channel: 'wecom', class: 'marketing', template: 'gone' } as const;
    const { preview: asked } = await aProvince({
      slots: [aSlot(), aSlot({ id: 'broken', touch: missing })],
    });
    const { report } = await asked();
    expect(report.problems).toEqual([
      { slotId: 'broken', message: expect.stringContaining('"gone" is not published') },
    ]);
    expect(report.occurrences).toBe(3);
  });

  it('names it also where another calendar has such a slot, of the same name', async () => {
    const missing = { channel: 'wecom', class: 'marketing', template: 'gone' } as const;
    const slots = [aSlot({ id: 'broken', touch: missing })];
    const { stores, preview: asked } = await aProvince({ slots });
    await inForce(stores, 'festival', [aSlot({ id: 'broken', touch: missing, priority: 9 })]);

    const { report } = await asked();
    expect(report.problems).toMatchObject([{ slotId: 'broken' }]);
  });

  it('starts nothing of today that is past already', async () => {
    const { preview: asked } = await aProvince({ slots: [aSlot({ at: '07:00' })] });
    expect((await asked()).report.occurrences).toBe(0);
    expect((await asked({ to: '2026-12-02' })).report.occurrences).toBe(3);
  });

  it('goes by what was published when it began, whatever is published meanwhile', async () => {
    const { stores } = await aProvince({ policy: CAP as Partial<Policy>, contacts: 2 });
    const day = { from: '2026-12-01', to: '2026-12-01', reason: '系统割接', by: '省公司' };
    const published: Promise<void>[] = [];
    const { report } = await preview(stores, {}, () => {
      if (published.length > 0) return;
      published.push(publish(stores, 'blackouts', 'default', { blackouts: [day] }));
      published.push(publish(stores, 'quotas', 'default', { cities: { guangzhou: 1 } }));
    });
    await Promise.all(published);

    expect(report).toMatchObject({ occurrences: 2, passed: 2 });
    expect((await preview(stores)).report.occurrences).toBe(0);
  });

  it('is given up as soon as nobody waits for it', async () => {
    const { stores } = await aProvince();
    const abort = new AbortController();
    const given = previewCalendar(
      { ...ASKED, author: 'ann' },
      {
        ...{ stores, channels, clock: { now: () => Date.parse(NOW) } },
        signal: abort.signal,
        progress: () => abort.abort(new Error('cancelled')),
      },
    );
    await expect(given).rejects.toThrow('cancelled');
  });

  it('of a version that does not exist says which', async () => {
    const { preview: asked } = await aProvince();
    await expect(asked({ version: 9 })).rejects.toThrow('calendar month@9 does not exist');
  });
});
