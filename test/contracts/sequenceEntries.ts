// What the store of entries into sequences promises.

import type { SequenceEntry } from '../../ports/sequenceEntries';
import { AT, hoursAfter, type Make } from './builders';

const anEntry = (fields: Partial<SequenceEntry> = {}): SequenceEntry => {
  const { contactId = 'c-1', ordinal = 1, sequenceId = 'new-friend' } = fields;
  return {
    entryId: `${sequenceId}/${contactId}/${ordinal}`,
    ...{ sequenceId, version: 1, contactId, city: 'guangzhou', ordinal },
    ...{ occasion: 'added-1', entry: `${sequenceId}/added-1`, at: AT, askedAt: AT },
    workflowId: `sequence/${contactId}/${sequenceId}`,
    state: 'admitted',
    ...fields,
  };
};

const idsOf = (entries: readonly SequenceEntry[]) => entries.map(({ entryId }) => entryId).sort();

export function describeSequenceEntryStoreContract(name: string, make: Make): void {
  describe(`entries into sequences ${name}`, () => {
    const entries = async (...given: readonly SequenceEntry[]) => {
      const { sequenceEntries } = await make();
      for (const entry of given) await sequenceEntries.add(entry);
      return sequenceEntries;
    };

    it('are added once, however many come at once', async () => {
      const store = await entries();
      const both = ['added-1', 'added-2'].map((occasion) => anEntry({ occasion }));
      const added = await Promise.all(both.map((entry) => store.add(entry)));
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await store.of('new-friend', ['c-1'])).toEqual([both[added.indexOf(true)]]);
      expect(await store.find('new-friend/c-1/1')).toEqual(both[added.indexOf(true)]);
      expect(await store.find('new-friend/c-1/2')).toBeNull();
    });

    it('are found of some contacts in one sequence', async () => {
      const store = await entries(
        anEntry(),
        anEntry({ ordinal: 2 }),
        anEntry({ contactId: 'c-2' }),
        anEntry({ contactId: 'c-3' }),
        anEntry({ sequenceId: 'new' }),
      );
      expect(idsOf(await store.of('new-friend', ['c-1', 'c-2']))).toEqual([
        ...['new-friend/c-1/1', 'new-friend/c-1/2', 'new-friend/c-2/1'],
      ]);
      expect(await store.of(null, ['c-1'])).toHaveLength(3);
    });

    it('begin, and end with the first outcome', async () => {
      const store = await entries(anEntry());
      const { entryId, workflowId, entry } = anEntry();
      const now = async () => (await store.of('new-friend', ['c-1']))[0];
      await store.begun(entryId);
      expect(await now()).toEqual(anEntry({ state: 'running' }));

      await store.ended({ workflowId, entry: 'new-friend/other' }, 'completed', AT);
      expect((await now())?.state).toBe('running');
      await store.ended({ workflowId, entry }, 'replied', hoursAfter(1));
      await store.ended({ workflowId, entry }, 'completed', hoursAfter(2));
      await store.begun(entryId);
      expect(await now()).toEqual(
        anEntry({ state: 'ended', outcome: 'replied', endedAt: hoursAfter(1) }),
      );
    });

    it('end before anybody has noted that they began', async () => {
      const store = await entries(anEntry(), anEntry({ ordinal: 2, state: 'refused' }));
      await store.ended(anEntry(), 'completed', AT);
      const states = (await store.of('new-friend', ['c-1'])).map(({ state }) => state);
      expect(states.sort()).toEqual(['ended', 'refused']);
    });

    it('are found while their run is still to be started', async () => {
      const store = await entries(
        anEntry(),
        anEntry({ ordinal: 2, askedAt: hoursAfter(1) }),
        anEntry({ ordinal: 3, state: 'refused' }),
        anEntry({ ordinal: 4, state: 'running' }),
      );
      expect(idsOf(await store.unstarted(hoursAfter(1), 10))).toEqual(['new-friend/c-1/1']);
      expect(await store.unstarted(hoursAfter(2), 1)).toHaveLength(1);
    });

    it('are listed by version, contact, state and city, page by page', async () => {
      const store = await entries(
        anEntry(),
        anEntry({ contactId: 'c-2', version: 2, city: 'foshan' }),
        anEntry({ contactId: 'c-3', state: 'refused', reason: 'was-in-before' }),
        anEntry({ sequenceId: 'other' }),
      );
      const listed = async (filter: object) =>
        (await store.list({ sequenceId: 'new-friend', limit: 10, ...filter })).map(
          ({ contactId }) => contactId,
        );
      expect(await listed({})).toEqual(['c-1', 'c-2', 'c-3']);
      expect(await listed({ version: 2 })).toEqual(['c-2']);
      expect(await listed({ contactId: 'c-1' })).toEqual(['c-1']);
      expect(await listed({ state: 'refused' })).toEqual(['c-3']);
      expect(await listed({ cities: ['foshan'] })).toEqual(['c-2']);
      expect(await listed({ limit: 1, after: 'new-friend/c-1/1' })).toEqual(['c-2']);
    });

    it('are counted by version, state, reason and outcome', async () => {
      const store = await entries(
        anEntry(),
        anEntry({ contactId: 'c-2', state: 'ended', outcome: 'replied', endedAt: AT }),
        anEntry({ contactId: 'c-3', state: 'ended', outcome: 'replied', endedAt: AT }),
        anEntry({ contactId: 'c-4', state: 'refused', reason: 'is-in-now', city: 'foshan' }),
        anEntry({ sequenceId: 'other' }),
      );
      const numbers = await store.numbers('new-friend');
      expect(numbers).toHaveLength(3);
      expect(numbers).toEqual(
        expect.arrayContaining([
          { version: 1, state: 'admitted', count: 1 },
          { version: 1, state: 'ended', outcome: 'replied', count: 2 },
          { version: 1, state: 'refused', reason: 'is-in-now', count: 1 },
        ]),
      );
      expect(await store.numbers('new-friend', { cities: ['foshan'] })).toHaveLength(1);
    });
  });
}
