import type { Catalogue } from '../catalogue/catalogue';
import { usageOpportunity } from './opportunity';

const at = '2026-03-02T10:00:00.000Z';
const now = Date.parse(at) + 60_000;
const pack = (id: string, fee: number, onShelf = true) => ({
  id,
  name: id,
  kind: 'data-pack' as const,
  fee,
  onShelf,
});
const catalogue = (...products: Catalogue['products']): Catalogue => ({ products, migrations: [] });
const shelf = catalogue(pack('big', 30), pack('small', 10), pack('old', 1, false), {
  ...pack('plan', 5),
  kind: 'plan',
});

const zone = 'Asia/Shanghai';
const opportunity = (
  dataUsedPct: number,
  instant = now,
  products = shelf,
  known: { readonly billDay?: number; readonly facts?: object } = {},
) => {
  const facts = { dataUsedPct, ...known.facts };
  const when = { now: instant, zone };
  return usageOpportunity({ dataUsedPct, occurredAt: at }, { ...known, facts }, when, products);
};

test('offers the cheapest data pack on the shelf to a customer who ran over, for two hours', () => {
  expect(opportunity(100)).toEqual({
    kind: '超套',
    product: 'small',
    expiresAt: '2026-03-02T12:00:00.000Z',
  });
});

test('calls 90 percent and more nearly full', () => {
  expect(opportunity(90)).toMatchObject({ kind: '高饱和' });
  expect(opportunity(99.9)).toMatchObject({ kind: '高饱和' });
});

test('is no occasion below 90 percent', () => {
  expect(opportunity(89.9)).toEqual({ kind: 'none', why: 'below-threshold' });
});

test('is no occasion once two hours have passed, to the millisecond', () => {
  const end = Date.parse('2026-03-02T12:00:00.000Z');
  expect(opportunity(120, end)).toEqual({ kind: 'stale', why: 'too-late' });
  expect(opportunity(120, end - 1)).toMatchObject({ product: 'small' });
});

test('is no occasion any more once less is known to be used', () => {
  const stale = { kind: 'stale', why: 'superseded' };
  expect(opportunity(120, now, shelf, { facts: { dataUsedPct: 20 } })).toEqual(stale);
  expect(opportunity(120, now, shelf, { facts: { dataUsedPct: 95 } })).toMatchObject({
    product: 'small',
  });
});

test('is no occasion in the next bill cycle, where the bundle is full again', () => {
  const midnight = Date.parse('2026-03-02T16:00:00.000Z');
  const late = '2026-03-02T15:30:00.000Z';
  const known = { billDay: 3, facts: { dataUsedPct: 120 } };
  const judge = (instant: number) =>
    usageOpportunity({ dataUsedPct: 120, occurredAt: late }, known, { now: instant, zone }, shelf);
  expect(judge(midnight)).toEqual({ kind: 'stale', why: 'cycle-over' });
  expect(judge(midnight - 1)).toMatchObject({ product: 'small' });
});

test('has nothing to offer without a data pack on the shelf', () => {
  expect(opportunity(120, now, catalogue(pack('old', 1, false)))).toEqual({
    kind: 'none',
    why: 'no-product',
  });
});

test('takes the first by id among equally cheap packs', () => {
  expect(opportunity(120, now, catalogue(pack('b', 10), pack('a', 10)))).toMatchObject({
    product: 'a',
  });
});
