// What every store of archives promises.

import type { Stores } from '../../ports/stores';
import type { LedgerArchive } from '../../rules/ledger/archive/archive';
import type { Beginning } from '../../rules/ledger/archive/beginning';
import { recordOne } from '../support/singles';
import { aDeferral, given, hoursAfter, type Make } from './builders';

const anArchive = (number: number, until: string): LedgerArchive => ({
  ...{ kind: 'archive', number, until, hours: 1, rows: 2, contacts: 1 },
  ...{ file: `file ${number}`, seal: 'seal', beginnings: 'root', previous: '' },
  ...{ by: 'admin', reason: 'old', at: until, code: `code ${number}` },
});
const aBeginning = (contactId: string, until: string): Beginning => ({
  ...{ kind: 'beginning', contactId, until, revision: 1, sequence: 1, chain: 'link' },
  ...{ at: until, code: `${contactId} ${until}` },
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export function describeArchiveStoreContract(name: string, make: Make): void {
  describe(`the store of archives ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
    });
    const [early, late] = [hoursAfter(1), hoursAfter(2)];

    async function withRows() {
      for (const contactId of ['c-2', 'c-1']) {
        const contact = await given(stores, { contactId });
        for (const hours of [0, 1, 3])
          await recordOne(
            stores.touches,
            aDeferral(contact, {
              touchId: `${contactId}/t`,
              attempt: hours + 1,
              at: hoursAfter(hours),
            }),
          );
      }
    }

    it('keeps archives in their order, each number and each end once', async () => {
      const { archives } = stores;
      expect(await archives.latest()).toBeNull();
      expect(await archives.keep(anArchive(1, early))).toBe(true);
      expect(await archives.keep({ ...anArchive(1, late), file: 'a rival' })).toBe(false);
      expect(await archives.keep(anArchive(2, late))).toBe(true);

      expect((await archives.list()).map(({ number }) => number)).toEqual([1, 2]);
      expect(await archives.latest()).toEqual({ ...anArchive(2, late), state: 'removing' });
      expect(await archives.find(early)).toEqual({ ...anArchive(1, early), state: 'removing' });
      expect(await archives.find(hoursAfter(7))).toBeNull();
    });

    it('keeps one of several that are made at once', async () => {
      const rivals = ['a', 'b', 'c'].map((file) =>
        stores.archives.keep({ ...anArchive(1, early), file }),
      );
      expect((await Promise.all(rivals)).filter(Boolean)).toHaveLength(1);
      expect(await stores.archives.list()).toHaveLength(1);
    });

    it('ends an archive once', async () => {
      const { archives } = stores;
      await archives.keep(anArchive(1, early));
      await archives.end(early, late);
      await archives.end(early, hoursAfter(9));
      expect(await archives.find(early)).toMatchObject({ state: 'removed', removedAt: late });
    });

    it('gives the rows before an instant contact by contact, and takes them out', async () => {
      const { archives, touches } = stores;
      await withRows();
      const rows = await collect(archives.rowsBefore(late));
      expect(rows.map(({ contactId, at }) => [contactId, at])).toEqual([
        ['c-1', hoursAfter(0)],
        ['c-1', hoursAfter(1)],
        ['c-2', hoursAfter(0)],
        ['c-2', hoursAfter(1)],
      ]);

      expect(await archives.remove(rows)).toBe(4);
      expect(await archives.remove(rows)).toBe(0);
      expect(await archives.remove([])).toBe(0);
      expect(await touches.timeline('c-1')).toHaveLength(1);
      expect((await collect(touches.export())).map(({ at }) => at)).toEqual([
        hoursAfter(3),
        hoursAfter(3),
      ]);
    });

    it('lets beginnings count with their archive, and not before', async () => {
      const { archives } = stores;
      const at = async (until: string) =>
        (await collect(archives.beginnings(until))).map(({ code }) => code);
      await archives.layDown([aBeginning('~b', early), aBeginning('~a', early)]);
      expect(await at('')).toEqual([]);
      expect(await at(early)).toEqual([`~a ${early}`, `~b ${early}`]);
      await archives.keep(anArchive(1, early));

      await archives.layDown([aBeginning('~b', late), aBeginning('~c', late)]);
      expect(await at(early)).toEqual([`~a ${early}`, `~b ${early}`]);
      expect(await at(late)).toEqual([`~a ${early}`, `~b ${late}`, `~c ${late}`]);
      expect(await archives.beginningsOf(['~b', '~d'], early)).toEqual([aBeginning('~b', early)]);
    });

    it('lays beginnings down again for an archive that never came, and none for one that is past', async () => {
      const { archives } = stores;
      await archives.layDown([aBeginning('~a', late)]);
      await archives.layDown([aBeginning('~a', early)]);
      await archives.keep(anArchive(1, early));
      await archives.layDown([aBeginning('~a', late)]);
      await archives.keep(anArchive(2, late));

      await archives.layDown([{ ...aBeginning('~a', early), code: 'of who was overtaken' }]);
      expect(await collect(archives.beginnings(late))).toEqual([aBeginning('~a', late)]);
      await archives.layDown([]);
    });
  });
}
