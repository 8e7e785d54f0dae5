// What every store of runs promises.

import type { RunRecord } from '../../ports/runs';
import { AT, hoursAfter, type Make } from './builders';

const aRun = (fields: Partial<RunRecord> = {}): Omit<RunRecord, 'state'> => ({
  workflowId: 'w-1',
  journey: 'welcome',
  contactId: 'c-1',
  city: 'guangzhou',
  startedAt: AT,
  ...fields,
});

export function describeRunStoreContract(name: string, make: Make): void {
  describe(`the store of runs ${name}`, () => {
    const runs = async () => (await make()).runs;

    it('follows a run from its start to its end', async () => {
      const store = await runs();
      await store.open(aRun({ staffId: 's-1' }));
      expect(await store.find('w-1')).toEqual({
        ...aRun({ staffId: 's-1' }),
        state: 'running',
      });
      await store.close('w-1', 'converted', hoursAfter(2));
      expect(await store.find('w-1')).toMatchObject({
        state: 'closed',
        outcome: 'converted',
        closedAt: hoursAfter(2),
      });
      expect(await store.find('w-2')).toBeNull();
    });

    it('opens a closed run afresh, and changes nothing of a running one that is opened again', async () => {
      const store = await runs();
      await store.open(aRun({ staffId: 's-1' }));
      await store.open(aRun());
      expect((await store.find('w-1'))?.staffId).toBe('s-1');
      await store.close('w-1', 'stopped', hoursAfter(1));
      await store.open(aRun({ startedAt: hoursAfter(5) }));
      expect(await store.find('w-1')).toEqual({
        ...aRun({ startedAt: hoursAfter(5) }),
        state: 'running',
      });
    });

    it('leaves a closed run closed when what began it is repeated, and opens it for a new entry', async () => {
      const store = await runs();
      await store.open(aRun({ entry: 'e-1' }));
      await store.close('w-1', 'welcomed', hoursAfter(1));

      await store.open(aRun({ entry: 'e-1', startedAt: hoursAfter(2) }));
      await store.openNew(aRun({ entry: 'e-2', startedAt: hoursAfter(2) }));
      expect(await store.find('w-1')).toMatchObject({ state: 'closed', startedAt: AT });

      await store.open(aRun({ entry: 'e-2', startedAt: hoursAfter(3) }));
      expect(await store.find('w-1')).toEqual({
        ...aRun({ entry: 'e-2', startedAt: hoursAfter(3) }),
        state: 'running',
      });
    });

    it('opens a new run once, and leaves one that has begun as it is', async () => {
      const store = await runs();
      await store.openNew(aRun());
      expect(await store.find('w-1')).toEqual({ ...aRun(), state: 'running' });
      expect(await store.ofContact('c-1')).toHaveLength(1);

      await store.openNew(aRun({ city: 'foshan' }));
      expect(await store.find('w-1')).toMatchObject({ city: 'guangzhou' });
    });

    it('gives the runs of a contact, the latest first', async () => {
      const store = await runs();
      await store.open(aRun());
      await store.open(aRun({ workflowId: 'w-2', startedAt: hoursAfter(1) }));
      await store.open(aRun({ workflowId: 'w-3', contactId: 'c-2' }));
      await store.open(aRun());
      expect((await store.ofContact('c-1')).map(({ workflowId }) => workflowId)).toEqual([
        'w-2',
        'w-1',
      ]);
      expect(await store.ofContact('c-9')).toEqual([]);
    });

    it('gives the running runs of some contacts at once', async () => {
      const store = await runs();
      await store.open(aRun());
      await store.open(aRun({ workflowId: 'w-2' }));
      await store.open(aRun({ workflowId: 'w-3', contactId: 'c-2' }));
      await store.open(aRun({ workflowId: 'w-4', contactId: 'c-3' }));
      await store.close('w-2', 'ordered', hoursAfter(1));

      const found = await store.runningOf(['c-1', 'c-2', 'c-2', 'c-9']);
      expect(found.map(({ workflowId }) => workflowId).sort()).toEqual(['w-1', 'w-3']);
      expect(await store.runningOf([])).toEqual([]);
    });

    it('lists runs by id, filtered, a page at a time, within the cities of the caller', async () => {
      const store = await runs();
      for (let i = 0; i < 6; i++) {
        const city = i % 2 ? 'foshan' : 'guangzhou';
        await store.open(
          aRun({
            workflowId: `w-${i}`,
            contactId: `c-${i % 3}`,
            city,
            journey: i < 3 ? 'welcome' : 'overage',
          }),
        );
      }
      await store.close('w-5', 'done', AT);
      const ids = async (filter: Parameters<typeof store.list>[0]) =>
        (await store.list(filter)).map(({ workflowId }) => workflowId);
      expect(await ids({ limit: 2 })).toEqual(['w-0', 'w-1']);
      expect(await ids({ limit: 2, after: 'w-1' })).toEqual(['w-2', 'w-3']);
      expect(await ids({ limit: 9, contactId: 'c-1' })).toEqual(['w-1', 'w-4']);
      expect(await ids({ limit: 9, contactId: 'c-1', after: 'w-1' })).toEqual(['w-4']);
      expect(await ids({ limit: 9, cities: ['foshan'], state: 'running' })).toEqual(['w-1', 'w-3']);
      expect(await ids({ limit: 9, journey: 'overage', state: 'closed' })).toEqual(['w-5']);
      expect(await ids({ limit: 9, cities: [] })).toEqual([]);
    });

    it('counts runs by journey, state and outcome', async () => {
      const store = await runs();
      for (const workflowId of ['w-1', 'w-2', 'w-3']) await store.open(aRun({ workflowId }));
      await store.close('w-3', 'converted', AT);
      const totals = await store.totals();
      expect(totals).toHaveLength(2);
      expect(totals).toEqual(
        expect.arrayContaining([
          { journey: 'welcome', state: 'running', count: 2 },
          { journey: 'welcome', state: 'closed', outcome: 'converted', count: 1 },
        ]),
      );
    });
  });
}
