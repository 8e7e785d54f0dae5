// What every store of seals promises.

import type { SealStore } from '../../ports/seals';
import type { Seal, SealedRow } from '../../rules/ledger/seal/seal';
import { hoursAfter, type Make } from './builders';

const HOURS = [hoursAfter(0), hoursAfter(1), hoursAfter(2)] as const;

const aLine = (hour: string, row: string): SealedRow => ({
  kind: 'row',
  hour,
  contactId: 'c-1',
  row,
  digest: `digest of ${row}`,
});
const aSeal = (hour: string, seal = `seal of ${hour}`): Seal => ({
  kind: 'seal',
  hour,
  rows: 2,
  late: 0,
  contacts: 0,
  root: 'root',
  previous: '',
  sealedAt: hoursAfter(9),
  seal,
});

async function exported(seals: SealStore, after?: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of seals.export(after))
    lines.push(line.kind === 'row' ? line.row : line.kind);
  return lines;
}

async function seal(seals: SealStore, hour: string, name: string): Promise<boolean> {
  await seals.keep({ hour, name }, 0, [aLine(hour, `${name}-1`)]);
  await seals.keep({ hour, name }, 1, [aLine(hour, `${name}-2`)]);
  return seals.commit(aSeal(hour, name), { hour, name }, 2);
}

export function describeSealStoreContract(name: string, make: Make): void {
  describe(`the store of seals ${name}`, () => {
    let seals: SealStore;
    beforeEach(async () => {
      ({ seals } = await make());
    });

    it('has nothing before the first seal', async () => {
      expect(await seals.latest()).toBeNull();
      expect(await seals.find(HOURS[0])).toBeNull();
      expect(await exported(seals)).toEqual([]);
    });

    it('exports hours in their order, each with its own lines and its seal at the end', async () => {
      for (const [i, hour] of HOURS.entries()) expect(await seal(seals, hour, `h${i}`)).toBe(true);
      expect(await exported(seals)).toEqual([
        ...['h0-1', 'h0-2', 'seal'],
        ...['h1-1', 'h1-2', 'seal'],
        ...['h2-1', 'h2-2', 'seal'],
      ]);
      expect(await exported(seals, HOURS[1])).toEqual(['h2-1', 'h2-2', 'seal']);
      expect(await seals.latest()).toEqual(aSeal(HOURS[2], 'h2'));
      expect(await seals.find(HOURS[0])).toEqual(aSeal(HOURS[0], 'h0'));
    });

    it('seals an hour once, whatever other tries kept of it before and after', async () => {
      const [hour] = HOURS;
      await seals.keep({ hour, name: 'crashed' }, 0, [aLine(hour, 'crashed-1')]);
      expect(await exported(seals)).toEqual([]);

      const won = await Promise.all(['a', 'b', 'c'].map((each) => seal(seals, hour, each)));
      expect(won.filter(Boolean)).toHaveLength(1);
      const winner = (await seals.latest())?.seal;
      expect(await exported(seals)).toEqual([`${winner}-1`, `${winner}-2`, 'seal']);
    });

    it('keeps a page of a try that is kept again as it was last', async () => {
      const [hour] = HOURS;
      await seals.keep({ hour, name: 'a' }, 0, [aLine(hour, 'old')]);
      await seals.keep({ hour, name: 'a' }, 0, [aLine(hour, 'new')]);
      await seals.commit(aSeal(hour), { hour, name: 'a' }, 1);
      expect(await exported(seals)).toEqual(['new', 'seal']);
    });
  });
}
