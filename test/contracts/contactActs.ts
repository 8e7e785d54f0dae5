// What every store of acts about contacts promises.

import type { ContactAct } from '../../ports/contactActs';
import { hoursAfter, type Make } from './builders';

const anAct = (fields: Partial<ContactAct> = {}): ContactAct => ({
  actId: 'a-1',
  contactId: 'c-1',
  kind: 'merged',
  other: 'c-2',
  by: 'ops',
  at: hoursAfter(1),
  reason: 'one person',
  before: { relations: 0 },
  after: { relations: 1 },
  ...fields,
});

export function describeContactActStoreContract(name: string, make: Make): void {
  describe(`the store of acts about contacts ${name}`, () => {
    it('keeps an act once, and shows it on both sides, the oldest first', async () => {
      const { contactActs } = await make();
      const complaint = { actId: 'a-0', contactId: 'c-2', kind: 'complaint', by: 'event' } as const;
      await contactActs.record(anAct());
      await contactActs.record(anAct({ by: 'somebody else' }));
      await contactActs.record({ ...complaint, at: hoursAfter(0) });

      expect(await contactActs.ofContact('c-1')).toEqual([anAct()]);
      expect(await contactActs.ofContact('c-2')).toEqual([
        { ...complaint, at: hoursAfter(0) },
        anAct(),
      ]);
      expect(await contactActs.ofContact('c-9')).toEqual([]);
    });
  });
}
