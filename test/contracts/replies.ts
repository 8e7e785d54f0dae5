// What every store of unclear answers promises.

import type { UnclearReply } from '../../ports/replies';
import type { Stores } from '../../ports/stores';
import { AT, type Make } from './builders';

const aReply = (replyId: string, fields: Partial<UnclearReply> = {}): UnclearReply => ({
  replyId,
  channel: 'sms',
  source: 'sms-reply',
  address: { kind: 'phone', value: '+8613900000001' },
  item: 'sms/u-1',
  contactIds: ['c-1'],
  cities: ['guangzhou'],
  at: AT,
  receivedAt: AT,
  state: 'open',
  ...fields,
});
const resolution = { refusal: true, by: 'ops', at: AT };

export function describeReplyStoreContract(name: string, make: Make): void {
  describe(`the store of unclear answers ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
    });

    it('keeps an answer once, as it is then', async () => {
      const { replies } = stores;
      expect(await replies.open(aReply('r-1'))).toEqual(aReply('r-1'));
      expect(await replies.resolve('r-1', resolution)).toBe(true);
      expect(await replies.find('r-1')).toEqual({ ...aReply('r-1'), resolution });
      for (const id of ['r-1', 'r-9']) await replies.close(id);
      const resolved = { ...aReply('r-1'), state: 'resolved', resolution };
      expect(await replies.open(aReply('r-1'))).toEqual(resolved);
      expect(await replies.find('r-1')).toEqual(resolved);
      expect(await replies.find('r-9')).toBeNull();
    });

    it('is resolved once', async () => {
      const { replies } = stores;
      await replies.open(aReply('r-1'));
      const done = await Promise.all(
        [1, 2, 3, 4].map((i) => replies.resolve('r-1', { ...resolution, by: `m-${i}` })),
      );
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await replies.resolve('r-9', resolution)).toBe(false);
    });

    it('is listed by state, in pages, to the cities that have the address', async () => {
      const { replies } = stores;
      await replies.open(aReply('r-3'));
      await replies.open(aReply('r-1', { cities: ['foshan', 'guangzhou'] }));
      await replies.open(aReply('r-2', { cities: [], contactIds: [] }));
      const ids = async (filter: Partial<Parameters<typeof replies.list>[0]>) =>
        (await replies.list({ state: 'open', limit: 9, ...filter })).map(({ replyId }) => replyId);
      expect(await ids({})).toEqual(['r-1', 'r-2', 'r-3']);
      expect(await ids({ limit: 1, after: 'r-1' })).toEqual(['r-2']);
      expect(await ids({ cities: ['foshan'] })).toEqual(['r-1']);
      expect(await ids({ cities: [] })).toEqual([]);
      await replies.resolve('r-1', resolution);
      for (const id of ['r-1', 'r-2']) await replies.close(id);
      expect(await ids({ state: 'resolved' })).toEqual(['r-1']);
    });
  });
}
