// What every store of opportunities promises.

import type { OpportunityStore } from '../../ports/opportunities';
import type { OpportunityRow } from '../../rules/trigger/opportunity';
import { AT, hoursAfter, type Make } from './builders';

const row = (eventId: string, change: Partial<OpportunityRow> = {}): OpportunityRow => ({
  ...{ triggerId: 'gz', version: 1, eventId, contactId: 'c-1', city: 'guangzhou' },
  ...{ occurredAt: AT, receivedAt: AT, date: '2026-03-02', at: AT },
  answer: { outcome: 'fired' },
  ...change,
});
const cooldown = { outcome: 'cooldown', firedAt: AT, hours: 72 } as const;

export function describeOpportunityStoreContract(name: string, make: Make): void {
  describe(`a store of opportunities ${name}`, () => {
    let opportunities: OpportunityStore;
    beforeEach(async () => {
      opportunities = (await make()).opportunities;
    });

    const rowsOf = async (eventId: string) => [
      ...(await opportunities.list({ eventId, limit: 9 })).rows,
    ];

    it('keeps what became of a trigger and an event once, as it was told first', async () => {
      await opportunities.keep([row('e-1'), row('e-1', { triggerId: 'all', answer: cooldown })]);
      await opportunities.keep([row('e-1', { answer: cooldown }), row('e-2')]);
      await opportunities.keep([]);
      const ofEvent = await rowsOf('e-1');
      expect(ofEvent.sort((a, b) => (a.triggerId < b.triggerId ? -1 : 1))).toEqual([
        row('e-1', { triggerId: 'all', answer: cooldown }),
        row('e-1'),
      ]);
      expect(await rowsOf('e-9')).toEqual([]);
    });

    it('lists the latest first, page by page', async () => {
      const hours = [0, 1, 1, 2, 3];
      await opportunities.keep(hours.map((h, i) => row(`e-${i}`, { at: hoursAfter(h) })));
      const read: string[] = [];
      for (let after: string | null = null, pages = 0; pages < 3; pages++) {
        const page = await opportunities.list({ limit: 2, ...(after !== null && { after }) });
        read.push(...page.rows.map(({ eventId }) => eventId));
        after = page.next;
        expect(after === null).toBe(pages === 2);
      }
      expect(read).toEqual(['e-4', 'e-3', 'e-2', 'e-1', 'e-0']);
    });

    it('lists by trigger, customer, outcome and city', async () => {
      await opportunities.keep([
        row('e-1'),
        row('e-2', { triggerId: 'all' }),
        row('e-3', { contactId: 'c-2' }),
        row('e-4', { answer: cooldown }),
        row('e-5', { city: 'yunfu' }),
      ]);
      const listed = async (filter: object) =>
        (await opportunities.list({ limit: 9, ...filter })).rows.map(({ eventId }) => eventId);
      expect(await listed({ triggerId: 'all' })).toEqual(['e-2']);
      expect(await listed({ contactId: 'c-2' })).toEqual(['e-3']);
      expect(await listed({ outcome: 'cooldown' })).toEqual(['e-4']);
      expect(await listed({ cities: ['yunfu', 'meizhou'] })).toEqual(['e-5']);
      expect(await listed({ cities: [] })).toEqual([]);
    });

    it('counts outcomes of each trigger by date and city', async () => {
      await opportunities.keep([
        ...[row('e-1'), row('e-2'), row('e-3', { answer: cooldown })],
        ...[row('e-4', { city: 'yunfu' }), row('e-5', { date: '2026-03-09' })],
      ]);
      const dates = { from: '2026-03-01', to: '2026-03-02' };
      const counts = async (filter: object = {}) =>
        (await opportunities.counts({ ...dates, ...filter }))
          .map(({ city, outcome, count }) => `${city} ${outcome} ${count}`)
          .sort();
      expect(await counts()).toEqual([
        ...['guangzhou cooldown 1', 'guangzhou fired 2', 'yunfu fired 1'],
      ]);
      expect(await counts({ cities: ['yunfu'] })).toEqual(['yunfu fired 1']);
      expect(await counts({ triggerId: 'all' })).toEqual([]);
    });
  });
}
