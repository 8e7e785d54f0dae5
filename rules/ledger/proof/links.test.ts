import { aPassed, aSettled, linked, linkedAsOnce, PROVED_POLICY } from '../../../test/fakes/ledger';
import { ledgerKey } from '../chain';
import type { KeyRing } from '../keyRing';
import type { LedgerRow } from '../rows';
import { linked as linkedTo } from '../touchState';
import { proveContact } from './contact';

const at = (day: number, time = '02:00') => `2026-03-0${day}T${time}:00.000Z`;
const touch = (id: string, day: number) => [aPassed(id, at(day)), aSettled(id, at(day))];
const aRefusal = (id: string, day: number): LedgerRow =>
  aPassed(id, at(day, '02:01'), { verdict: 'suppressed', reason: 'cap', rule: 'week' });

const K1 = ledgerKey('k1', 'the first key of all');
const K2 = ledgerKey('k2', 'the key that came after it');
const ring = (...keys: (typeof K1)[]): KeyRing => ({
  keys: new Map(keys.map((key) => [key.id, key])),
});

const kinds = (rows: readonly LedgerRow[], keys?: KeyRing) =>
  proveContact(
    rows,
    () => ({ policy: PROVED_POLICY, holidays: {} }),
    '2026-03-03T00:00:00.000Z',
    keys,
  ).map(({ kind }) => kind);

const ROWS = [...touch('a', 2), aRefusal('b', 2), ...touch('c', 3), aRefusal('d', 3)];
/** Without its key: what anybody can make. */
const bare = ({ chainKey, chain, ...row }: LedgerRow) => row as LedgerRow;

describe('the proof of a chain', () => {
  it('finds nothing in rows that were signed, by one key or by several after each other', () => {
    expect(kinds(linked(ROWS, K1), ring(K1))).toEqual([]);

    const first = linked(ROWS.slice(0, 3), K1);
    const { chain, sequence } = first.at(-1) as LedgerRow;
    let state = { chain, sequence, revision: 2 } as { chain: string; sequence: number };
    const more = ROWS.slice(3).map((row, i) => {
      const next = linkedTo({ ...state, key: K2 }, { ...row, revision: [3, 4, 4][i] ?? 0 });
      state = next;
      return next;
    });
    expect(kinds([...first, ...more], ring(K1, K2))).toEqual([]);
    expect(kinds([...first, ...more], ring(K1))).toEqual([
      'unknown-key',
      'unknown-key',
      'unknown-key',
    ]);
  });

  it('finds a row of any kind that is missing or changed', () => {
    const rows = linked(ROWS, K1);
    for (const [i, row] of rows.entries()) {
      const found = kinds(
        rows.filter((each) => each !== row),
        ring(K1),
      );
      expect(found.includes('hole-in-sequence')).toBe(i < rows.length - 1);
      const changed = rows.map((each) => (each === row ? { ...each, city: 'x' } : each));
      expect(kinds(changed, ring(K1))).toContain('broken-chain');
    }
  });

  it('finds a chain that was made again without the key, or with another one of the same name', () => {
    const again = linked(ROWS.map(bare));
    expect(kinds(again, ring(K1))).toEqual(['unkeyed']);
    expect(kinds(linked(ROWS.map(bare), ledgerKey('k1', 'a guess')), ring(K1))).toContain(
      'broken-chain',
    );
  });

  it('finds rows that were slipped in beside the chain, and rows that are there twice', () => {
    const rows = linked(ROWS, K1);
    expect(kinds([...rows, aRefusal('x', 3)], ring(K1))).toEqual(['unchained', 'unkeyed']);
    expect(kinds([...rows, ...rows.slice(2, 3)], ring(K1))).toContain('row-twice');
  });

  it('still reads rows from before there was a key or a place for every kind, and names them where they must not be', () => {
    const old = [...linkedAsOnce(touch('a', 2)), aRefusal('b', 2)];
    expect(kinds(old)).toEqual([]);
    expect(kinds(old, ring(K1))).toEqual(['unkeyed']);
    expect(kinds(old, { ...ring(K1), unkeyedUntil: at(3, '00:00') })).toEqual([]);
    expect(kinds(old, { ...ring(K1), unkeyedUntil: at(2, '02:01') })).toEqual(['unkeyed']);
  });

  it('goes on from a chain of before', () => {
    const old = linkedAsOnce(touch('a', 2));
    const { chain } = old.at(-1) as LedgerRow;
    const next = linkedTo({ chain: chain ?? '', key: K1 }, { ...aPassed('c', at(3)), revision: 3 });
    const until = { ...ring(K1), unkeyedUntil: at(3, '00:00') };
    expect(kinds([...old, next], until)).toEqual([]);
    expect(kinds([...old.slice(0, 1), next], until)).toEqual(['broken-chain', 'hole-in-revisions']);
  });

  it('verifies no code where no key is known, but still that no row is missing', () => {
    const rows = linked(ROWS, K1);
    expect(kinds(rows)).toEqual([]);
    expect(kinds([...rows.slice(0, 2), ...rows.slice(3)])).toEqual(['hole-in-sequence']);
  });
});
