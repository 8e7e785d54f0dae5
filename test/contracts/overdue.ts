// What every touch store promises of touches whose time is over.

import type { Stores } from '../../ports/stores';
import { reserveOne, taskOne } from '../support/singles';
import { aPass, given, hoursAfter, type Make, read } from './builders';

export function describeOverdueContract(name: string, make: Make): void {
  describe(`overdue touches of the store ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
    });

    async function reserved(contactId: string, touchId: string, settleBy?: string): Promise<void> {
      const known = await stores.contacts.find(contactId);
      const contact = known ?? (await given(stores, { contactId }));
      const due = settleBy === undefined ? {} : { settleBy };
      await reserveOne(stores.touches, contact, aPass(contact, { touchId, ...due }));
    }

    const overdue = async (before: string, after: string | null = null, limit = 10) => {
      const { touches, next } = await stores.touches.overdue(before, after, limit);
      return { ids: touches.map(({ contactId, touchId }) => `${contactId} ${touchId}`), next };
    };

    it('are those reserved or tasked past their time, the longest wait first', async () => {
      await reserved('c-1', 't-1', hoursAfter(2));
      await reserved('c-2', 't-2', hoursAfter(1));
      await reserved('c-3', 't-3', hoursAfter(4));
      await reserved('c-4', 't-4');
      await taskOne(stores.touches, 'c-1', 't-1', 'm-1');

      expect(await overdue(hoursAfter(1))).toEqual({ ids: [], next: null });
      expect((await overdue(hoursAfter(3))).ids).toEqual(['c-2 t-2', 'c-1 t-1']);
      expect(await stores.touches.countOverdue(hoursAfter(3))).toBe(2);
      expect((await stores.touches.overdue(hoursAfter(3), null, 10)).touches[1]).toEqual({
        ...(await read(stores, 'c-1')).touches[0],
        contactId: 'c-1',
      });
    });

    it('are no more once they are settled, and another of the contact may be next', async () => {
      await reserved('c-1', 't-1', hoursAfter(1));
      await reserved('c-1', 't-2', hoursAfter(2));
      expect((await overdue(hoursAfter(3))).ids).toEqual(['c-1 t-1', 'c-1 t-2']);

      await stores.touches.settle('c-1', 't-1', { settled: 'released', at: hoursAfter(3) });
      expect((await overdue(hoursAfter(3))).ids).toEqual(['c-1 t-2']);

      await stores.touches.settle('c-1', 't-2', { settled: 'sent', at: hoursAfter(3) });
      expect(await overdue(hoursAfter(3))).toEqual({ ids: [], next: null });
      expect(await stores.touches.countOverdue(hoursAfter(3))).toBe(0);
    });

    it('are read by the page, each once, also those of the same instant', async () => {
      const contacts = ['c-1', 'c-2', 'c-3', 'c-4', 'c-5'];
      for (const contactId of contacts) await reserved(contactId, 't', hoursAfter(1));

      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = await overdue(hoursAfter(2), after, 2);
        seen.push(...page.ids);
        after = page.next;
      } while (after !== null);
      expect(seen).toEqual(contacts.map((contactId) => `${contactId} t`));
    });
  });
}
