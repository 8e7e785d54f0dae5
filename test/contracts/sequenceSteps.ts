// What the steps of sequences promise.

import type { KeptStep } from '../../ports/sequenceSteps';
import { AT, hoursAfter, type Make } from './builders';

const aStep = (fields: Partial<KeptStep> = {}): KeptStep => ({
  stepId: `sequence/c-1/new-friend/e/${fields.step ?? 'hello'}`,
  workflowId: 'sequence/c-1/new-friend',
  contactId: 'c-1',
  city: 'guangzhou',
  sequenceId: 'new-friend',
  version: 1,
  step: 'hello',
  dueAt: AT,
  at: AT,
  state: 'due',
  ...fields,
});

const byCount = (a: { count: number }, b: { count: number }) => a.count - b.count;

export function describeSequenceStepStoreContract(name: string, make: Make): void {
  describe(`steps of sequences ${name}`, () => {
    const steps = async () => (await make()).sequenceSteps;

    it('are known by their run, in the order in which they were due', async () => {
      const store = await steps();
      const later = aStep({ step: 'call', dueAt: hoursAfter(24), staffId: 's-1' });
      await store.keep(later);
      await store.keep(aStep());
      await store.keep(aStep({ stepId: 'other', workflowId: 'sequence/c-2/new-friend' }));
      expect(await store.ofRun('sequence/c-1/new-friend')).toEqual([aStep(), later]);
      expect(await store.ofRun('sequence/c-9/new-friend')).toEqual([]);
    });

    it('come to their end once, whatever is told of them afterwards', async () => {
      const store = await steps();
      const missed = aStep({ state: 'missed', reason: 'held', at: hoursAfter(1) });
      await store.keep(aStep());
      await store.keep(missed);
      await store.keep(aStep());
      await store.keep(aStep({ state: 'done' }));
      expect(await store.ofRun(missed.workflowId)).toEqual([missed]);
    });

    it('that end in one go are kept as well', async () => {
      const store = await steps();
      await store.keep(aStep({ state: 'skipped', reason: 'gate', detail: 'consent' }));
      expect(await store.ofRun('sequence/c-1/new-friend')).toMatchObject([{ detail: 'consent' }]);
    });

    it('are counted by version, step, state and reason', async () => {
      const store = await steps();
      const missed = { state: 'missed', reason: 'held' } as const;
      await store.keep(aStep({ stepId: '1', ...missed }));
      await store.keep(aStep({ stepId: '2', ...missed, city: 'shenzhen' }));
      await store.keep(aStep({ stepId: '3', state: 'done' }));
      await store.keep(aStep({ stepId: '4', sequenceId: 'other', state: 'done' }));

      const counted = { version: 1, step: 'hello' };
      expect((await store.numbers('new-friend')).sort(byCount)).toEqual([
        { ...counted, state: 'done', count: 1 },
        { ...counted, ...missed, count: 2 },
      ]);
      expect(await store.numbers('new-friend', { cities: ['shenzhen'] })).toEqual([
        { ...counted, ...missed, count: 1 },
      ]);
    });
  });
}
