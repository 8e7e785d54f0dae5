import { createMemoryStores } from '../../models/memory/stores';
import type { Stores } from '../../ports/stores';
import { chainEndOf, isArchived } from '../../rules/ledger/archive/beginning';
import type { LedgerRow } from '../../rules/ledger/rows';
import { DAY_MS } from '../../rules/time/durations';
import { ASKED, archive, archiveDeps, hour, writtenArchive } from '../../test/fakes/archiving';
import { Crash, crashAt, type Moment } from '../../test/fakes/crash';
import { aProvedLedger, LEDGER_KEY, PEOPLE } from '../../test/fakes/provedLedger';
import { NOON } from '../../test/fakes/touchScenario';
import { confirmArchive } from './confirm';
import type { ArchiveDeps } from './deps';
import { planArchive } from './plan';
import { removeArchived } from './remove';

async function rowsOf({ touches }: Stores): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const row of touches.export()) rows.push(row);
  return rows;
}

/** The ledger of a day: rows from noon on for seven hours, sealed for thirty. */
async function aLedger(now?: number) {
  const { stores, rows } = await aProvedLedger();
  return { stores, rows, deps: archiveDeps(stores, now) };
}

const before = (rows: readonly LedgerRow[], until: string) => rows.filter(({ at }) => at < until);

describe('the plan of an archive', () => {
  it('tells how much there is, what stays, and changes nothing', async () => {
    const { deps, rows, stores } = await aLedger();
    const gone = before(rows, hour(5));
    expect(await planArchive(deps, hour(5))).toEqual({
      ...{ before: hour(5), until: hour(5), hours: 5, rows: gone.length },
      contacts: new Set(gone.map(({ contactId }) => contactId)).size,
      ...{ named: 0, remaining: rows.length - gone.length, holds: [] },
    });
    expect(await rowsOf(stores)).toEqual(rows);
    expect(await stores.archives.list()).toEqual([]);
  });

  it('leaves hours that are not sealed, and those whose late rows may still be', async () => {
    const { deps } = await aLedger();
    // Sealed are the hours until twenty-nine; the last three still take up what comes late.
    expect(await planArchive(deps, hour(40))).toMatchObject({
      ...{ before: hour(40), until: hour(26) },
      holds: [{ why: 'not-sealed', until: hour(26) }],
    });
  });

  it('leaves what the policy that looks back furthest still counts, whichever version it is', async () => {
    const { deps, stores } = await aLedger(NOON + 9 * DAY_MS);
    const found = await stores.policies.current('default');
    if (!found) throw new Error('no policy');
    const month = { id: 'month', limit: 9, window: { kind: 'rolling', hours: 214 } } as const;
    const wide = { ...found.body, caps: [{ ...month, onHit: 'suppress' }] } as typeof found.body;
    const { version } = await stores.policies.draft('default', wide, 'x', hour(0));
    await stores.policies.draft('default', { ...wide, caps: [] }, 'x', hour(0));
    await stores.policies.publish('default', version, 'x', hour(0));
    await stores.policies.publish('default', 1, 'x', hour(0));

    expect(await planArchive(deps, hour(5))).toMatchObject({
      until: hour(2),
      holds: [{ why: 'counted', policy: `default@${version}`, hours: 214, until: hour(2) }],
    });
  });

  it('has nothing of the days that receipts may still be about', async () => {
    const { deps, rows } = await aLedger(NOON + 6 * DAY_MS);
    expect(await planArchive(deps, hour(5))).toMatchObject({
      ...{ until: null, rows: 0, remaining: rows.length },
      holds: [{ why: 'counted', hours: 168 }],
    });
  });

  it('ends before a touch that is not over, and names it', async () => {
    const { deps, stores } = await aLedger();
    const touchId = `followUp/${PEOPLE.staffed}/e/more`;
    const rows = (await stores.touches.timeline(PEOPLE.staffed)).filter(
      (row) => row.touchId === touchId && row.kind === 'settlement',
    );
    await stores.archives.remove(rows);
    expect(await planArchive(deps, hour(20))).toMatchObject({
      until: hour(5),
      holds: [{ why: 'open-touch', touchId, until: hour(5) }],
    });
  });

  it('takes a touch along that ended after its hours', async () => {
    const { deps, rows } = await aLedger();
    // The task of 310 minutes was released at 400.
    const plan = await planArchive(deps, hour(6));
    expect(plan).toMatchObject({ until: hour(6), holds: [] });
    expect(rows.some(({ touchId, at }) => touchId.endsWith('/more') && at >= hour(6))).toBe(true);
  });

  it('never parts rows that were written in another order than their instants say', async () => {
    const { deps, stores } = await aLedger();
    const first = (await stores.touches.timeline(PEOPLE.busy))[0];
    if (!first) throw new Error('no row');
    await stores.archives.remove([first]);
    expect(await planArchive(deps, hour(5))).toMatchObject({
      until: null,
      holds: [{ why: 'out-of-order', until: hour(0) }],
    });
  });

  it('ends where a file is full, after an hour at least', async () => {
    const { deps, stores } = await aLedger();
    const first = (await stores.seals.find(hour(0)))?.rows ?? 0;
    const full = { why: 'file-full', until: hour(1) };
    expect(await planArchive(deps, hour(5), first)).toMatchObject({
      until: hour(1),
      holds: [full],
    });
    expect(await planArchive(deps, hour(5), 1)).toMatchObject({ until: hour(1), holds: [full] });
    expect(await planArchive(deps, hour(1), 1)).toMatchObject({ until: hour(1), holds: [] });
  });

  it('never parts a late row from its seal', async () => {
    const { deps, stores } = await aLedger();
    const late = async (at: string) =>
      ({ ...(await stores.seals.find(at)), late: at === hour(6) ? 1 : 0 }) as never;
    const seals = { ...stores.seals, find: late };
    expect(await planArchive({ ...deps, stores: { ...stores, seals } }, hour(5))).toMatchObject({
      until: hour(3),
      holds: [{ why: 'late-rows', until: hour(3) }],
    });
  });

  it('is refused where contacts have no pseudonyms', async () => {
    const { deps } = await aLedger();
    await expect(planArchive({ ...deps, key: undefined }, hour(5))).rejects.toMatchObject({
      code: 'CONFLICT',
      issues: [{ path: 'SOPFLOW_PSEUDONYM_KEY' }],
    });
  });

  it('has nothing to offer of a ledger without rows', async () => {
    const deps = archiveDeps(createMemoryStores(LEDGER_KEY));
    expect(await planArchive(deps, hour(5))).toMatchObject({ until: null, rows: 0, remaining: 0 });
  });
});

describe('an archive', () => {
  it('has the rows under pseudonyms alone, hour by hour, each hour with its seal', async () => {
    const { deps, rows } = await aLedger();
    const lines = await archive(deps, hour(5));
    for (const contactId of Object.values(PEOPLE))
      expect(lines.join('\n')).not.toMatch(new RegExp(`"${contactId}"|followUp/${contactId}/`));

    const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    const gone = before(rows, hour(5));
    expect(count('decision') + count('settlement')).toBe(gone.length);
    expect([kinds[0], count('row'), count('seal')]).toEqual(['ledger-archive', gone.length, 5]);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'seal', hour: hour(4) });
  });

  it('leaves the rest of the ledger as it was, with where each contact begins, and who did it and why', async () => {
    const { deps, rows, stores } = await aLedger();
    await archive(deps, hour(5));
    expect(await rowsOf(stores)).toEqual(rows.filter(({ at }) => at >= hour(5)));

    const busy = before(rows, hour(5)).filter(({ contactId }) => contactId === PEOPLE.busy);
    const subject = LEDGER_KEY.subjectOf?.(PEOPLE.busy) ?? '';
    expect(await stores.archives.beginningsOf([subject], hour(5))).toEqual([
      expect.objectContaining({
        ...chainEndOf(busy),
        contactId: subject,
        until: hour(5),
        key: 'k1',
      }),
    ]);
    expect(await stores.archives.list()).toEqual([
      expect.objectContaining({ ...ASKED, number: 1, hours: 5, state: 'removed', previous: '' }),
    ]);
  });

  it('goes on where the one before ended, over it', async () => {
    const { deps, rows, stores } = await aLedger();
    await archive(deps, hour(2));
    const [first] = await stores.archives.list();
    const lines = await archive(deps, hour(5));

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ after: hour(2), previousSeal: first?.seal });
    expect(await stores.archives.latest()).toMatchObject({
      ...{ number: 2, until: hour(5), hours: 3, previous: first?.code },
    });
    expect(await rowsOf(stores)).toEqual(rows.filter(({ at }) => at >= hour(5)));
  });

  it('is confirmed by nothing but its own lines and the last seal', async () => {
    const { deps, rows, stores } = await aLedger();
    const { written } = await writtenArchive(deps, hour(5));
    for (const wrong of [
      { ...written, seal: 'of another ledger' },
      { ...written, file: 'of other lines' },
      { ...written, until: hour(29) },
    ])
      await expect(confirmArchive(deps, wrong, ASKED)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await stores.archives.list()).toEqual([]);
    await expect(removeArchived(deps, hour(5))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await rowsOf(stores)).toEqual(rows);
  });

  it('is confirmed once: a second file of the same hours is another one', async () => {
    const { deps, stores } = await aLedger();
    const { written } = await writtenArchive(deps, hour(5));
    const kept = await confirmArchive(deps, written, ASKED);
    expect(await confirmArchive(deps, written, { by: 'x', reason: 'again' })).toEqual(kept);
    const other = { ...written, file: 'other' };
    await expect(confirmArchive(deps, other, ASKED)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(planArchive(deps, hour(6))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await stores.archives.list()).toHaveLength(1);
  });

  it('is not confirmed when a row of its hours came meanwhile', async () => {
    const { deps, stores } = await aLedger();
    const { written } = await writtenArchive(deps, hour(5));
    const found = await stores.contacts.find(PEOPLE.held);
    const [row] = await stores.touches.timeline(PEOPLE.held);
    const late = { ...row, touchId: 'late', at: hour(4), revision: found?.revision };
    await stores.touches.recordMany([{ row: late as never }]);
    await expect(confirmArchive(deps, written, ASKED)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('leaves a row in the ledger that came after it was confirmed: it is in no file', async () => {
    const { deps, stores } = await aLedger();
    const { written } = await writtenArchive(deps, hour(5));
    await confirmArchive(deps, written, ASKED);
    const [row] = await stores.touches.timeline(PEOPLE.held);
    const late = { ...row, touchId: 'late', at: hour(4) };
    await stores.touches.recordMany([{ row: late as never }]);
    await removeArchived(deps, written.until);
    expect(before(await rowsOf(stores), hour(5)).map(({ touchId }) => touchId)).toEqual(['late']);
  });

  it('is removed page by page, each call going on with what is left', async () => {
    const { deps, stores } = await aLedger();
    const { written } = await writtenArchive(deps, hour(5));
    await confirmArchive(deps, written, ASKED);
    const first = await removeArchived(deps, hour(5), 1);
    expect(first).toMatchObject({ archive: { state: 'removing' } });
    expect(first.removed).toBeGreaterThan(0);
    expect(await removeArchived(deps, hour(5))).toMatchObject({
      ...{ removed: 0, archive: { state: 'removed' } },
    });
    expect(await removeArchived(deps, hour(5))).toMatchObject({ removed: 0 });
    expect(before(await rowsOf(stores), hour(5))).toEqual([]);
  });
});

test('a row that came back at the very moment leaves when it is asked again', async () => {
  const { deps, rows, stores } = await aLedger();
  await archive(deps, hour(5));
  const [back] = rows;
  if (!back) throw new Error('no row');
  const archives = {
    ...stores.archives,
    async *rowsBefore() {
      yield back;
    },
    remove: async (gone: readonly LedgerRow[]) => gone.length,
  };
  const again = { ...deps, stores: { ...stores, archives } };
  expect(await removeArchived(again, hour(5))).toMatchObject({ removed: 1 });
});

describe('a death while a ledger is archived', () => {
  async function run(deps: ArchiveDeps): Promise<void> {
    const known = await deps.stores.archives.latest();
    if (!known) await archive(deps, hour(5));
    else if (known.state === 'removing') await removeArchived(deps, known.until);
  }

  const wrapped = (deps: ArchiveDeps, wrap: <T extends object>(store: T) => T): ArchiveDeps => {
    const { archives } = deps.stores;
    // Only what writes: a death between two of these is one at the next.
    const { layDown, keep, remove, end } = wrap(archives);
    return {
      ...deps,
      stores: { ...deps.stores, archives: { ...archives, layDown, keep, remove, end } },
    };
  };

  it.each<Moment>(['before', 'after'])(
    '%s any write is survived, and nothing is gone that no confirmed file has',
    async (moment) => {
      for (let step = 1; ; step++) {
        const { deps, rows, stores } = await aLedger();
        const crash = crashAt(step, moment);
        const died = await run(wrapped(deps, crash.wrap)).catch((error: unknown) => error);
        if (died !== undefined) expect(died).toBeInstanceOf(Crash);

        const left = await rowsOf(stores);
        const confirmed = await stores.archives.latest();
        const missing = rows.filter((row) => !left.some((each) => each.chain === row.chain));
        if (!confirmed) expect([step, missing]).toEqual([step, []]);
        for (const row of missing) {
          const begins = await stores.archives.beginningsOf([row.subject ?? ''], hour(5));
          expect(begins.some((beginning) => isArchived(row, beginning))).toBe(true);
        }

        await run(deps);
        expect(await rowsOf(stores)).toEqual(rows.filter(({ at }) => at >= hour(5)));
        expect(await stores.archives.list()).toEqual([
          expect.objectContaining({ state: 'removed' }),
        ]);
        if (died === undefined) return expect(step).toBeGreaterThan(3);
      }
    },
  );
});
