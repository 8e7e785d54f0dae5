// What every inbox promises.

import type { Arrival, ParkedReason } from '../../ports/inbox';
import { AT, type Make } from './builders';

const NOW = Date.parse(AT);
const ALL = 100;

const anItem = (key: string, fields: Partial<Arrival> = {}): Arrival => ({
  key,
  kind: 'event',
  lane: 'c-1',
  urgency: 'prompt',
  partition: 3,
  payload: { type: 'usage' },
  receivedAt: NOW,
  ...fields,
});
const aStep = { at: AT, by: 'lin', did: 'replayed' } as const;
const unknownType: ParkedReason = {
  code: 'INVALID_INPUT',
  message: 'unknown type',
  issues: [{ path: 'a.b', message: 'not allowed', allowed: '$set' }],
};

export function describeInboxContract(name: string, make: Make): void {
  describe(`the inbox ${name}`, () => {
    const inbox = async () => (await make()).inbox;
    type Box = Awaited<ReturnType<typeof inbox>>;
    const waiting = async (box: Box, partitions = [3]) =>
      (await box.waiting(partitions, ALL)).map(({ key }) => key);
    const withoutPartition = ({ partition: _partition, ...item }: Arrival) => item;

    it('tells new items from those seen before, also within one call', async () => {
      const box = await inbox();
      const put = async (...keys: string[]) =>
        (await box.put(keys.map((key) => anItem(key)))).outcomes;
      expect(await put('a', 'b', 'a')).toEqual(['new', 'new', 'duplicate']);
      expect(await put('b', 'c')).toEqual(['duplicate', 'new']);
      expect(await put()).toEqual([]);
      expect(await box.count('pending')).toBe(3);
    });

    it('gives what waits in some partitions in the order it came, whatever the keys and clocks', async () => {
      const box = await inbox();
      await box.put(['z', 'a', 'm'].map((key) => anItem(key)));
      await box.put([anItem('b', { receivedAt: NOW - 5 }), anItem('other', { partition: 4 })]);
      await box.put([anItem('c', { partition: 5, receivedAt: NOW - 9 })]);
      expect(await waiting(box, [3, 5])).toEqual(['z', 'a', 'm', 'b', 'c']);
      expect(await box.waiting([3, 4], 2)).toMatchObject([{ key: 'z' }, { key: 'a' }]);
      const { payload: _payload, ...ref } = anItem('c', { partition: 5, receivedAt: NOW - 9 });
      expect(await box.waiting([5], ALL)).toEqual([{ ...ref, seq: expect.any(Number) }]);
    });

    it('takes away what is old and done with, a page at a time, and lets its key be new again', async () => {
      const box = await inbox();
      await box.put(['a', 'b', 'c', 'd'].map((key) => anItem(key, { receivedAt: 1 })));
      await box.put([anItem('e', { receivedAt: 3 })]);
      for (const key of ['a', 'b', 'c', 'e']) await box.claim(key, 1);
      for (const key of ['a', 'b', 'e']) await box.done(key, 1);
      await box.park('c', 1, unknownType);
      expect(await box.removeBefore(2, 1)).toBe(1);
      expect(await box.removeBefore(2, 10)).toBe(1);
      expect(await box.removeBefore(2, 10)).toBe(0);
      expect((await box.ofLanes(['c-1'])).map(({ key }) => key)).toEqual(['c', 'd', 'e']);
      expect((await box.put([anItem('a')])).outcomes).toEqual(['new']);
    });

    it('finds all of some lanes, whatever became of them', async () => {
      const box = await inbox();
      await box.put([
        anItem('z', { lane: 'c-1' }),
        anItem('a', { lane: 'c-2' }),
        anItem('b', { lane: 'c-3' }),
      ]);
      await box.claim('z', 1);
      await box.done('z', 1);
      const found = await box.ofLanes(['c-1', 'c-2']);
      expect(found).toMatchObject([
        { key: 'z', state: 'done' },
        { key: 'a', state: 'pending' },
      ]);
      expect(await box.ofLanes([])).toEqual([]);
    });

    it('gives back what was put, with names that a database would read as paths', async () => {
      const box = await inbox();
      const item = anItem('a', {
        payload: { 'a.b': 1, $set: { x: null }, list: [1, { deep: '中' }] },
        lane: 'wm-1',
        urgency: 'urgent',
      });
      await box.put([item]);
      expect(await box.claim('a', 1)).toEqual(withoutPartition(item));
      expect(await box.find('a')).toEqual({
        ...withoutPartition(item),
        state: 'pending',
        attempts: 0,
        history: [],
      });
      expect(await box.find('b')).toBeNull();
    });

    it('forgets neither done nor parked items, so that a repeat of them stays a repeat', async () => {
      const box = await inbox();
      await box.put(['a', 'b', 'c'].map((key) => anItem(key, { fence: 1 })));
      expect(await box.done('a', 1)).toBe(true);
      expect(await box.park('b', 1, unknownType)).toBe(true);
      expect(await waiting(box)).toEqual(['c']);
      const { outcomes } = await box.put([anItem('a'), anItem('b')]);
      expect(outcomes).toEqual(['duplicate', 'duplicate']);
      expect([await box.count('pending'), await box.count('parked')]).toEqual([1, 1]);
    });

    it('keeps the same id with other content, parked, and once', async () => {
      const box = await inbox();
      const other = { payload: { type: 'bill' } };
      await box.put([anItem('a', { payload: { type: 'usage', at: 1 } })]);
      const again = anItem('a', { payload: { at: 1, type: 'usage' } });
      expect((await box.put([again])).outcomes).toEqual(['duplicate']);
      expect((await box.put([anItem('a', other), anItem('b')])).outcomes).toEqual([
        'conflict',
        'new',
      ]);
      expect((await box.put([anItem('a', other)])).outcomes).toEqual(['conflict']);
      expect(await box.list({ state: 'parked', limit: ALL })).toMatchObject(
        [{ key: /^a!/, ...other, reason: { code: 'CONFLICT', conflictsWith: 'a' } }].map(
          ({ key: _key, ...row }) => row,
        ),
      );
      expect(await waiting(box)).toEqual(['a', 'b']);
    });

    it('lets nobody end an item whom somebody with a higher fence has taken', async () => {
      const box = await inbox();
      await box.put([anItem('a', { fence: 4 }), anItem('b')]);
      expect(await box.done('b', 4)).toBe(false);
      expect(await box.claim('a', 3)).toBeNull();
      expect(await box.claim('a', 7)).toMatchObject({ key: 'a' });
      expect(await box.claim('a', 7)).toMatchObject({ key: 'a' });
      expect(await box.done('a', 4)).toBe(false);
      expect(await box.failed('a', 4, 'late')).toBeNull();
      expect(await box.park('a', 4, unknownType)).toBe(false);
      expect(await box.done('a', 7)).toBe(true);
      expect(await box.claim('a', 9)).toBeNull();
      expect(await box.done('x', 1)).toBe(false);
    });

    it('moves an item into another lane, where it keeps its place, and tells who holds that one', async () => {
      const box = await inbox();
      await box.put([anItem('a', { fence: 7, lane: 'contact/wx-1' }), anItem('b')]);
      const before = (await box.marks()).foreign[5] ?? 0;
      expect(await box.move('a', 6, { lane: 'contact/c-1', partition: 5 })).toBe(false);
      expect(await box.move('a', 7, { lane: 'contact/c-1', partition: 5 })).toBe(true);
      expect(await box.done('a', 7)).toBe(false);
      expect((await box.marks()).foreign[5]).toBeGreaterThan(before);
      const refs = await box.waiting([3, 5], ALL);
      expect(refs).toMatchObject([{ key: 'a', lane: 'contact/c-1', partition: 5 }, { key: 'b' }]);
      expect(await box.claim('a', 2)).toMatchObject({ lane: 'contact/c-1' });
    });

    it('says whether something older waits in a lane', async () => {
      const box = await inbox();
      const later = { lane: 'contact/c-1', behind: 'contact/wx-1' };
      await box.put([anItem('a', { fence: 1, lane: 'contact/wx-1' }), anItem('b', later)]);
      const [first, second] = await box.waiting([3], ALL);
      expect(second).toMatchObject(later);
      expect(await box.isWaitingBefore('contact/wx-1', second?.seq ?? 0)).toBe(true);
      expect(await box.isWaitingBefore('contact/wx-1', first?.seq ?? 0)).toBe(false);
      await box.done('a', 1);
      expect(await box.isWaitingBefore('contact/wx-1', second?.seq ?? 0)).toBe(false);
      expect(await box.claim('b', 1)).toMatchObject(later);
    });

    it('counts failed tries and keeps the item', async () => {
      const box = await inbox();
      await box.put([anItem('a', { fence: 1 })]);
      expect(await box.failed('a', 1, 'a fault')).toBe(1);
      expect(await box.failed('a', 1, 'another')).toBe(2);
      expect(await waiting(box)).toEqual(['a']);
      expect(await box.find('a')).toMatchObject({ attempts: 2, lastError: 'another' });
    });

    it('marks the partitions into which others put something, when it can be read', async () => {
      const box = await inbox();
      const mark = async (partition: number) => (await box.marks()).foreign[partition] ?? 0;
      await box.put([anItem('mine', { fence: 1 })]);
      expect(await mark(3)).toBe(0);
      await box.put([anItem('a'), anItem('b'), anItem('c', { partition: 4 })]);
      const [three, four] = [await mark(3), await mark(4)];
      expect([three > 0, four > 0]).toEqual([true, true]);
      await box.put([anItem('a')]);
      expect(await mark(3)).toBe(three);
      const { marks, seqs } = await box.put([anItem('d'), anItem('e', { partition: 5 })]);
      expect([marks.foreign[3], marks.foreign[5] ?? 0]).toEqual([three, 0]);
      expect((await box.waiting([3, 5], ALL)).slice(-2).map(({ seq }) => seq)).toEqual(seqs);
    });

    it('shows parked items page by page, with why and what was done with them', async () => {
      const box = await inbox();
      const keys = ['c', 'a', 'b', 'd'];
      await box.put(keys.map((key) => anItem(key, { fence: 1 })));
      for (const key of ['c', 'a', 'b']) await box.park(key, 1, unknownType);
      const page = await box.list({ state: 'parked', limit: 2 });
      expect(page.map(({ key }) => key)).toEqual(['a', 'b']);
      expect(page[0]).toMatchObject({ state: 'parked', reason: unknownType });
      const rest = await box.list({ state: 'parked', after: 'b', limit: 2 });
      expect(rest.map(({ key }) => key)).toEqual(['c']);
    });

    it('lets a parked item be processed again, mended, last of its lane and from its first try', async () => {
      const box = await inbox();
      await box.put([anItem('a', { fence: 9 }), anItem('b')]);
      await box.failed('a', 9, 'a fault');
      const { key: _key, ...mended } = anItem('a', { payload: { type: 'bill' }, lane: 'c-2' });
      const step = { ...aStep, did: 'mended', payload: { type: 'usage' }, why: 'typo' } as const;
      expect(await box.replay('a', mended, step)).toBe(false);

      await box.park('a', 9, unknownType);
      const before = (await box.marks()).foreign[3] ?? 0;
      expect(await box.replay('a', mended, step)).toBe(true);
      expect((await box.marks()).foreign[3]).toBeGreaterThan(before);
      expect(await waiting(box)).toEqual(['b', 'a']);
      expect(await box.claim('a', 1)).toMatchObject({ payload: { type: 'bill' }, lane: 'c-2' });
      expect(await box.find('a')).toMatchObject({ attempts: 0, history: [step] });
      expect((await box.put([anItem('a', mended)])).outcomes).toEqual(['duplicate']);
    });

    it('gives a parked item up for good, once', async () => {
      const box = await inbox();
      await box.put([anItem('a', { fence: 1 })]);
      const step = { ...aStep, did: 'discarded', why: 'a test' } as const;
      expect(await box.discard('a', step)).toBe(false);
      await box.park('a', 1, unknownType);
      expect(await box.discard('a', step)).toBe(true);
      expect(await box.discard('a', step)).toBe(false);
      expect(await box.find('a')).toMatchObject({ state: 'discarded', history: [step] });
      expect(await waiting(box)).toEqual([]);
    });

    it('takes each of many items put by rivals at once exactly once, and orders all', async () => {
      const box = await inbox();
      const items = Array.from({ length: 20 }, (_, i) => anItem(`k-${i}`));
      const puts = await Promise.all(Array.from({ length: 8 }, () => box.put(items)));
      const outcomes = puts.flatMap((put) => put.outcomes);
      expect(outcomes.filter((outcome) => outcome === 'new')).toHaveLength(20);
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(140);
      expect(new Set(puts.flatMap(({ seqs }) => seqs)).size).toBe(160);
      expect(await box.count('pending')).toBe(20);
    });
  });
}
