// What every quota store promises.

import type { QuotaRequest, QuotaStore } from '../../ports/quotas';
import type { Make } from './builders';

const DAY = 'city/guangzhou/2026-03-02';
const TOTAL = 'campaign/k-1/total';
const ask = (
  key: string,
  limits: Readonly<Record<string, number>> = { [DAY]: 2 },
): QuotaRequest => ({
  key,
  takes: Object.entries(limits).map(([scope, limit]) => ({ scope, limit })),
});
const many = (count: number, limits?: Readonly<Record<string, number>>): QuotaRequest[] =>
  Array.from({ length: count }, (_, i) => ask(`t-${i}#1`, limits));

export function describeQuotaStoreContract(name: string, make: Make): void {
  describe(`the quota store ${name}`, () => {
    let quotas: QuotaStore;
    beforeEach(async () => {
      quotas = (await make()).quotaUnits;
    });
    const take = async (one: QuotaRequest) => (await quotas.take([one]))[0];
    const used = async (scope = DAY) => (await quotas.used([scope]))[0];

    it('gives units until the scope is full, and names it then', async () => {
      expect(await used()).toBe(0);
      expect(await take(ask('a#1'))).toBeNull();
      expect(await take(ask('b#1'))).toBeNull();
      expect(await take(ask('c#1'))).toBe(DAY);
      expect(await used()).toBe(2);
    });

    it('gives a key one unit, however often it asks', async () => {
      for (let i = 0; i < 3; i++) expect(await take(ask('a#1'))).toBeNull();
      expect(await used()).toBe(1);
      expect(await Promise.all([take(ask('b#1')), take(ask('b#1')), take(ask('b#1'))])).toEqual([
        null,
        null,
        null,
      ]);
      expect(await used()).toBe(2);
    });

    it('frees a unit that is given back, once', async () => {
      await quotas.take([ask('a#1'), ask('b#1')]);
      await quotas.giveBack(['a#1', 'unknown#1']);
      await quotas.giveBack(['a#1']);
      expect(await used()).toBe(1);
      expect(await take(ask('c#1'))).toBeNull();
      expect(await take(ask('d#1'))).toBe(DAY);
    });

    it('lets a key take again what it gave back', async () => {
      for (let i = 0; i < 3; i++) {
        expect(await take(ask('a#1'))).toBeNull();
        await Promise.all([quotas.giveBack(['a#1']), quotas.giveBack(['a#1'])]);
        expect(await used()).toBe(0);
      }
    });

    it('takes of all scopes or of none', async () => {
      await take(ask('a#1', { [TOTAL]: 1 }));
      expect(await take(ask('b#1', { [DAY]: 2, [TOTAL]: 1 }))).toBe(TOTAL);
      expect(await quotas.used([DAY, TOTAL])).toEqual([0, 1]);
      await quotas.giveBack(['a#1']);
      expect(await take(ask('b#1', { [DAY]: 2, [TOTAL]: 1 }))).toBeNull();
      expect(await quotas.used([DAY, TOTAL])).toEqual([1, 1]);
    });

    it('exchanges the unit of a day for one of the next when a key asks again then', async () => {
      const next = 'city/guangzhou/2026-03-03';
      await take(ask('a#1'));
      expect(await take(ask('a#1', { [next]: 2 }))).toBeNull();
      expect(await quotas.used([DAY, next])).toEqual([0, 1]);
      expect(await take(ask('a#1', {}))).toBeNull();
      expect(await quotas.used([DAY, next])).toEqual([0, 0]);
    });

    it('serves the earlier asks of a page first', async () => {
      expect(await quotas.take(many(5, { [DAY]: 3 }))).toEqual([null, null, null, DAY, DAY]);
      expect(await quotas.take(many(5, { [DAY]: 4 }))).toEqual([null, null, null, null, DAY]);
      expect(await used()).toBe(4);
    });

    it('gives nothing where the limit is nought', async () => {
      expect(await take(ask('a#1', { [DAY]: 0 }))).toBe(DAY);
    });

    it('never gives more than there is when pages, single asks and givers race', async () => {
      const limits = { [DAY]: 40, [TOTAL]: 30 };
      const pages = [0, 1, 2, 3].map((page) =>
        Array.from({ length: 10 }, (_, i) => ask(`p-${page}-${i}#1`, limits)),
      );
      const singles = Array.from({ length: 20 }, (_, i) => ask(`s-${i}#1`, limits));
      const answers = await Promise.all([
        ...pages.map((page) => quotas.take(page)),
        ...singles.map((one) => quotas.take([one])),
      ]);
      const asked = [...pages, ...singles.map((one) => [one])];
      const got = asked
        .flatMap((page, i) => page.filter((_, j) => answers[i]?.[j] === null))
        .map(({ key }) => key);
      expect(await quotas.used([DAY, TOTAL])).toEqual([got.length, got.length]);
      expect(got.length).toBeLessThanOrEqual(30);
      await Promise.all([...got, ...got].map((key) => quotas.giveBack([key])));
      expect(await quotas.used([DAY, TOTAL])).toEqual([0, 0]);
      expect((await quotas.take(many(31, limits))).filter((full) => full === null)).toHaveLength(
        30,
      );
    });
  });
}
