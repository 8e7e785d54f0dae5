import fc from 'fast-check';
import { createMemoryStores } from '../../models/memory/stores';
import type { DuePage } from '../../ports/sequenceDoor';
import type { Sequence, SequenceStart } from '../../rules/sequence/sequence';
import { DAY_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { crashAt } from '../../test/fakes/crash';
import { createFakeEngine } from '../../test/fakes/engine';
import { createSequenceDoor } from './sequenceDoor';

/** 06:00 in Shanghai. */
const NOW = Date.parse('2026-03-01T22:00:00.000Z');
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const aSequence = (start: SequenceStart, fields: Partial<Sequence> = {}): Sequence => ({
  start,
  reentry: 'always',
  steps: [
    {
      ...{ id: 'hello', day: 0, window: { from: '09:00', to: '20:00' } },
      do: { kind: 'send', channel: 'sms', class: 'service', template: 'hello' },
    },
  ],
  ...fields,
});

async function withContacts(
  sequence: Sequence,
  contacts: readonly { readonly contactId: string; readonly facts?: object; timezone?: string }[],
) {
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  const time = { now: NOW };
  const { version } = await stores.sequences.draft('care', sequence, 'ann', formatInstant(NOW));
  await stores.sequences.publish('care', version, 'ann', formatInstant(NOW));
  await stores.contacts.upsertMany(
    contacts.map((contact) => ({ city: 'guangzhou', ...contact }) as never),
  );

  const clock = { now: () => time.now };
  const deps = { stores, engine, clock, log: silent, timezone: 'Asia/Shanghai' };
  const door = createSequenceDoor(deps);
  /** As the flow does; from a contact on where it had come so far. */
  const look = async (by = door, from: string | null = null): Promise<DuePage[]> => {
    const pages: DuePage[] = [];
    const [ref = ''] = await by.dated();
    for (let after = from; ; after = pages.at(-1)?.next ?? null) {
      pages.push(await by.look({ sequence: ref, at: formatInstant(time.now), after }));
      if (pages.at(-1)?.next === null) return pages;
    }
  };
  const started = () =>
    engine.starts.map(({ input }) => (input as { contactId: string }).contactId).sort();
  return { deps, stores, engine, time, door, look, started };
}

it('lets those in whose birthday it is, once, with the date that it counts from', async () => {
  const { look, started, engine } = await withContacts(aSequence({ kind: 'birthday' }), [
    { contactId: 'today', facts: { birthday: '1990-03-02' } },
    { contactId: 'tomorrow', facts: { birthday: '03-03' } },
    { contactId: 'unknown' },
  ]);
  expect(await look()).toEqual([{ looked: 3, started: 1, repeated: 0, refused: 0, next: null }]);
  expect(await look()).toMatchObject([{ started: 0, repeated: 1 }]);
  expect(started()).toEqual(['today']);
  expect(engine.starts).toMatchObject([
    { input: { occasion: 'birthday-2026-03-02', at: '2026-03-01T16:00:00.000Z' } },
  ]);
});

it('asks the store for those alone who may be due, and may be of the audience', async () => {
  const start = { kind: 'silent', days: 30 } as const;
  const { look, started } = await withContacts(
    aSequence(start, { audience: { 'facts.vip': true } }),
    [
      { contactId: 'a', facts: { lastSpokeAt: '2026-01-31T01:00:00.000Z', vip: true } },
      { contactId: 'b', facts: { lastSpokeAt: '2026-01-31T01:00:00.000Z', vip: false } },
      { contactId: 'c', facts: { lastSpokeAt: '2026-02-28T01:00:00.000Z', vip: true } },
      { contactId: 'd', facts: { vip: true } },
    ],
  );
  expect(await look()).toMatchObject([{ looked: 1, started: 1 }]);
  expect(started()).toEqual(['a']);
});

it('lets in by the date of where the contact lives', async () => {
  const facts = { contractEndsOn: '2026-05-01' };
  const { look, started, time } = await withContacts(
    aSequence({ kind: 'contract-end', daysBefore: 60 }),
    [
      { contactId: 'here', facts },
      { contactId: 'west', facts, timezone: 'America/New_York' },
    ],
  );
  await look();
  expect(started()).toEqual(['here']);
  time.now += DAY_MS;
  await look();
  expect(started()).toEqual(['here', 'west']);
});

it('makes up for days on which nobody looked, and refuses what is too late', async () => {
  const { look, started, stores, time } = await withContacts(
    aSequence(
      { kind: 'birthday' },
      { steps: [{ ...aSequence({ kind: 'birthday' }).steps[0], day: 2 } as never] },
    ),
    [
      { contactId: 'two-days-ago', facts: { birthday: '03-02' } },
      { contactId: 'five-days-ago', facts: { birthday: '02-27' } },
    ],
  );
  time.now += 2 * DAY_MS;
  expect(await look()).toMatchObject([{ started: 1, refused: 1 }]);
  expect(started()).toEqual(['two-days-ago']);
  expect(await stores.sequenceEntries.numbers('care')).toContainEqual(
    expect.objectContaining({ state: 'refused', reason: 'too-late' }),
  );
});

it('looks for no sequence that an event begins', async () => {
  const { door } = await withContacts(aSequence({ kind: 'added' }), []);
  expect(await door.dated()).toEqual([]);
  const nothing = { looked: 0, started: 0, repeated: 0, refused: 0, next: null };
  for (const sequence of ['care@1', 'gone@1', 'nonsense'])
    expect(await door.look({ sequence, at: formatInstant(NOW), after: null })).toEqual(nothing);
});

it('lets nobody in twice and leaves nobody out, wherever a page dies', async () => {
  const contacts = Array.from({ length: 4 }, (_, i) => ({
    contactId: `c-${i}`,
    facts: { birthday: '03-02' },
  }));
  for (let step = 1; step < 60; step++) {
    const { deps, look, started, stores } = await withContacts(
      aSequence({ kind: 'birthday' }),
      contacts,
    );
    const crash = crashAt(step, step % 2 === 0 ? 'before' : 'after');
    const dying = createSequenceDoor({
      ...deps,
      stores: { ...stores, sequenceEntries: crash.wrap(stores.sequenceEntries) },
      engine: crash.wrap(deps.engine),
    });
    const isOver = await look(dying).then(
      () => true,
      () => false,
    );

    await look();
    expect([step, started()]).toEqual([step, ['c-0', 'c-1', 'c-2', 'c-3']]);
    if (isOver) return;
  }
});

it('lets each in once, on whatever days one looks (property)', async () => {
  const day = fc.integer({ min: 1, max: 28 }).map((each) => String(each).padStart(2, '0'));
  const people = fc.array(day, { minLength: 1, maxLength: 5 });
  const gaps = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 8, maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(people, gaps, async (days, waits) => {
      const week = aSequence({ kind: 'birthday' }).steps.map((step) => ({ ...step, day: 7 }));
      const { look, started, time } = await withContacts(
        aSequence({ kind: 'birthday' }, { steps: week }),
        days.map((each, i) => ({ contactId: `c-${i}`, facts: { birthday: `03-${each}` } })),
      );
      for (const gap of waits) {
        await look();
        time.now += gap * DAY_MS;
      }

      const last = Math.floor((time.now - NOW) / DAY_MS) + 2 - (waits.at(-1) ?? 0);
      const due = days.flatMap((each, i) =>
        Number(each) >= 2 && Number(each) <= last ? [`c-${i}`] : [],
      );
      const all = started();
      expect(new Set(all).size).toBe(all.length);
      expect(all).toEqual(expect.arrayContaining(due));
    }),
    { numRuns: 60 },
  );
});
