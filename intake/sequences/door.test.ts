import fc from 'fast-check';
import { createMemoryStores } from '../../models/memory/stores';
import type { EntryRequest } from '../../ports/sequenceDoor';
import type { Stores } from '../../ports/stores';
import type { Reentry } from '../../rules/journey/reentry';
import type { Sequence } from '../../rules/sequence/sequence';
import { DAY_MS, MINUTE_MS } from '../../rules/time/durations';
import { crashAt } from '../../test/fakes/crash';
import { createFakeEngine } from '../../test/fakes/engine';
import { enterSequence, startAdmitted } from './door';

const AT = '2026-03-02T02:00:00.000Z';
const NOW = Date.parse(AT);

const aSequence = (fields: Partial<Sequence> = {}): Sequence => ({
  start: { kind: 'added' },
  reentry: 'never',
  steps: [
    {
      ...{ id: 'hello', day: 0, window: { from: '09:00', to: '20:00' } },
      do: { kind: 'send', channel: 'sms', class: 'service', template: 'hello' },
    },
  ],
  ...fields,
});

async function withSequence(fields: Partial<Sequence> = {}) {
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  const time = { now: NOW };
  const draft = await stores.sequences.draft('care', aSequence(fields), 'ann', AT);
  await stores.sequences.publish('care', draft.version, 'ann', AT);
  await stores.contacts.upsertMany([{ contactId: 'c-1', city: 'guangzhou', brand: 'gotone' }]);
  const deps = { stores, engine, clock: { now: () => time.now }, timezone: 'Asia/Shanghai' };

  const enter = async (occasion: string, given: Partial<EntryRequest> = {}, by = deps) => {
    const version = await stores.sequences.current('care');
    const contact = await stores.contacts.find('c-1');
    if (!version || !contact) throw new Error('not there');
    return enterSequence(by, version, contact, { occasion, at: AT, ...given });
  };
  const entries = () => stores.sequenceEntries.list({ sequenceId: 'care', limit: 100 });
  return { deps, stores, engine, time, enter, entries };
}

/** As the run itself does. */
async function endRun(
  { stores, engine }: { stores: Stores; engine: ReturnType<typeof createFakeEngine> },
  workflowId: string,
): Promise<void> {
  const run = await stores.runs.find(workflowId);
  const entry = run?.entry ?? '';
  await stores.sequenceEntries.ended({ workflowId, entry }, 'completed', AT);
  await stores.runs.close(workflowId, 'completed', AT);
  engine.close(workflowId);
}

it('lets a contact in, starts its run, and keeps what for', async () => {
  const { enter, entries, engine } = await withSequence();
  const workflowId = 'sequence/c-1/care';
  expect(await enter('added-1', { staffId: 's-1' })).toEqual({ kind: 'started', workflowId });
  expect(engine.starts).toMatchObject([
    {
      ...{ journey: 'sequence', workflowId, city: 'guangzhou' },
      input: { sequence: 'care@1', occasion: 'added-1', at: AT, reentry: 'never', staffId: 's-1' },
    },
  ]);
  expect(await entries()).toMatchObject([
    { entryId: 'care/c-1/1', state: 'running', version: 1, entry: 'care/added-1', at: AT },
  ]);
});

it('says of the same occasion that it was let in before, also once its run is over', async () => {
  const world = await withSequence({ reentry: 'after-exit' });
  const { enter, engine } = world;
  const workflowId = 'sequence/c-1/care';
  await enter('a');
  expect(await enter('a')).toEqual({ kind: 'repeated', workflowId });
  await endRun(world, workflowId);
  expect(await enter('b')).toMatchObject({ kind: 'started' });
  await endRun(world, workflowId);
  for (const occasion of ['a', 'b', 'a'])
    expect(await enter(occasion)).toEqual({ kind: 'repeated', workflowId });
  expect(engine.starts).toHaveLength(2);
});

it.each([
  ['never', 'is going', 'was-in-before'],
  ['never', 'has ended', 'was-in-before'],
  ['after-exit', 'is going', 'is-in-now'],
] as const)('by %s refuses another occasion while a run %s: %s', async (reentry, when, reason) => {
  const world = await withSequence({ reentry });
  await world.enter('a');
  if (when === 'has ended') await endRun(world, 'sequence/c-1/care');
  expect(await world.enter('b')).toEqual({ kind: 'refused', reason });
  expect(await world.enter('b')).toEqual({ kind: 'refused', reason });
  expect(await world.stores.sequenceEntries.numbers('care')).toContainEqual({
    ...{ version: 1, state: 'refused', reason, count: 1 },
  });
});

it('by always lets a contact in beside a run that is going', async () => {
  const { enter } = await withSequence({ reentry: 'always' });
  expect(await enter('a')).toMatchObject({ workflowId: 'sequence/c-1/care/a' });
  expect(await enter('b')).toMatchObject({ kind: 'started', workflowId: 'sequence/c-1/care/b' });
});

it('takes a run that somebody terminated for ended', async () => {
  const { enter, engine, entries } = await withSequence({ reentry: 'after-exit' });
  await enter('a');
  engine.close('sequence/c-1/care');
  expect(await enter('b')).toMatchObject({ kind: 'started' });
  expect(await entries()).toMatchObject([{ outcome: 'lost' }, { state: 'running' }]);
});

it('keeps nothing of who is not of its audience', async () => {
  const { enter, entries } = await withSequence({ audience: { brand: 'easyown' } });
  expect(await enter('a')).toMatchObject({ kind: 'refused', reason: 'outside-audience' });
  expect(await entries()).toEqual([]);
});

it('starts nothing for what is long over, and says so', async () => {
  const { enter, engine, entries } = await withSequence();
  const long = new Date(NOW - 3 * DAY_MS).toISOString();
  expect(await enter('a', { at: long })).toMatchObject({ kind: 'refused', reason: 'too-late' });
  expect(engine.starts).toEqual([]);
  expect(await entries()).toMatchObject([{ state: 'refused', reason: 'too-late' }]);
});

it('lets in who is asked for, whatever stage the sequence waits for', async () => {
  const { enter } = await withSequence({ start: { kind: 'stage', stage: 'won' } });
  expect(await enter('asked')).toMatchObject({ kind: 'started' });
});

it('counts what another record of the same person was in', async () => {
  const { deps, stores, enter } = await withSequence();
  await enter('a');
  await stores.contacts.upsertMany([{ contactId: 'c-2', city: 'guangzhou', brand: 'gotone' }]);
  await stores.contacts.absorb('c-2', 'c-1');
  const { profileRevision = 0 } = (await stores.contacts.findKept(['c-1']))[0] ?? {};
  expect(await stores.contacts.retire('c-1', 'c-2', profileRevision)).toBe(true);

  const version = await stores.sequences.current('care');
  const contact = await stores.contacts.find('c-2');
  if (!version || !contact) throw new Error('not there');
  expect(await enterSequence(deps, version, contact, { occasion: 'b', at: AT })).toMatchObject({
    reason: 'was-in-before',
  });
});

it('starts later what cannot be started now', async () => {
  const { deps, enter, engine, time, entries } = await withSequence();
  engine.away = true;
  await expect(enter('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await entries()).toMatchObject([{ state: 'admitted' }]);

  engine.away = false;
  await startAdmitted(deps);
  expect(engine.starts).toEqual([]);
  time.now += MINUTE_MS;
  await startAdmitted(deps);
  await startAdmitted(deps);
  expect(engine.starts).toHaveLength(1);
  expect(await entries()).toMatchObject([{ state: 'running' }]);
});

it('waits for a run that is in its last moments, and starts the next one then', async () => {
  const { deps, enter, engine, stores, time, entries } = await withSequence({
    reentry: 'after-exit',
  });
  const workflowId = 'sequence/c-1/care';
  await enter('a');
  await stores.sequenceEntries.ended({ workflowId, entry: 'care/a' }, 'completed', AT);
  await enter('b');
  expect((await entries()).map(({ state }) => state)).toEqual(['ended', 'admitted']);

  await stores.runs.close(workflowId, 'completed', AT);
  engine.close(workflowId);
  time.now += MINUTE_MS;
  await startAdmitted(deps);
  expect(engine.starts).toHaveLength(2);
  expect((await entries()).map(({ state }) => state)).toEqual(['ended', 'running']);
});

it('lets in once after a crash at any step', async () => {
  for (let step = 1; step < 20; step++)
    for (const moment of ['before', 'after'] as const) {
      const { deps, enter, engine, stores, time, entries } = await withSequence();
      const crash = crashAt(step, moment);
      const { sequenceEntries, runs } = stores;
      const dying = {
        ...deps,
        stores: {
          ...stores,
          sequenceEntries: crash.wrap(sequenceEntries),
          runs: crash.wrap(runs),
        },
        engine: crash.wrap(engine),
      };
      const isOver = await enter('a', {}, dying).then(
        () => true,
        () => false,
      );

      await enter('a');
      time.now += MINUTE_MS;
      await startAdmitted(deps);
      expect([step, engine.starts.length]).toEqual([step, 1]);
      expect(await entries()).toMatchObject([{ state: 'running', ordinal: 1 }]);
      if (isOver) return;
    }
});

it('has one run of one occasion, however events are shuffled, doubled and raced (property)', async () => {
  const asked = fc.record({
    occasion: fc.constantFrom('a', 'b', 'c', 'd'),
    ends: fc.boolean(),
  });
  const rounds = fc.array(fc.array(asked, { minLength: 1, maxLength: 4 }), { maxLength: 6 });

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Reentry[]>('never', 'after-exit', 'always'),
      rounds,
      async (reentry, all) => {
        const world = await withSequence({ reentry });
        const { enter, engine, entries } = world;
        for (const round of all) {
          await Promise.all(round.map(({ occasion }) => enter(occasion)));
          const open = (await entries()).filter(({ state }) => state === 'running');
          if (round.some(({ ends }) => ends))
            for (const { workflowId } of open) await endRun(world, workflowId);
        }

        const started = engine.starts.map(({ input }) => (input as { entry: string }).entry);
        expect(new Set(started).size).toBe(started.length);
        if (reentry === 'never') expect(started.length).toBeLessThanOrEqual(1);
        const kept = await entries();
        expect(new Set(kept.map(({ occasion }) => occasion)).size).toBe(kept.length);
      },
    ),
    { numRuns: 100 },
  );
});
