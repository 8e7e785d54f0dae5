// What every inbox promises.

import type { Inbound } from '../../ports/inbox';
import { AT, type Make } from './builders';

const NOW = Date.parse(AT);

const anItem = (key: string, fields: Partial<Inbound> = {}): Inbound => ({
  key,
  kind: 'event',
  lane: 'c-1',
  payload: { type: 'usage' },
  receivedAt: NOW,
  ...fields,
});

export function describeInboxContract(name: string, make: Make): void {
  describe(`the inbox ${name}`, () => {
    const inbox = async () => (await make()).inbox;

    it('tells new items from those seen before, also within one call', async () => {
      const box = await inbox();
      expect(await box.put([anItem('a'), anItem('b'), anItem('a')])).toEqual([true, true, false]);
      expect(await box.put([anItem('b'), anItem('c')])).toEqual([false, true]);
      expect(await box.put([])).toEqual([]);
      expect(await box.depth()).toBe(3);
    });

    it('gives items in the order they came, whatever their keys', async () => {
      const box = await inbox();
      await box.put(['z', 'a', 'm'].map((key) => anItem(key)));
      await box.put([anItem('b', { receivedAt: NOW + 1 }), anItem('c', { receivedAt: NOW - 5 })]);
      const keys = (await box.pending(10)).map(({ key }) => key);
      expect(keys).toEqual(['z', 'a', 'm', 'b', 'c']);
      expect((await box.pending(2)).map(({ key }) => key)).toEqual(['z', 'a']);
    });

    it('gives back what was put, with names that a database would read as paths', async () => {
      const box = await inbox();
      const item = anItem('a', {
        payload: { 'a.b': 1, $set: { x: null }, list: [1, { deep: '中' }] },
        lane: 'wm-1',
      });
      await box.put([item]);
      expect(await box.pending(1)).toEqual([item]);
    });

    it('forgets neither done nor refused items, so that a repeat of them stays a repeat', async () => {
      const box = await inbox();
      await box.put([anItem('a'), anItem('b'), anItem('c')]);
      await box.done('a');
      await box.refuse('b', 'unknown type');
      expect((await box.pending(10)).map(({ key }) => key)).toEqual(['c']);
      expect(await box.depth()).toBe(1);
      expect(await box.put([anItem('a'), anItem('b')])).toEqual([false, false]);
      expect(await box.depth()).toBe(1);
    });

    it('counts failed tries and keeps the item', async () => {
      const box = await inbox();
      await box.put([anItem('a')]);
      expect(await box.failed('a', 'engine away')).toBe(1);
      expect(await box.failed('a', 'engine away')).toBe(2);
      expect(await box.pending(10)).toEqual([anItem('a')]);
      await expect(box.failed('x', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(box.done('x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('takes each of many items put by rivals at once exactly once', async () => {
      const box = await inbox();
      const items = Array.from({ length: 20 }, (_, i) => anItem(`k-${i}`));
      const answers = await Promise.all(Array.from({ length: 8 }, () => box.put(items)));
      expect(answers.flat().filter(Boolean)).toHaveLength(20);
      expect(await box.depth()).toBe(20);
    });
  });
}
