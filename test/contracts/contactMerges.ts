// What every store promises of two records of one person.

import { aProfile, aRelation, hoursAfter, type Make, read } from './builders';

export function describeContactMergeContract(name: string, make: Make): void {
  describe(`records of one person ${name}`, () => {
    /** `wx-1` went into `c-1`. */
    async function merged() {
      const stores = await make();
      const { contacts } = stores;
      await contacts.upsertMany([
        aProfile({ phone: '+8613800000000' }),
        { contactId: 'wx-1', city: 'unassigned', unionId: 'u-1', phone: '+8613900000000' },
      ]);
      await contacts.relate('wx-1', aRelation());
      const [from] = await contacts.findKept(['wx-1']);
      expect(await contacts.absorb('c-1', 'wx-1')).toBe(true);
      expect(await contacts.retire('wx-1', 'c-1', (from?.profileRevision ?? 0) - 1)).toBe(false);
      expect(await contacts.retire('wx-1', 'c-1', from?.profileRevision ?? 0)).toBe(true);
      expect(await contacts.retire('wx-1', 'c-1', 0)).toBe(true);
      return stores;
    }

    it('are found as one, by either id and by every name', async () => {
      const { contacts } = await merged();
      const whole = await contacts.find('c-1');
      expect(whole).toMatchObject({ unionId: 'u-1', relations: [{ externalUserId: 'wm-1' }] });
      expect(await contacts.find('wx-1')).toEqual(whole);
      expect(await contacts.find('wx-1', { cities: ['unassigned'] })).toBeNull();
      expect(await contacts.findMany(['wx-1', 'c-1', 'c-9'])).toEqual([whole]);
      expect((await contacts.page(null, 9)).map(({ contactId }) => contactId)).toEqual(['c-1']);
      expect(await contacts.findMerged(['c-1', 'wx-1', 'c-9'])).toEqual(new Map([['wx-1', 'c-1']]));

      const names = [
        { kind: 'unionId', value: 'u-1' },
        { kind: 'externalUserId', value: 'wm-1' },
        { kind: 'phone', value: '+8613900000000' },
      ] as const;
      expect(await contacts.holdersOf(names)).toEqual([['c-1'], ['c-1'], ['c-1']]);
    });

    it('hear what is told of either', async () => {
      const stores = await merged();
      const { contacts } = stores;
      const block = { channel: 'sms', reason: 'complaint' };
      expect(await contacts.block('wx-1', block)).toBe(true);
      const refusal = { channel: 'sms', class: 'marketing', state: 'refused' } as const;
      const heard = { source: 'sms-reply', own: true, receivedAt: hoursAfter(0) } as const;
      await contacts.consent('wx-1', [{ ...refusal, ...heard }]);
      expect(await read(stores)).toMatchObject({
        blocks: [block],
        consents: { sms: { marketing: 'refused' } },
      });
      expect(await contacts.absorb('c-9', 'wx-1')).toBe(false);
      expect(await contacts.absorb('c-1', 'c-9')).toBe(false);
    });

    it('are two again when they are parted', async () => {
      const { contacts } = await merged();
      expect(await contacts.part('c-1', 'c-9')).toBe(false);
      expect(await contacts.part('c-1', 'wx-1')).toBe(true);
      expect(await contacts.part('c-1', 'wx-1')).toBe(false);

      expect(await contacts.find('wx-1')).toMatchObject({ contactId: 'wx-1', unionId: 'u-1' });
      expect(await contacts.find('c-1')).toMatchObject({ relations: [], phone: '+8613800000000' });
      expect(await contacts.idsByAlias({ kind: 'unionId', value: 'u-1' })).toEqual(['wx-1']);
      expect(await contacts.idsByAlias({ kind: 'externalUserId', value: 'wm-1' })).toEqual([
        'wx-1',
      ]);
    });

    it('have runs that hear of both', async () => {
      const { runs } = await make();
      const run = { workflowId: 'welcome/wx-1/s-1', journey: 'welcome', city: 'x' } as const;
      await runs.open({ ...run, contactId: 'wx-1', startedAt: hoursAfter(0) });
      await runs.handOver('wx-1', 'c-1');
      await runs.handOver('wx-9', 'c-1');
      expect(await runs.runningOf(['c-1'])).toMatchObject([{ ...run, contactId: 'c-1' }]);
      expect(await runs.ofContact('c-1')).toHaveLength(1);

      await runs.handOver('c-1', 'wx-1', []);
      expect(await runs.ofContact('c-1')).toHaveLength(1);
      await runs.handOver('c-1', 'wx-1', [run.workflowId]);
      expect(await runs.runningOf(['wx-1'])).toMatchObject([{ ...run, contactId: 'wx-1' }]);
      expect(await runs.ofContact('c-1')).toEqual([]);
    });

    it('shows the names that several contacts have, page by page', async () => {
      const { contacts } = await make();
      const [a, b] = ['+8613800000001', '+8613800000002'];
      await contacts.upsertMany([
        aProfile({ phone: a, unionId: 'u-1' }),
        aProfile({ contactId: 'c-2', phone: a, unionId: 'u-2' }),
        aProfile({ contactId: 'c-3', phone: b, unionId: 'u-2' }),
      ]);
      const [first, ...more] = await contacts.sharedNames(null, 1);
      expect(more).toEqual([]);
      expect(first).toMatchObject({
        name: { kind: 'phone', value: a },
        contactIds: ['c-1', 'c-2'],
      });
      expect(await contacts.sharedNames(first?.key ?? '', 9)).toMatchObject([
        { name: { kind: 'unionId', value: 'u-2' }, contactIds: ['c-2', 'c-3'] },
      ]);
    });
  });
}
