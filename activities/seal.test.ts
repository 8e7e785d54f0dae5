import { createMemoryStores } from '../models/memory/stores';
import { checkLedger } from '../reports/proof/check';
import { ledgerKey } from '../rules/ledger/chain';
import type { SealLine } from '../rules/ledger/seal/seal';
import { HOUR_MS, MINUTE_MS } from '../rules/time/durations';
import { aPassed } from '../test/fakes/ledger';
import { recordOne, reserveOne } from '../test/support/singles';
import { sealHours } from './seal';

const TEN = Date.parse('2026-03-02T10:00:00.000Z');
const KEY = ledgerKey('k1', 'the key of these seals');
const iso = (ms: number) => new Date(ms).toISOString();

async function aLedger() {
  const stores = createMemoryStores(KEY);
  await stores.contacts.upsertMany([
    { contactId: 'c-1', city: 'yunfu' },
    { contactId: 'c-2', city: 'yunfu' },
  ]);
  const clock = { at: TEN, now: () => clock.at };
  let tries = 0;

  return {
    stores,
    clock,
    async refuse(touchId: string, minutes: number, contactId = 'c-1') {
      const row = aPassed(touchId, iso(TEN + minutes * MINUTE_MS), { contactId });
      await recordOne(stores.touches, { ...row, verdict: 'suppressed', reason: 'cap' });
    },
    async pass(touchId: string, minutes: number) {
      const [contact] = await stores.contacts.findMany(['c-1']);
      if (!contact) throw new Error('no c-1');
      const row = aPassed(touchId, iso(TEN + minutes * MINUTE_MS), {
        revision: contact.revision + 1,
      });
      await reserveOne(stores.touches, contact, row);
    },
    seal: () => sealHours({ stores, clock, ledgerKey: KEY }, `try-${tries++}`),
    async lines() {
      const lines: SealLine[] = [];
      for await (const line of stores.seals.export()) lines.push(line);
      return lines;
    },
  };
}

type Ledger = Awaited<ReturnType<typeof aLedger>>;

const sealsOf = async (ledger: Ledger) =>
  (await ledger.lines()).flatMap((line) => (line.kind === 'seal' ? [line] : []));

async function found(ledger: Ledger): Promise<string[]> {
  async function* seals() {
    for (const line of await ledger.lines()) yield JSON.stringify(line);
  }
  const kinds: string[] = [];
  const check = {
    rows: ledger.stores.touches.export(),
    versions: { policy: async () => null, holidays: async () => null },
    ledgerKeys: { keys: new Map([[KEY.id, KEY]]) },
    seals: seals(),
    sealsOnly: true,
  };
  for await (const event of checkLedger(check)) if ('kind' in event) kinds.push(event.kind);
  return kinds;
}

describe('sealing the ledger', () => {
  it('seals nothing before an hour is over and its stragglers have come', async () => {
    const ledger = await aLedger();
    expect(await ledger.seal()).toEqual({ sealed: 0, until: null, more: false });
    await ledger.refuse('t-1', 5);
    ledger.clock.at = TEN + HOUR_MS + 9 * MINUTE_MS;
    expect(await ledger.seal()).toMatchObject({ sealed: 0 });
    ledger.clock.at += MINUTE_MS;
    expect(await ledger.seal()).toMatchObject({ sealed: 1, until: iso(TEN + HOUR_MS) });
  });

  it('seals every hour since the first row, also those without rows, each once and over the one before', async () => {
    const ledger = await aLedger();
    await ledger.pass('t-1', 5);
    await ledger.refuse('t-2', 6, 'c-2');
    await ledger.refuse('t-3', 7);
    await ledger.refuse('t-4', 3 * 60);
    ledger.clock.at = TEN + 5 * HOUR_MS;
    expect(await ledger.seal()).toMatchObject({ sealed: 4, more: false });
    expect(await ledger.seal()).toMatchObject({ sealed: 0 });

    const seals = await sealsOf(ledger);
    expect(seals.map(({ rows, contacts, late }) => [rows, contacts, late])).toEqual([
      [3, 2, 0],
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 0],
    ]);
    expect(seals.map(({ previous }) => previous)).toEqual([
      '',
      ...seals.slice(0, -1).map(({ seal }) => seal),
    ]);
    expect(seals.every(({ key }) => key === 'k1')).toBe(true);
    const head = (await ledger.lines()).find((line) => line.kind === 'head');
    expect(head).toMatchObject({ contactId: 'c-1', sequence: 2 });
    expect(await found(ledger)).toEqual([]);
  });

  it('takes up rows that come late with the next hour, and says so; until then they are named', async () => {
    const ledger = await aLedger();
    await ledger.refuse('t-1', 5);
    ledger.clock.at = TEN + HOUR_MS + 10 * MINUTE_MS;
    await ledger.seal();

    await ledger.refuse('t-2', 59, 'c-2');
    expect(await found(ledger)).toEqual(['row-not-sealed']);
    ledger.clock.at += HOUR_MS;
    await ledger.seal();
    expect(await sealsOf(ledger)).toMatchObject([
      { rows: 1, late: 0 },
      { rows: 1, late: 1 },
    ]);
    expect(await found(ledger)).toEqual([]);
  });

  it('catches up a day at a time', async () => {
    const ledger = await aLedger();
    await ledger.refuse('t-1', 5);
    await ledger.refuse('t-2', 30 * 60);
    ledger.clock.at = TEN + 32 * HOUR_MS;
    expect(await ledger.seal()).toMatchObject({ sealed: 24, more: true });
    expect(await ledger.seal()).toMatchObject({ sealed: 7, more: false });
    expect(await found(ledger)).toEqual([]);
  });

  it('comes to whole seals wherever a try before it, or beside it, ends', async () => {
    for (let steps = 0; steps < 12; steps++) {
      const ledger = await aLedger();
      for (let i = 0; i < 5; i++) await ledger.refuse(`t-${i}`, i * 40);
      ledger.clock.at = TEN + 5 * HOUR_MS;

      let left = steps;
      const dying = new Proxy(ledger.stores.seals, {
        get(target, name: 'keep') {
          const call = target[name].bind(target) as (...given: unknown[]) => unknown;
          return (...given: unknown[]) => {
            if (left-- <= 0) throw new Error('the process died');
            return call(...given);
          };
        },
      });
      const { stores, clock } = ledger;
      const first = sealHours({ stores: { ...stores, seals: dying }, clock, ledgerKey: KEY }, 'x');
      await Promise.allSettled([first, ledger.seal()]);
      while ((await ledger.seal()).sealed > 0);

      expect(await sealsOf(ledger)).toHaveLength(4);
      expect(await found(ledger)).toEqual([]);
    }
  });
});
